// SPDX-License-Identifier: Apache-2.0
#include "duplicates.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <variant>

namespace tessera::detail {

namespace {

/// NaN first, and the two zeros apart: rows that differ in any bit of a value must not tie.
std::strong_ordering compare(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(b) <=> std::isnan(a);
  if (a != b) return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
  return std::signbit(b) <=> std::signbit(a);
}

std::strong_ordering compare(Column const& column, std::size_t a, std::size_t b) {
  struct Visitor {
    std::size_t a, b;
    std::strong_ordering operator()(NumberColumn const& c) const { return compare(c.values[a], c.values[b]); }
    std::strong_ordering operator()(CategoryColumn const& c) const { return c.codes[a] <=> c.codes[b]; }
    std::strong_ordering operator()(KeyColumn const& c) const {
      auto const &left = c.keys[a], &right = c.keys[b];
      if (!left || !right) return left.has_value() <=> right.has_value();
      return *left <=> *right;
    }
  };
  return std::visit(Visitor{a, b}, column.data);
}

/// Calls run(first, last) for each run of equal keys.
template <class Run>
void for_each_run(std::span<Key const> keys, Run&& run) {
  for (std::size_t first = 0, last = 0; first < keys.size(); first = last) {
    while (last < keys.size() && keys[last] == keys[first]) ++last;
    run(first, last);
  }
}

}  // namespace

bool RowOrder::operator()(std::size_t a, std::size_t b) const {
  auto order = compare(first_, a, b);
  for (auto column = table_.columns.begin(); order == 0 && column != table_.columns.end(); ++column) {
    order = compare(*column, a, b);
  }
  return order < 0;
}

std::uint64_t rows_sharing_a_key(std::span<Key const> keys) {
  std::uint64_t rows = 0;
  for_each_run(keys,
               [&](std::size_t first, std::size_t last) { rows += last - first > 1 ? last - first : 0; });
  return rows;
}

std::vector<std::size_t> one_row_a_key(std::span<Key const> keys, Duplicates choice, RowOrder const& before) {
  std::vector<std::size_t> kept;
  for_each_run(keys, [&](std::size_t first, std::size_t last) {
    std::size_t best = first;
    for (std::size_t row = first + 1; row < last; ++row) {
      if (choice == Duplicates::first ? before(row, best) : before(best, row)) best = row;
    }
    kept.push_back(best);
  });
  return kept;
}

}  // namespace tessera::detail
