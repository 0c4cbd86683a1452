// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/fisher.hpp"

#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

__extension__ using Wide = unsigned __int128;

/// n choose k, exactly, for results below 2^64.
std::uint64_t choose(std::int64_t n, std::int64_t k) {
  if (k < 0 || k > n) return 0;
  Wide out = 1;
  for (std::int64_t i = 1; i <= k; ++i) out = out * static_cast<Wide>(n - k + i) / static_cast<Wide>(i);
  return static_cast<std::uint64_t>(out);
}

TEST(FisherGreater, equals_exact_fractions_on_every_small_table) {
  for (std::int64_t const rows : {1, 2, 3, 7, 12, 25, 40}) {
    for (std::int64_t a = 0; a <= rows; ++a) {
      for (std::int64_t c = 0; c <= rows; ++c) {
        Wide tail = 0;
        for (auto both = std::min(a, c); both >= std::max<std::int64_t>(0, a + c - rows); --both) {
          tail += static_cast<Wide>(choose(a, both)) * choose(rows - a, c - both);
          double const expected = static_cast<double>(tail) / static_cast<double>(choose(rows, c));
          ASSERT_NEAR(fisher_greater({rows, a, c, both}) / expected, 1, 1e-13)
              << rows << " rows, " << a << " with A, " << c << " with C, " << both << " with both";
        }
      }
    }
  }
}

/// From scipy 1.10.1, scipy.stats.fisher_exact(alternative='greater'), which agrees with exact fractions to
/// its 12th digit where those are feasible.
TEST(FisherGreater, equals_scipy_on_large_tables) {
  struct Case {
    std::int64_t rows, with_a, with_c, both;
    double p;
  };
  for (auto const& [rows, with_a, with_c, both, p] :
       {Case{100, 30, 40, 20, 0.0004310625524240636}, Case{1000, 300, 400, 150, 1.7702645412724873e-05},
        Case{8124, 3000, 4000, 1600, 9.037185877578105e-09}, Case{88162, 500, 300, 40, 7.398174294720016e-42},
        Case{100000, 1200, 900, 12, 0.39661051520160323},
        Case{67557, 60000, 61000, 55000, 1.4991669723804259e-205},
        Case{1000000, 1000, 5000, 20, 3.0321076347948093e-07}}) {
    EXPECT_NEAR(fisher_greater({rows, with_a, with_c, both}) / p, 1, 1e-9)
        << rows << " rows, " << both << " with both";
  }
}

TEST(FisherGreater, falls_as_more_rows_hold_both) {
  for (std::int64_t both = 1; both <= 3000; ++both) {
    ASSERT_LE(fisher_greater({100000, 3000, 20000, both}), fisher_greater({100000, 3000, 20000, both - 1}));
  }
}

TEST(FisherGreater, is_one_for_the_fewest_rows_possible) {
  EXPECT_EQ(fisher_greater({10, 3, 4, 0}), 1);
  EXPECT_EQ(fisher_greater({10, 8, 7, 5}), 1);
  EXPECT_EQ(fisher_greater({10, 10, 7, 7}), 1);
}

TEST(FisherGreater, keeps_its_digits_on_a_billion_rows) {
  // The median of a nearly normal count: half, up to the half point probability of the mean itself.
  double const p = fisher_greater({1'000'000'000, 500'000'000, 500'000'000, 250'000'000});
  double const above = fisher_greater({1'000'000'000, 500'000'000, 500'000'000, 250'000'001});
  EXPECT_NEAR(p + above, 1, 1e-12);
  EXPECT_GT(p, above);
}

TEST(FisherGreater, gives_the_same_bits_for_many_tables_as_for_one_at_every_simd_level) {
  std::vector<TwoByTwo> tables;
  for (std::int64_t const rows : {1, 9, 200, 8124, 41188, 100'000'000}) {
    for (std::int64_t part = 1; part <= 7; ++part) {
      std::int64_t const a = rows * part / 9, c = rows * (8 - part) / 13;
      auto const least = std::max<std::int64_t>(0, a + c - rows), most = std::min(a, c);
      for (std::int64_t step = 0; step <= 5; ++step)
        tables.push_back({rows, a, c, least + (most - least) * step / 5});
    }
  }
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t const count :
         {tables.size(), std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{9}}) {
      std::vector<double> p(count);
      fisher_greater(std::span(tables).first(count), p);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(p[i], fisher_greater(tables[i])) << level << ", table " << i;
    }
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera
