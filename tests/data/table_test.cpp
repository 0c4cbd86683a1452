// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/table.hpp"

#include "tessera/core/error.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/data/matrix.hpp"
#include "tessera/data/rejects.hpp"

#include <set>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(Table, finds_columns_by_name) {
  Table table;
  table.name = "customers";
  table.columns = {{"age", ColumnType::integer, NumberColumn{{41.0}}},
                   {"job", ColumnType::category, CategoryColumn{{0}, {"admin."}}}};
  EXPECT_EQ(&table.column("age"), &table.columns[0]);
  EXPECT_EQ(&table.column("job"), &table.columns[1]);
  EXPECT_THROW(static_cast<void>(table.column("Age")), BugError);
}

TEST(RejectReason, has_words_of_its_own_for_every_code) {
  auto const reasons = reject_reasons();
  EXPECT_EQ(reasons.size(), static_cast<std::size_t>(RejectReason::impossible_date) + 1);
  EXPECT_EQ(std::set(reasons.begin(), reasons.end()).size(), reasons.size());
  for (std::size_t code = 0; code < reasons.size(); ++code) {
    EXPECT_EQ(to_string(static_cast<RejectReason>(code)), reasons[code]);
    EXPECT_FALSE(reasons[code].empty());
  }
  EXPECT_EQ(to_string(RejectReason::wrong_field_count), "wrong number of fields");
  EXPECT_EQ(to_string(RejectReason::not_finite), "not finite");
  EXPECT_EQ(to_string(RejectReason::above_maximum), "above maximum");
}

TEST(Matrix, gives_rows_as_spans) {
  Matrix<float> matrix;
  matrix.blocks = regular_blocks(2, 0, 1);
  matrix.columns = 3;
  matrix.values = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(matrix.rows(), 2U);
  matrix.row(LocalRow{1})[0] = 7;
  EXPECT_EQ(std::as_const(matrix).row(LocalRow{1})[0], 7.0F);
  EXPECT_EQ(matrix.row(LocalRow{0}).size(), 3U);
}

TEST(Baskets, may_be_empty) {
  Baskets baskets;
  EXPECT_EQ(baskets.rows(), 0U);
  baskets.offset = {0, 2, 2, 3};
  baskets.items = {1, 4, 0};
  EXPECT_EQ(baskets.rows(), 3U);
  EXPECT_EQ(baskets.basket(LocalRow{0}).size(), 2U);
  EXPECT_TRUE(baskets.basket(LocalRow{1}).empty());
  EXPECT_EQ(baskets.basket(LocalRow{2})[0], 0);
}

}  // namespace
}  // namespace tessera
