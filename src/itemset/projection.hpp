// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/baskets.hpp"
#include "tessera/kernel/bitset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "memory.hpp"

/// The baskets of one rank that hold a prefix, restricted to the items that extend it: what the supports of
/// the next two levels are counted from. "Extension a" is the a-th of these items in canonical order. Two
/// forms, chosen by how full the baskets x extensions table is; the choice is a rank's own, since only
/// supports leave it.
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

/// Mostly full: a bit column an extension.
class BitColumns {
 public:
  BitColumns(std::size_t rows, std::size_t extensions, MemoryMeter& meter);

  void set(std::size_t row, std::size_t extension) noexcept {
    bits_[extension * words_ + row / 64] |= std::uint64_t{1} << (row % 64);
  }

  void count(std::size_t a, std::span<std::int64_t> counts) const;
  /// The baskets with extension a, restricted to the extensions `kept`, ascending.
  [[nodiscard]] BitColumns project(std::size_t a, std::span<std::int32_t const> kept,
                                   MemoryMeter& meter) const;

 private:
  [[nodiscard]] std::span<std::uint64_t const> column(std::size_t extension) const noexcept {
    return std::span(bits_).subspan(extension * words_, words_);
  }
  [[nodiscard]] std::span<std::uint64_t> column(std::size_t extension) noexcept {
    return std::span(bits_).subspan(extension * words_, words_);
  }

  std::size_t words_;  ///< of a column
  Charge charge_;
  kernel::BitWords bits_;  ///< [extensions, words_]
};

class Projection {
 public:
  /// Local. All baskets of this rank. `rank_of`: [item_names] the canonical index of each item, -1 for one
  /// that is not frequent. Throws MemoryLimitReached (this and project).
  [[nodiscard]] static Projection of_baskets(Baskets const& baskets, std::span<std::int32_t const> rank_of,
                                             std::size_t extensions, MemoryMeter& meter);
  /// Local. The baskets that also hold extension a, restricted to the extensions `kept` (ascending, all above
  /// a).
  [[nodiscard]] Projection project(std::size_t a, std::span<std::int32_t const> kept,
                                   MemoryMeter& meter) const;

  /// Local. counts[i] = baskets of this rank with extensions a and a + 1 + i.
  void count(std::size_t a, std::span<std::int64_t> counts) const;

 private:
  using Form = std::variant<SparseRows, BitColumns>;
  explicit Projection(Form form) : form_(std::move(form)) {}
  template <class Source>
  static Projection gather(Source const& source, std::size_t extensions, MemoryMeter& meter);
  Form form_;
};

}  // namespace tessera
