// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "class_search.hpp"
#include "forest.hpp"

namespace tessera {

namespace {

constexpr std::size_t kLongestTail = 12;
/// Fewer rows are not worth looking for equal ones.
constexpr std::size_t kWorthMerging = 32;

constexpr std::uint64_t above(int bit) noexcept {
  return bit == 63 ? 0 : ~std::uint64_t{0} << (bit + 1);
}

}  // namespace

void ClassSearch::WordRows::set_forward(std::uint64_t bits) noexcept {
  forward = bits;
  alive = 0;
  for (; bits != 0; bits &= bits - 1) bit[alive++] = static_cast<std::uint8_t>(std::countr_zero(bits));
}

/// Rows that agree in the items to come become one. Closed sets: an earlier item is in all of them or does
/// not count. Maximal sets: it must stay known how many have it, so rows have to agree in all.
void ClassSearch::merge_words(WordRows& rows, std::uint64_t* masks, std::uint32_t* weights) {
  std::size_t const count = rows.rows.count;
  if (count < kWorthMerging) return;
  Arena::Level const level(arena_);
  std::size_t const slots = std::bit_ceil(2 * count);
  auto const table = arena_.take<std::uint32_t>(slots);
  std::fill(table.begin(), table.end(), 0);
  int const shift = 64 - std::countr_zero(slots);
  std::uint64_t const key = options_.kind == ItemsetKind::maximal ? ~std::uint64_t{0} : rows.forward;
  std::size_t merged = 0;
  for (std::size_t r = 0; r < count; ++r) {
    auto const mask = masks[r];
    auto slot = (mask & key) * 0x9E3779B97F4A7C15U >> shift;
    while (table[slot] != 0 && ((masks[table[slot] - 1] ^ mask) & key) != 0) slot = (slot + 1) & (slots - 1);
    if (table[slot] != 0) {
      masks[table[slot] - 1] &= mask;
      weights[table[slot] - 1] += weights[r];
    } else {
      masks[merged] = mask;
      weights[merged++] = weights[r];
      table[slot] = static_cast<std::uint32_t>(merged);
    }
  }
  rows.rows.count = merged;
}

void ClassSearch::child(WordRows const& rows, std::size_t i, Items perfect, std::size_t depth) {
  auto const item = rows.item(i);
  auto const support = rows.support(i);
  if (!looks_back() && (depth >= options_.max_length || i + 1 == rows.size())) {
    finish(Leaves{}, perfect, depth, item, support);
    return;
  }
  Arena::Level const level(arena_);
  int const bit = rows.bit[i];
  auto const later = rows.forward & above(bit);
  auto const others = looks_back() ? (rows.forward | rows.back) & ~(std::uint64_t{1} << bit) : later;
  auto* const masks = arena_.take<std::uint64_t>(rows.rows.count + kernel::kSlack).data();
  auto* const weights = arena_.take<std::uint32_t>(rows.rows.count + kernel::kSlack).data();
  WordRows next;
  auto const needed = looks_back() ? ~std::uint64_t{0} : later;
  next.rows = {masks, weights, kernel::select_rows(rows.rows, bit, others, needed, masks, weights)};
  next.item_of = rows.item_of;
  kernel::count_bits(next.rows, next.counts);

  std::uint64_t alive = 0, common = 0;
  for (auto rest = others; rest != 0; rest &= rest - 1) {
    auto const b = static_cast<std::size_t>(std::countr_zero(rest));
    auto const one = rest & (~rest + 1);
    if (next.counts[b] == support) {
      common |= one;
    } else if (next.counts[b] >= options_.min_support) {
      alive |= one;
    }
  }
  if ((common & ~later) != 0) return;  // closed sets with this item hold an earlier one, too
  if (common != 0) {
    auto const merged =
        arena_.take<std::int32_t>(perfect.size() + static_cast<std::size_t>(std::popcount(common)));
    std::size_t m = 0, p = 0;
    for (auto rest = common; rest != 0; rest &= rest - 1) {
      auto const other = rows.item_of[std::countr_zero(rest)];
      while (p < perfect.size() && perfect[p] < other) merged[m++] = perfect[p++];
      merged[m++] = other;
    }
    std::copy(perfect.begin() + static_cast<std::ptrdiff_t>(p), perfect.end(),
              merged.begin() + static_cast<std::ptrdiff_t>(m));
    perfect = merged;
  }
  next.set_forward(alive & later);
  next.back = alive & ~later;
  if (options_.kind == ItemsetKind::maximal && next.forward != 0 &&
      only_maximal(next, perfect, depth, item, support)) {
    return;
  }
  if (next.alive > 1 || (looks_back() && next.alive > 0)) {
    std::size_t kept = 0;
    for (std::size_t r = 0; r < next.rows.count; ++r) {
      masks[kept] = masks[r] & alive;
      weights[kept] = weights[r];
      kept += (masks[kept] & next.forward) != 0 ? 1 : 0;
    }
    next.rows.count = kept;
    if (tail_length(next, 0) < next.alive) merge_words(next, masks, weights);
  }
  finish(next, perfect, depth, item, support);
}

/// When the prefix with all later items is frequent, nothing else below it can be maximal. True: the subtree
/// is done.
bool ClassSearch::only_maximal(WordRows const& rows, Items perfect, std::size_t depth, std::int32_t item,
                               std::uint32_t support) {
  Arena::Level const level(arena_);
  std::uint64_t whole = 0;
  std::array<std::uint64_t, 64> with{};  // weight of the rows that hold all later items and this earlier one
  for (std::size_t r = 0; r < rows.rows.count; ++r) {
    if ((rows.rows.mask[r] & rows.forward) != rows.forward) continue;
    whole += rows.rows.weight[r];
    for (auto rest = rows.rows.mask[r] & rows.back; rest != 0; rest &= rest - 1) {
      with[static_cast<std::size_t>(std::countr_zero(rest))] += rows.rows.weight[r];
    }
  }
  if (whole < options_.min_support) return false;
  if (std::any_of(with.begin(), with.end(), [&](auto count) { return count >= options_.min_support; }))
    return true;
  std::size_t const length = depth + rows.alive + perfect.size();
  if (length > options_.max_length) return true;
  path_[depth - 1] = item;
  auto const supports = arena_.take<std::uint32_t>(length - depth);
  std::size_t p = 0, b = 0;
  std::uint64_t set = 0;
  std::uint32_t last = support;
  for (std::size_t at = depth; at < length; ++at) {
    if (b == rows.alive || (p < perfect.size() && perfect[p] < rows.item(b))) {
      path_[at] = perfect[p++];
    } else {
      set |= std::uint64_t{1} << rows.bit[b];
      path_[at] = rows.item(b++);
      last = 0;
      for (std::size_t r = 0; r < rows.rows.count; ++r)
        last += (rows.rows.mask[r] & set) == set ? rows.rows.weight[r] : 0;
    }
    supports[at - depth] = last;
  }
  if (!is_wanted(length)) return true;
  for (std::size_t at = length; at-- > depth;)
    out_.add(at + 1, path_[at], supports[at - depth], at + 1 == length);
  out_.add(depth, item, support, false);
  return true;
}

std::size_t ClassSearch::tail_length(WordRows const& rows, std::size_t first) const {
  if (looks_back() || !options_.required.empty()) return 0;
  std::size_t const fits = std::min<std::size_t>(kLongestTail, std::bit_width(rows.rows.count) + 1U);
  std::size_t const tail = std::min(rows.size() - first, fits);
  return tail > 1 ? tail : 0;
}

void ClassSearch::find_tail(WordRows const& rows, std::size_t first, Items perfect, std::size_t depth,
                            std::uint32_t support) {
  Arena::Level const level(arena_);
  std::size_t const length = rows.size() - first;
  auto const table = arena_.take<std::uint32_t>(std::size_t{1} << length);
  std::uint64_t bits = 0;
  auto const items = arena_.take<std::int32_t>(length);
  for (std::size_t t = 0; t < length; ++t) {
    bits |= std::uint64_t{1} << rows.bit[first + t];
    items[t] = rows.item(first + t);
  }
  kernel::count_subsets(rows.rows, bits, table);
  table[0] = support;  // rows without any of the items are left out
  if (!out_.keeps_nodes()) {
    auto const frequent = std::uint64_t{kernel::count_at_least(table, options_.min_support)};
    bool const fits = perfect.size() < 62 && frequent <= NodeBuffer::kMany >> perfect.size();
    out_.add_many(fits ? (frequent << perfect.size()) - 1 : NodeBuffer::kMany);
    return;
  }
  tail_forest({table, items}, 0, 0, perfect, depth, support);
}

void ClassSearch::tail_forest(Tail const& tail, std::size_t set, std::size_t first, Items perfect,
                              std::size_t depth, std::uint32_t support) {
  auto const since = out_.nodes();
  std::size_t i = tail.items.size(), j = perfect.size();
  auto const again = [&](std::int32_t item) {
    perfect_node(item, since, depth, support,
                 [&] { tail_forest(tail, set, i, perfect.subspan(j), depth + 1, support); });
  };
  while (i > first || j > 0) {
    if (j > 0 && (i == first || perfect[j - 1] > tail.items[i - 1])) {
      --j;
      auto const item = perfect[j];
      perfect_node(item, since, depth, support,
                   [&] { tail_forest(tail, set, i, perfect.subspan(j + 1), depth + 1, support); });
      continue;
    }
    --i;
    auto const with = tail.table[set | std::size_t{1} << i];
    if (with < options_.min_support) continue;
    if (with == support) {
      ++i;  // what follows the item
      again(tail.items[i - 1]);
      --i;
    } else {
      path_[depth - 1] = tail.items[i];
      auto const before = out_.nodes();
      if (depth < options_.max_length)
        tail_forest(tail, set | std::size_t{1} << i, i + 1, perfect.subspan(j), depth + 1, with);
      add(before, depth, tail.items[i], with, true);
    }
  }
}

}  // namespace tessera
