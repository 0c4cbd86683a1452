// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "class_search.hpp"

/// The order in which ClassSearch visits children; included by its sources only.
namespace tessera {

template <class Rows>
void ClassSearch::forest(Rows const& rows, std::size_t first, Items perfect, std::size_t depth,
                         std::uint32_t support) {
  if (looks_back()) {
    forest_of_closed(rows, perfect, depth, support);
  } else {
    forest_of_all(rows, first, perfect, depth, support);
  }
}

/// A perfect item after everything that follows it among its siblings: its own subtree is the same again.
template <class Regenerate>
void ClassSearch::perfect_node(std::int32_t item, std::uint64_t since, std::size_t depth,
                               std::uint32_t support, Regenerate&& regenerate) {
  path_[depth - 1] = item;
  auto const before = out_.nodes();
  if (depth < options_.max_length && !(may_repeat_ && out_.repeat_since(since, options_.max_length)))
    regenerate();
  add(before, depth, item, support, true);
}

template <class Rows>
void ClassSearch::forest_of_all(Rows const& rows, std::size_t first, Items perfect, std::size_t depth,
                                std::uint32_t support) {
  if (rows.size() <= first && perfect.empty()) return;
  auto const since = out_.nodes();
  std::size_t i = rows.size(), j = perfect.size();
  if (std::size_t const tail = tail_length(rows, first); tail > 0) {
    i -= tail;
    while (j > 0 && perfect[j - 1] > rows.item(i)) --j;
    find_tail(rows, i, perfect.subspan(j), depth, support);
  }
  while (i > first || j > 0) {
    if (j > 0 && (i == first || perfect[j - 1] > rows.item(i - 1))) {
      --j;
      if (is_barred(perfect[j], depth - 1)) continue;
      perfect_node(perfect[j], since, depth, support,
                   [&] { forest_of_all(rows, i, perfect.subspan(j + 1), depth + 1, support); });
    } else {
      --i;
      if (is_barred(rows.item(i), depth - 1)) continue;
      path_[depth - 1] = rows.item(i);
      child(rows, i, perfect.subspan(j), depth);
    }
  }
}

/// Every closed set below the prefix holds all its perfect items, so the siblings after one are its subtree.
template <class Rows>
void ClassSearch::forest_of_closed(Rows const& rows, Items perfect, std::size_t depth,
                                   std::uint32_t support) {
  auto const since = out_.nodes();
  std::size_t i = rows.size(), j = perfect.size();
  std::size_t const reach = options_.max_length;
  for (std::size_t p = 0; p < j && depth + p <= reach; ++p) path_[depth + p - 1] = perfect[p];
  while (i > 0 || j > 0) {
    std::size_t const here = depth + j;  // of the items after perfect[j - 1]
    if (j > 0 && (i == 0 || perfect[j - 1] > rows.item(i - 1))) {
      --j;
      if (here - 1 > reach) continue;
      bool const last = j + 1 == perfect.size() &&
                        (options_.kind == ItemsetKind::closed || (rows.size() == 0 && !rows.has_back()));
      add(since, here - 1, perfect[j], support, last);
    } else {
      --i;
      if (here > reach || is_barred(rows.item(i), here - 1)) continue;
      path_[here - 1] = rows.item(i);
      child(rows, i, perfect.subspan(j), here);
    }
  }
}

template <class Rows>
void ClassSearch::finish(Rows const& rows, Items perfect, std::size_t depth, std::int32_t item,
                         std::uint32_t support) {
  auto const before = out_.nodes();
  if (depth < options_.max_length) forest(rows, 0, perfect, depth + 1, support);
  bool const closed = options_.kind == ItemsetKind::all || perfect.empty();
  bool const maximal = options_.kind != ItemsetKind::maximal || (rows.size() == 0 && !rows.has_back());
  add(before, depth, item, support, closed && maximal);
}

}  // namespace tessera
