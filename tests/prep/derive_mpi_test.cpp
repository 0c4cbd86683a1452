// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/derive.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

constexpr double kNone = kMissingNumber;

/// Rows 0, 1, ... of the columns a and b, dealt out over the ranks.
Table table(std::vector<double> const& a, std::vector<double> const& b) {
  Table out;
  out.name = "customers";
  out.blocks = regular_blocks(a.size(), world().rank(), world().size());
  NumberColumn x, y;
  for (std::size_t row = 0; row < out.blocks.rows(); ++row) {
    x.values.push_back(a[out.blocks.first_row + row]);
    y.values.push_back(b[out.blocks.first_row + row]);
  }
  out.keys.resize(out.blocks.rows());
  out.columns = {{"a", ColumnType::real, x},
                 {"b", ColumnType::real, y},
                 {"job", ColumnType::category, CategoryColumn{std::vector(x.values.size(), 0), {"x"}}}};
  return out;
}

std::vector<double> derived(Derivation kind, std::vector<double> const& a, std::vector<double> const& b = {},
                            Best best = Best::high) {
  auto const customers = table(a, b.empty() ? a : b);
  auto operands =
      kind == Derivation::quintile ? std::vector<std::string>{"a"} : std::vector<std::string>{"a", "b"};
  auto const column = derive(world(), customers, {"x", kind, operands, best});
  EXPECT_EQ(column.name, "x");
  return all_gather(world(), std::span<double const>(std::get<NumberColumn>(column.data).values)).values;
}

void expect_equal(std::vector<double> const& values, std::vector<double> const& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    } else {
      EXPECT_EQ(values[i], expected[i]) << i;
    }
  }
}

TEST(Derive, ratios_are_missing_where_they_have_no_value) {
  expect_equal(derived(Derivation::ratio, {6, 1, 0, kNone, 3, 1e300}, {3, 0, 0, 1, kNone, 1e-300}),
               {2, kNone, kNone, kNone, kNone, kNone});
}

TEST(Derive, differences_are_missing_where_an_operand_is) {
  expect_equal(derived(Derivation::difference, {6, 1, kNone}, {3, kNone, 1}), {3, kNone, kNone});
}

TEST(Derive, differences_beyond_a_double_are_missing) {
  double const most = std::numeric_limits<double>::max();
  expect_equal(derived(Derivation::difference, {most, -most, most}, {-most, most, most}), {kNone, kNone, 0});
}

TEST(Derive, quintiles_score_fifths) {
  std::vector<double> values, high, low;
  for (int i = 0; i < 5000; ++i) {
    values.push_back((i * 37) % 5000);
    high.push_back(1 + std::floor(((i * 37) % 5000) / 1000));
    low.push_back(6 - high.back());
  }
  expect_equal(derived(Derivation::quintile, values), high);
  expect_equal(derived(Derivation::quintile, values, {}, Best::low), low);
}

TEST(Derive, quintiles_of_equal_values_are_equal_and_of_missing_ones_missing) {
  std::vector<double> values(3000, 0.0), expected(3000, 1.0);
  for (std::size_t i = 0; i < 300; ++i) {
    values[10 * i] = 7.0;
    expected[10 * i] = 5.0;
    values[10 * i + 5] = expected[10 * i + 5] = kNone;
  }
  expect_equal(derived(Derivation::quintile, values), expected);
}

TEST(Derive, refuses_operands_that_are_no_numbers) {
  auto const customers = table({1, 2}, {3, 4});
  for (auto const* operand : {"job", "c"}) {
    EXPECT_THROW(
        static_cast<void>(derive(world(), customers, {"x", Derivation::ratio, {"a", operand}, Best::high})),
        ConfigurationError);
    EXPECT_THROW(
        static_cast<void>(derive(world(), customers, {"x", Derivation::quintile, {operand}, Best::high})),
        ConfigurationError);
  }
}

}  // namespace
}  // namespace tessera
