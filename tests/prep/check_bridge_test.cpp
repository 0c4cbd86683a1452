// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/bridge.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TableSpec bridge_spec() {
  TableSpec spec;
  spec.name = "disp";
  spec.key = "client";
  spec.link = "account";
  spec.order_by = "rank";
  spec.where = {{"kind", {"OWNER"}, {}, {}}, {"rank", {}, 1.0, 1.0}, {"account", {}, {}, {}}};
  spec.columns = {{"account", ColumnType::id, {}, {}, {""}},
                  {"kind", ColumnType::category, {}, {}, {""}},
                  {"rank", ColumnType::integer, {}, {}, {""}},
                  {"seen", ColumnType::datetime, {}, {}, {""}}};
  return spec;
}

/// What a table is refused with that differs so from one that is not.
std::string refusal(std::function<void(TableSpec&)> const& change) {
  auto spec = bridge_spec();
  change(spec);
  try {
    check_bridge(spec);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what_is_wrong();
  }
  return "";
}

TEST(CheckBridge, accepts_columns_that_are_there_and_fit) {
  EXPECT_EQ(refusal([](TableSpec&) {}), "");
  EXPECT_EQ(refusal([](TableSpec& s) { s.order_by = "kind"; }), "");
  EXPECT_EQ(refusal([](TableSpec& s) { s.order_by = ""; }), "");
}

TEST(CheckBridge, refuses_columns_that_are_not_there_or_of_another_kind) {
  EXPECT_EQ(refusal([](TableSpec& s) { s.link = "kind"; }),
            "table 'disp': link = \"kind\" (no id column of this name is declared)");
  EXPECT_EQ(refusal([](TableSpec& s) { s.link = ""; }),
            "table 'disp': link = \"\" (no id column of this name is declared)");
  EXPECT_EQ(
      refusal([](TableSpec& s) { s.order_by = "account"; }),
      "table 'disp': order_by = \"account\" (no number, date or category column of this name is declared)");
  EXPECT_EQ(refusal([](TableSpec& s) {
              s.where = {{"rank", {"1"}, {}, {}}};
            }),
            "table 'disp': where = \"rank\" (no category column of this name is declared)");
  EXPECT_EQ(refusal([](TableSpec& s) {
              s.where = {{"kind", {}, 1.0, {}}};
            }),
            "table 'disp': where = \"kind\" (no number or date column of this name is declared)");
}

TEST(CheckBridge, refuses_conditions_that_cannot_hold) {
  EXPECT_EQ(refusal([](TableSpec& s) {
              s.where = {{"rank", {"1"}, 1.0, {}}};
            }),
            "table 'disp': where.rank has both values and bounds");
  EXPECT_EQ(refusal([](TableSpec& s) {
              s.where = {{"rank", {}, 2.0, 1.0}};
            }),
            "table 'disp': where.rank has min 2 above max 1");
}

}  // namespace
}  // namespace tessera
