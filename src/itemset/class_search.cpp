// SPDX-License-Identifier: Apache-2.0
#include "class_search.hpp"

#include <algorithm>
#include <bit>

#include "forest.hpp"

namespace tessera {

ClassSearch::ClassSearch(RootRows const& root, SearchOptions const& options, NodeBuffer& out,
                         MemoryMeter& meter)
    : root_(root),
      options_(options),
      out_(out),
      arena_(meter),
      may_repeat_(options.kind == ItemsetKind::all && options.min_length <= 1 && options.required.empty()),
      path_(std::min<std::size_t>(root.supports.size(), 65535) + 1),
      counts_(root.alive, 0) {
  auto const items = arena_.take<std::int32_t>(root.alive);
  auto const supports = arena_.take<std::uint32_t>(root.alive);
  for (std::size_t i = 0; i < root.alive; ++i) {
    items[i] = static_cast<std::int32_t>(i);
    supports[i] = static_cast<std::uint32_t>(root.supports[i]);
  }
  root_items_ = {root.cells, root.first, root.where, items, supports, 0};
  root_in_words_ = root.alive > 0 && root.alive <= 64;
  if (!root_in_words_) return;
  std::size_t rows = 0;
  for (auto const value : root.cells.subspan(1)) rows += cell::is_end(value) ? 1 : 0;
  auto const masks = arena_.take<std::uint64_t>(rows + kernel::kSlack);
  auto const weights = arena_.take<std::uint32_t>(rows + kernel::kSlack);
  std::uint64_t mask = 0;
  std::size_t r = 0;
  for (auto const value : root.cells.subspan(1)) {
    if (cell::is_end(value)) {
      masks[r] = mask;
      weights[r++] = cell::weight(value);
      mask = 0;
    } else {
      mask |= std::uint64_t{1} << value;
    }
  }
  root_words_.rows = {masks.data(), weights.data(), rows};
  root_words_.item_of = items.data();
  std::copy(supports.begin(), supports.end(), root_words_.counts.begin());
  root_words_.set_forward(root.alive == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << root.alive) - 1);
}

void ClassSearch::find(std::int32_t item) {
  auto const number = static_cast<std::size_t>(item);
  auto const all = root_.supports.size();
  Arena::Level const level(arena_);
  auto const perfect = arena_.take<std::int32_t>(all - root_.alive);  // of the whole base
  for (std::size_t i = 0; i < perfect.size(); ++i) perfect[i] = static_cast<std::int32_t>(root_.alive + i);
  if (number < root_.alive) {
    path_[0] = item;
    if (is_barred(item, 0)) return;
    if (root_in_words_) {
      child(root_words_, number, perfect, 1);
    } else {
      child(root_items_, number, perfect, 1);
    }
    return;
  }
  auto const rows = static_cast<std::uint32_t>(root_.rows);
  auto const after = Items(perfect).subspan(number - root_.alive);
  if (!looks_back()) {
    path_[0] = item;
    if (is_barred(item, 0)) return;
    auto const before = out_.nodes();
    if (options_.max_length > 1) forest(Leaves{}, 0, after.subspan(1), 2, rows);
    add(before, 1, item, rows, true);
    return;
  }
  // All closed sets hold all of these items, and only the first of them comes first.
  if (number > root_.alive) return;
  if (options_.kind == ItemsetKind::maximal && root_.alive > 0) return;
  forest(Leaves{}, 0, after, 1, rows);
}

bool ClassSearch::is_wanted(std::size_t depth) const {
  if (depth < options_.min_length) return false;
  return std::all_of(options_.required.begin(), options_.required.end(), [&](std::int32_t item) {
    auto const end = path_.begin() + static_cast<std::ptrdiff_t>(depth);
    return std::find(path_.begin(), end, item) != end;
  });
}

bool ClassSearch::is_barred(std::int32_t item, std::size_t length) const {
  auto const end = path_.begin() + static_cast<std::ptrdiff_t>(length);
  return std::any_of(options_.required.begin(), options_.required.end(), [&](std::int32_t required) {
    return required < item && std::find(path_.begin(), end, required) == end;
  });
}

void ClassSearch::child(Leaves const& rows, std::size_t i, Items perfect, std::size_t depth) {
  finish(Leaves{}, perfect, depth, rows.item(i), rows.support(i));
}

}  // namespace tessera
