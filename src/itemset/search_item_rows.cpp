// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "class_search.hpp"
#include "forest.hpp"

namespace tessera {

namespace {

/// Calls visit(first, end) for the cells of every row that `where` points into: those after the place, or the
/// whole row.
template <class Visit>
void for_each_row(std::span<std::uint32_t const> cells, std::span<std::uint32_t const> where, bool whole,
                  Visit&& visit) {
  for (auto const place : where) {
    auto const* first = cells.data() + place + 1;
    auto const* end = first;
    while (!cell::is_end(*end)) ++end;
    if (whole) {
      while (!cell::is_end(*(first - 1))) --first;
    }
    visit(first, end);
  }
}

}  // namespace

void ClassSearch::child(ItemRows const& rows, std::size_t i, Items perfect, std::size_t depth) {
  auto const item = rows.item(i);
  auto const support = rows.support(i);
  if (!looks_back() && depth >= options_.max_length) {
    add(out_.nodes(), depth, item, support, true);
    return;
  }
  Arena::Level const level(arena_);
  auto const number = static_cast<std::uint32_t>(rows.back + i);
  auto const where = rows.where.subspan(rows.first[number], rows.first[number + 1] - rows.first[number]);

  // How many baskets hold each other item: `touched` tells which ones were seen.
  auto const touched = arena_.take<std::uint32_t>(rows.items.size() + 1);
  std::size_t seen = 0;
  for_each_row(rows.cells, where, looks_back(), [&](std::uint32_t const* first, std::uint32_t const* end) {
    auto const weight = cell::weight(*end);
    for (; first != end; ++first) {
      auto& count = counts_[*first];
      touched[seen] = *first;
      seen += count == 0 ? 1 : 0;
      count += weight;
    }
  });
  auto const alive = arena_.take<std::uint32_t>(seen);
  std::size_t kept = 0, common = 0;
  bool closed_elsewhere = false;
  auto const more = arena_.take<std::uint32_t>(seen);  // perfect ones
  for (std::size_t t = 0; t < seen; ++t) {
    auto const other = touched[t];
    auto const count = counts_[other];
    if (count < options_.min_support || other == number) continue;
    if (count < support) {
      alive[kept++] = other;
    } else if (other < number) {
      closed_elsewhere = true;
    } else {
      more[common++] = other;
    }
  }
  auto const clear = [&] {
    for (std::size_t t = 0; t < seen; ++t) counts_[touched[t]] = 0;
  };
  if (closed_elsewhere) {
    clear();
    return;
  }
  if (common > 0) {
    std::sort(more.begin(), more.begin() + static_cast<std::ptrdiff_t>(common));
    auto const merged = arena_.take<std::int32_t>(perfect.size() + common);
    auto const items_of = arena_.take<std::int32_t>(common);
    for (std::size_t m = 0; m < common; ++m) items_of[m] = rows.items[more[m]];
    std::merge(perfect.begin(), perfect.end(), items_of.begin(), items_of.end(), merged.begin());
    perfect = merged;
  }
  auto const living = alive.first(kept);
  std::sort(living.begin(), living.end());
  auto const back =
      static_cast<std::size_t>(std::lower_bound(living.begin(), living.end(), number) - living.begin());
  std::size_t const forward = kept - back;

  if (!looks_back() && forward <= 1) {
    std::int32_t leaf = 0;
    std::uint32_t leaf_support = 0;
    if (forward == 1) {
      leaf = rows.items[living[0]];
      leaf_support = counts_[living[0]];
    }
    clear();
    finish(Leaves{{&leaf, forward}, {&leaf_support, forward}}, perfect, depth, item, support);
  } else if (kept <= 64) {
    WordRows words;
    project_to_words(rows, number, living, back, words);
    clear();
    finish(words, perfect, depth, item, support);
  } else {
    auto const projected = project_to_items(rows, number, living, back);
    clear();
    finish(projected, perfect, depth, item, support);
  }
}

/// The baskets with item `number` as words over the alive items; those without a later alive item are of no
/// more use.
void ClassSearch::project_to_words(ItemRows const& rows, std::size_t number,
                                   std::span<std::uint32_t const> alive, std::size_t back, WordRows& out) {
  auto const items = arena_.take<std::int32_t>(64);
  for (std::size_t b = 0; b < alive.size(); ++b) {
    items[b] = rows.items[alive[b]];
    out.counts[b] = counts_[alive[b]];
  }
  out.item_of = items.data();
  out.back = back == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << back) - 1;
  std::uint64_t const all = alive.size() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << alive.size()) - 1;
  out.set_forward(all & ~out.back);
  if (out.forward == 0) return;

  // From here on counts_ holds the bit of an alive item, and 64 of any other that was touched.
  auto const places = rows.where.subspan(rows.first[number], rows.first[number + 1] - rows.first[number]);
  auto const bits = arena_.take<std::uint64_t>(rows.items.size());
  std::fill(bits.begin(), bits.end(), 0);
  for (std::size_t b = 0; b < alive.size(); ++b) bits[alive[b]] = std::uint64_t{1} << b;
  auto const masks = arena_.take<std::uint64_t>(places.size() + kernel::kSlack);
  auto const weights = arena_.take<std::uint32_t>(places.size() + kernel::kSlack);
  std::size_t count = 0;
  for_each_row(rows.cells, places, looks_back(), [&](std::uint32_t const* first, std::uint32_t const* end) {
    std::uint64_t mask = 0;
    for (; first != end; ++first) mask |= bits[*first];
    masks[count] = mask;
    weights[count] = cell::weight(*end);
    count += (mask & out.forward) != 0 ? 1 : 0;
  });
  out.rows = {masks.data(), weights.data(), count};
  merge_words(out, masks.data(), weights.data());
}

ClassSearch::ItemRows ClassSearch::project_to_items(ItemRows const& rows, std::size_t number,
                                                    std::span<std::uint32_t const> alive, std::size_t back) {
  ItemRows out;
  out.back = back;
  auto const items = arena_.take<std::int32_t>(alive.size());
  auto const supports = arena_.take<std::uint32_t>(alive.size());
  auto const new_number = arena_.take<std::uint32_t>(rows.items.size());
  constexpr std::uint32_t kNone = cell::kEnd;
  std::fill(new_number.begin(), new_number.end(), kNone);
  for (std::size_t a = 0; a < alive.size(); ++a) {
    items[a] = rows.items[alive[a]];
    supports[a] = counts_[alive[a]];
    new_number[alive[a]] = static_cast<std::uint32_t>(a);
  }
  auto const places = rows.where.subspan(rows.first[number], rows.first[number + 1] - rows.first[number]);
  std::size_t room = 1;
  for_each_row(rows.cells, places, looks_back(), [&](std::uint32_t const* first, std::uint32_t const* end) {
    room += static_cast<std::size_t>(end - first) + 1;
  });
  auto const cells = arena_.take<std::uint32_t>(room);
  auto const first_place = arena_.take<std::uint32_t>(alive.size() + 1);
  std::fill(first_place.begin(), first_place.end(), 0);
  cells[0] = cell::kEnd;
  std::size_t size = 1;
  std::size_t const least = looks_back() ? 1 : 2;  // items that a row must have to be of use
  for_each_row(rows.cells, places, looks_back(), [&](std::uint32_t const* from, std::uint32_t const* end) {
    std::size_t const start = size;
    for (; from != end; ++from) {
      cells[size] = new_number[*from];
      size += new_number[*from] != kNone ? 1 : 0;
    }
    if (size - start < least || cells[size - 1] < back) {
      size = start;
      return;
    }
    for (std::size_t c = start; c < size; ++c) ++first_place[cells[c]];
    cells[size++] = *end;
  });
  std::uint32_t places_before = 0;
  for (auto& place : first_place) {
    auto const here = place;
    place = places_before;
    places_before += here;
  }
  auto const where = arena_.take<std::uint32_t>(places_before);
  auto const next = arena_.take<std::uint32_t>(alive.size());
  std::copy(first_place.begin(), first_place.end() - 1, next.begin());
  for (std::size_t c = 0; c < size; ++c) {
    if (!cell::is_end(cells[c])) where[next[cells[c]]++] = static_cast<std::uint32_t>(c);
  }
  out.cells = cells.first(size);
  out.first = first_place;
  out.where = where;
  out.items = items;
  out.supports = supports;
  return out;
}

}  // namespace tessera
