// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/baskets.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "bit_columns.hpp"
#include "memory.hpp"

/// The baskets of one rank that hold a prefix, restricted to the items that extend it: what supports are
/// counted from. "Extension a" is the a-th of these items in canonical order. Two forms, chosen by how full
/// the baskets x extensions table is; the choice is a rank's own, since only supports leave it. Sparse rows
/// are made for every prefix; bit columns serve all prefixes below one until shorter ones are worth making.
namespace tessera {

/// Mostly zeros: the extensions of each basket, and for each extension where it stands. Pairs are counted by
/// walking from each occurrence to the end of its basket ("occurrence deliver"; Uno, Kiyomi and Arimura, FIMI
/// 2004).
class SparseRows {
 public:
  /// `occurrences`: [extensions] baskets with each of them.
  SparseRows(std::span<std::size_t const> occurrences, std::size_t rows, MemoryMeter& meter);

  /// Appends a basket: extensions, ascending.
  void add(std::span<std::int32_t const> row);

  /// counts[i] = baskets with extensions a and a + 1 + i.
  void count(std::size_t a, std::span<std::int64_t> counts) const;
  /// Calls visit(row) for every basket with extension a: what follows a in it, ending with kEnd.
  static constexpr std::int32_t kEnd = -1;
  template <class Visit>
  void for_each_with(std::size_t a, Visit&& visit) const {
    for (std::size_t i = first_[a]; i < first_[a + 1]; ++i) visit(items_.data() + where_[i] + 1);
  }

 private:
  Charge charge_;
  std::vector<std::int32_t> items_;   ///< baskets one after another, each ended by kEnd
  std::vector<std::size_t> first_;    ///< [extensions + 1] into where_
  std::vector<std::size_t> filled_;   ///< [extensions] of where_, while rows are added
  std::vector<std::uint32_t> where_;  ///< positions in items_ by extension
};

/// A table of the baskets of one rank. `columns` of it are extensions of a prefix.
class Projection {
 public:
  /// Local. All baskets of this rank. `rank_of`: [item_names] the canonical index of each item, -1 for one
  /// that is not frequent; the canonical index is the column. Throws MemoryLimitReached (as do the others).
  [[nodiscard]] static Projection of_baskets(Baskets const& baskets, std::span<std::int32_t const> rank_of,
                                             std::size_t extensions, MemoryMeter& meter);
  /// Local. The baskets with all columns of `path` restricted to the columns `kept` (ascending, all after the
  /// path's), where that is worth more than it costs; else none: pairs are then counted here.
  [[nodiscard]] std::optional<Projection> project(std::span<std::int32_t const> path,
                                                  std::span<std::int32_t const> kept,
                                                  MemoryMeter& meter) const;

  /// Local. The pairs of some classes, added to their counts.
  void count(std::span<ClassPairs const> classes) const;

 private:
  using Form = std::variant<SparseRows, BitColumns>;
  explicit Projection(Form form) : form_(std::move(form)) {}
  template <class Rows>
  static Projection gather(Rows const& rows, std::size_t extensions, MemoryMeter& meter);
  Form form_;
};

}  // namespace tessera
