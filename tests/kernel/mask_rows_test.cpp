// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/mask_rows.hpp"

#include "tessera/kernel/simd.hpp"

#include <array>
#include <bit>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::kernel {
namespace {

struct Rows {
  std::vector<std::uint64_t> mask;
  std::vector<std::uint32_t> weight;
  [[nodiscard]] MaskRows view() const { return {mask.data(), weight.data(), mask.size()}; }
};

Rows random_rows(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Rows out;
  for (std::size_t r = 0; r < count; ++r) {
    out.mask.push_back(random() & random() << (seed % 3));
    out.weight.push_back(static_cast<std::uint32_t>(random() % 1000));
  }
  return out;
}

/// Runs the test at every SIMD level and at awkward lengths.
template <class Test>
void everywhere(Test&& test) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t const count : {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 100U, 1001U}) {
      SCOPED_TRACE(level + ", " + std::to_string(count) + " rows");
      test(random_rows(count, count + 1));
    }
  }
  use_simd_level(simd_levels().front());
}

TEST(MaskRowsTest, selection_equals_the_plain_one) {
  everywhere([](Rows const& rows) {
    for (int const bit : {0, 1, 31, 32, 63}) {
      for (auto const needed : {~std::uint64_t{0}, std::uint64_t{0xF0F00}, std::uint64_t{0}}) {
        std::uint64_t const keep = 0xFFFF0000FFFF00FF;
        std::vector<std::uint64_t> mask(rows.mask.size() + kSlack), plain_mask(mask.size());
        std::vector<std::uint32_t> weight(mask.size()), plain_weight(mask.size());
        auto const count = select_rows(rows.view(), bit, keep, needed, mask.data(), weight.data());
        auto const plain =
            reference::select_rows(rows.view(), bit, keep, needed, plain_mask.data(), plain_weight.data());
        ASSERT_EQ(count, plain);
        for (std::size_t r = 0; r < count; ++r) {
          ASSERT_EQ(mask[r], plain_mask[r]);
          ASSERT_EQ(weight[r], plain_weight[r]);
        }
      }
    }
  });
}

TEST(MaskRowsTest, bit_counts_equal_the_plain_ones) {
  everywhere([](Rows const& rows) {
    std::array<std::uint32_t, 64> counts, plain;
    counts.fill(77);
    count_bits(rows.view(), counts);
    reference::count_bits(rows.view(), plain);
    ASSERT_EQ(counts, plain);
  });
}

TEST(MaskRowsTest, subset_counts_equal_the_plain_ones) {
  everywhere([](Rows const& rows) {
    std::uint64_t items = 0;
    for (int const bit : {1, 5, 6, 20, 33, 40, 62, 63}) {
      items |= std::uint64_t{1} << bit;
      std::vector<std::uint32_t> table(std::size_t{1} << std::popcount(items), 5), plain(table.size());
      count_subsets(rows.view(), items, table);
      reference::count_subsets(rows.view(), items, plain);
      ASSERT_EQ(table, plain);
      for (auto const least : {0U, 1U, 500U, 100'000U, 4'000'000'000U}) {
        std::size_t expected = 0;
        for (auto const value : table) expected += value >= least ? 1 : 0;
        ASSERT_EQ(count_at_least(table, least), expected);
      }
    }
  });
}

}  // namespace
}  // namespace tessera::kernel
