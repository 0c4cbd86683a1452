// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/two_by_two.hpp"

#include "tessera/kernel/simd.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using Wide = __int128;

struct Rule {
  std::int64_t both, a, c, simpler_both, simpler_a;
};

double ratio(Wide above, Wide below) {
  return static_cast<double>(above) / static_cast<double>(below);
}

/// The formulas in integers, rounded at the division only.
std::array<double, 6> oracle(Rule const& rule, std::int64_t rows) {
  Wide const n = rows, both = rule.both, a = rule.a, c = rule.c;
  Wide const excess = n * both - a * c, largest = std::max(both * (n - a), a * (c - both));
  return {ratio(both, a),
          ratio(n * both, a * c),
          ratio(excess, n * n),
          both == a ? std::numeric_limits<double>::infinity() : ratio((n - c) * a, n * (a - both)),
          largest == 0 ? 0.0 : ratio(excess, largest),
          ratio(both * rule.simpler_a - Wide{rule.simpler_both} * a, a * rule.simpler_a)};
}

std::vector<std::array<double, 6>> measured(std::vector<Rule> const& rules, std::int64_t rows) {
  std::array<std::vector<std::int64_t>, 5> in;
  for (auto const& rule : rules) {
    std::size_t column = 0;
    for (auto const value : {rule.both, rule.a, rule.c, rule.simpler_both, rule.simpler_a})
      in[column++].push_back(value);
  }
  std::array<std::vector<double>, 6> out;
  for (auto& column : out) column.resize(rules.size());
  kernel::measure_rules({in[0], in[1], in[2], in[3], in[4]}, rows,
                        {out[0], out[1], out[2], out[3], out[4], out[5]});
  std::vector<std::array<double, 6>> result(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (std::size_t m = 0; m < 6; ++m) result[i][m] = out[m][i];
  }
  return result;
}

/// Rules of every shape over `rows` rows, independent ones and nearly independent ones among them.
std::vector<Rule> rules_over(std::int64_t rows) {
  std::vector<Rule> rules;
  for (std::int64_t i = 1; i <= 6; ++i) {
    for (std::int64_t j = 1; j <= 6; ++j) {
      auto const a = std::max<std::int64_t>(1, rows * i / 6), c = std::max<std::int64_t>(1, rows * j / 6);
      auto const even = static_cast<std::int64_t>(Wide{a} * c / rows);
      auto const least = std::max<std::int64_t>(a + c - rows, 0), most = std::min(a, c);
      for (auto const both : {least, most, even, even + 1, (least + most) / 2}) {
        if (both < std::max<std::int64_t>(least, 1) || both > most) continue;
        rules.push_back({both, a, c, c, rows});
      }
    }
  }
  return rules;
}

TEST(MeasureRules, equals_exact_integers_on_a_small_base_at_every_simd_level) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::int64_t const rows : {1, 2, 40, 41188}) {
      auto const rules = rules_over(rows);
      auto const found = measured(rules, rows);
      for (std::size_t i = 0; i < rules.size(); ++i) EXPECT_EQ(found[i], oracle(rules[i], rows)) << level;
    }
  }
  use_simd_level(simd_levels().front());
}

TEST(MeasureRules, loses_no_digits_on_a_large_base_and_gives_the_same_bits_at_every_simd_level) {
  for (std::int64_t const rows : {std::int64_t{1'000'000'007}, std::int64_t{4'000'000'000'039}}) {
    auto const rules = rules_over(rows);
    auto const best = measured(rules, rows);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      auto const expected = oracle(rules[i], rows);
      for (std::size_t m = 0; m < 6; ++m) {
        if (expected[m] == best[i][m]) continue;
        EXPECT_NEAR(best[i][m] / expected[m], 1, 4 * std::numeric_limits<double>::epsilon())
            << "measure " << m;
      }
    }
    for (auto const& level : simd_levels()) {
      use_simd_level(level);
      EXPECT_EQ(measured(rules, rows), best) << level;
    }
    use_simd_level(simd_levels().front());
  }
}

TEST(MeasureRules, takes_any_number_of_rules) {
  auto const all = rules_over(1000);
  for (std::size_t count = 0; count < 20; ++count) {
    std::vector<Rule> const some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    auto const found = measured(some, 1000);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(found[i], oracle(some[i], 1000));
  }
}

TEST(TailSums, equals_the_plain_loop_at_every_simd_level_and_length) {
  std::vector<double> a, c, both, neither;
  for (int i = 0; i < 23; ++i) {
    a.push_back(i % 5 * 40);
    c.push_back(i % 7 * 300);
    both.push_back(10 + i * 20);
    neither.push_back(a.back() * c.back() / (1 + i) + 1);
  }
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t count = 0; count <= a.size(); ++count) {
      std::vector<double> sums(count);
      kernel::tail_sums(std::span(a).first(count), std::span(c).first(count), std::span(both).first(count),
                        std::span(neither).first(count), sums);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(sums[i], kernel::reference::tail_sum(a[i], c[i], both[i], neither[i])) << level;
    }
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera
