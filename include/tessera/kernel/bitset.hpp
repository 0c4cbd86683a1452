// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

/// Bit columns: one bit a row, 64 rows a word. The hot loops of itemset mining with run-time SIMD dispatch,
/// and the plain loops that they are tested against. Columns are padded with zero bits to a multiple of
/// kColumnWords words.
namespace tessera::kernel {

/// Words of one 512-bit vector: the length of every column is a multiple of it.
inline constexpr std::size_t kColumnWords = 8;

/// Local. Words of a padded column of `rows` bits.
[[nodiscard]] constexpr std::size_t column_words(std::size_t rows) noexcept {
  return (rows + 64 * kColumnWords - 1) / (64 * kColumnWords) * kColumnWords;
}

/// Starts arrays on a cache line, so that no vector of a column crosses one.
template <class T>
struct CacheAligned {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  CacheAligned() = default;
  template <class U>
  CacheAligned(CacheAligned<U> const&) noexcept {}  // NOLINT(google-explicit-constructor): allocators convert
  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kAlignment));
  }
  void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, kAlignment); }
  bool operator==(CacheAligned const&) const = default;
};
using BitWords = std::vector<std::uint64_t, CacheAligned<std::uint64_t>>;

/// Local. counts[i] = rows in both `column` and the i-th of `others`: [counts.size() * column.size()], one
/// column after another. Precondition: column.size() is a multiple of kColumnWords.
void intersection_counts(std::span<std::uint64_t const> column, std::span<std::uint64_t const> others,
                         std::span<std::int64_t> counts);

/// Local. counts[i] += rows in both `column` and the column `which[i]` of `table`, whose columns are as long
/// as `stride` words, of which the first column.size() are looked at. Preconditions: column.size() is a
/// multiple of kColumnWords, and there are as many counts as columns.
void add_intersection_counts(std::span<std::uint64_t const> column, std::uint64_t const* table,
                             std::size_t stride, std::span<std::int32_t const> which,
                             std::span<std::int64_t> counts);

/// Local. out = a & b; equal sizes, a multiple of kColumnWords. `out` may be `a`.
void intersect(std::span<std::uint64_t const> a, std::span<std::uint64_t const> b,
               std::span<std::uint64_t> out);

/// Local. Moves the bits of the columns `which` of `table` (see add_intersection_counts) that stand where
/// `mask` is set together, in order, to bit `at` and the following ones of the columns of `out`, as many as
/// of `which`, each of `out_stride` words. The bits of the word of `at` below it stay; those above, in the
/// last word written, are zeroed. Returns at + the bits that are set in `mask`.
std::size_t compact(std::span<std::uint64_t const> mask, std::uint64_t const* table, std::size_t stride,
                    std::span<std::int32_t const> which, std::uint64_t* out, std::size_t out_stride,
                    std::size_t at);

/// Local. Rows in a column. Precondition: a multiple of kColumnWords words.
[[nodiscard]] std::size_t count(std::span<std::uint64_t const> column);

/// The same by plain loops: the oracle.
namespace reference {
void intersection_counts(std::span<std::uint64_t const> column, std::span<std::uint64_t const> others,
                         std::span<std::int64_t> counts);
void add_intersection_counts(std::span<std::uint64_t const> column, std::uint64_t const* table,
                             std::size_t stride, std::span<std::int32_t const> which,
                             std::span<std::int64_t> counts);
std::size_t compact(std::span<std::uint64_t const> mask, std::uint64_t const* table, std::size_t stride,
                    std::span<std::int32_t const> which, std::uint64_t* out, std::size_t out_stride,
                    std::size_t at);
}  // namespace reference

}  // namespace tessera::kernel
