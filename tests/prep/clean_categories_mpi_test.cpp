// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/io/category_cleaner.hpp"
#include "tessera/prep/clean_categories.hpp"

#include <map>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ColumnSpec category(std::string name = "job") {
  ColumnSpec out;
  out.name = std::move(name);
  return out;
}

/// 900 rows of one category column over all ranks, dealt in turn.
Table jobs(Communicator const& comm, std::vector<std::string> const& dictionary) {
  Table table;
  table.name = "customers";
  CategoryColumn column{{}, dictionary};
  KeyHasher const hash;
  for (std::uint64_t row = 0; row < 900; ++row) {
    if (row % static_cast<std::uint64_t>(comm.size()) != static_cast<std::uint64_t>(comm.rank())) continue;
    table.keys.push_back(hash.of_ordinal(row));
    auto const code = static_cast<std::int32_t>(row % (dictionary.size() + 1));
    column.codes.push_back(code == static_cast<std::int32_t>(dictionary.size()) ? kMissingCode : code);
  }
  table.columns = {{"job", ColumnType::category, std::move(column)}};
  return table;
}

CategoryColumn const& column_of(Table const& table) {
  return std::get<CategoryColumn>(table.columns.front().data);
}

/// Rows with each value over all ranks; "" is missing.
std::map<std::string, std::uint64_t> tally(Communicator const& comm, Table const& table) {
  std::map<std::string, std::uint64_t> out;
  auto const& column = column_of(table);
  for (auto const code : all_gather(comm, std::span<std::int32_t const>(column.codes)).values)
    ++out[code == kMissingCode ? "" : column.categories[static_cast<std::size_t>(code)]];
  return out;
}

TEST(CategoryCleaner, trims_then_folds_then_maps) {
  auto spec = category();
  spec.fold_case = true;
  spec.map = {{"M", "male"}, {"f", "female"}};
  spec.missing = {"", "N/A"};
  CategoryCleaner const clean(spec);
  EXPECT_EQ(clean(" M\t"), "male");
  EXPECT_EQ(clean("F"), "female");
  EXPECT_EQ(clean("Divers "), "divers");
  EXPECT_EQ(clean("  "), std::nullopt);
  EXPECT_EQ(clean(" n/a"), std::nullopt);
}

TEST(CategoryCleaner, leaves_blanks_and_case_when_told_so) {
  auto spec = category();
  spec.trim = false;
  CategoryCleaner const clean(spec);
  EXPECT_TRUE(clean.idle());
  EXPECT_EQ(clean(" M"), " M");
}

TEST(CategoryCleaner, maps_to_no_value_and_does_not_map_twice) {
  auto spec = category();
  spec.map = {{"?", ""}, {"a", "b"}, {"b", "c"}};
  CategoryCleaner const clean(spec);
  EXPECT_EQ(clean("?"), std::nullopt);
  EXPECT_EQ(clean("a"), "b");
  EXPECT_EQ(clean("b"), "c");
}

TEST(CategoryCleaner, refuses_a_map_whose_keys_fold_to_one) {
  auto spec = category();
  spec.fold_case = true;
  spec.map = {{"M", "male"}, {"m", "monsieur"}};
  try {
    CategoryCleaner const clean(spec);
    FAIL() << "was accepted";
  } catch (ConfigurationError const& error) {
    EXPECT_THAT(error.what(), HasSubstr("column job: map leads"));
  }
}

TEST(CleanCategories, unites_what_becomes_equal_and_counts_the_rows) {
  auto const& comm = test::world();
  auto table = jobs(comm, {"", " clerk", "CLERK", "clerk", "nurse"});  // 150 rows each, and 150 without
  auto spec = category();
  spec.fold_case = true;
  auto const changed = clean_categories(comm, table, {spec});
  EXPECT_THAT(changed, ElementsAre(450));
  EXPECT_THAT(column_of(table).categories, ElementsAre("clerk", "nurse"));
  EXPECT_EQ(tally(comm, table),
            (std::map<std::string, std::uint64_t>{{"", 300}, {"clerk", 450}, {"nurse", 150}}));
}

TEST(CleanCategories, keeps_the_dictionary_in_order) {
  auto const& comm = test::world();
  auto table = jobs(comm, {"a", "b", "c"});
  auto spec = category();
  spec.map = {{"a", "z"}, {"c", "A"}};
  static_cast<void>(clean_categories(comm, table, {spec}));
  EXPECT_THAT(column_of(table).categories, ElementsAre("A", "b", "z"));
  EXPECT_EQ(tally(comm, table),
            (std::map<std::string, std::uint64_t>{{"", 225}, {"A", 225}, {"b", 225}, {"z", 225}}));
}

TEST(FoldRareCategories, folds_those_below_the_share_of_customers_with_a_value) {
  auto const& comm = test::world();
  auto table = jobs(comm, {"a", "b", "c"});
  auto spec = category();
  spec.map = {{"c", "b"}};
  static_cast<void>(clean_categories(comm, table, {spec}));  // a 225, b 450 of 675
  spec.rare = RareSpec{1.0 / 3.0, "other"};
  EXPECT_THAT(fold_rare_categories(comm, table, {spec}), ElementsAre(0)) << "a third is not below a third";
  spec.rare->min_share = 0.34;
  EXPECT_THAT(fold_rare_categories(comm, table, {spec}), ElementsAre(225));
  EXPECT_THAT(column_of(table).categories, ElementsAre("b", "other"));
}

TEST(FoldRareCategories, joins_a_category_of_that_name) {
  auto const& comm = test::world();
  auto table = jobs(comm, {"a", "b", "c"});
  auto spec = category();
  spec.rare = RareSpec{0.5, "b"};
  EXPECT_THAT(fold_rare_categories(comm, table, {spec}), ElementsAre(450));
  EXPECT_THAT(column_of(table).categories, ElementsAre("b"));
}

}  // namespace
}  // namespace tessera
