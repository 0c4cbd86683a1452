// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/quality.hpp"

#include <algorithm>
#include <numeric>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kRecords = 2500;

TableSpec spec_of(Table const& table) {
  auto spec = test::customers_spec();
  for (auto const& column : table.columns) {
    spec.columns.emplace_back();
    spec.columns.back().name = column.name;
    spec.columns.back().type = column.type;
  }
  return spec;
}

/// The account of generated customers, with rejects that rank 0 has met.
TableQuality account(Communicator const& comm, RareSpec const& rare = {0.0, "other"}) {
  TableRead read;
  read.table = test::customers_of(test::records(comm, kRecords, test::Deal::uneven_runs), test::own_id);
  auto spec = spec_of(read.table);
  spec.columns[6].rare = rare;
  read.records = kRecords + 3;
  read.rejected = 3;
  read.out_of_range.assign(spec.columns.size(), 0);
  read.out_of_range[0] = 7;
  if (comm.rank() == 0) {
    read.rejects = {{5, 0, -1, RejectReason::wrong_field_count},
                    {6, 0, 0, RejectReason::above_maximum},
                    {9, 0, 0, RejectReason::above_maximum}};
  }
  auto quality = clean_table(comm, read, spec);
  auto placed = place_customers(comm, std::move(read.table), spec);
  account_for(comm, placed, spec, quality);
  return quality;
}

ColumnQuality const& column(TableQuality const& quality, std::string_view name) {
  return *std::find_if(quality.columns.begin(), quality.columns.end(),
                       [&](ColumnQuality const& c) { return c.name == name; });
}

TEST(Quality, is_the_same_on_any_number_of_ranks) {
  auto const here = account(test::world()), alone = account(Communicator::self());
  EXPECT_EQ(here.rows, alone.rows);
  for (std::size_t c = 0; c < alone.columns.size(); ++c) {
    auto const &a = here.columns[c], &b = alone.columns[c];
    EXPECT_EQ(a.missing, b.missing) << a.name;
    EXPECT_EQ(a.distinct, b.distinct) << a.name;
    EXPECT_EQ(a.distribution.count, b.distribution.count) << a.name;
    EXPECT_EQ(test::bits(a.distribution.lower), test::bits(b.distribution.lower)) << a.name;
    EXPECT_EQ(a.distribution.category, b.distribution.category) << a.name;
  }
}

TEST(Quality, counts_rejects_by_column_and_reason) {
  auto const quality = account(test::world());
  ASSERT_EQ(quality.rejects.size(), 2U);
  EXPECT_EQ(quality.rejects[0].column, -1);
  EXPECT_EQ(quality.rejects[0].records, 1U);
  EXPECT_EQ(quality.rejects[1].reason, RejectReason::above_maximum);
  EXPECT_EQ(quality.rejects[1].records, 2U);
  EXPECT_EQ(column(quality, "age").rejected, 2U);
  EXPECT_EQ(column(quality, "age").out_of_range, 7U);
}

TEST(Quality, counts_missing_and_different_values_as_a_plain_look_does) {
  auto const quality = account(test::world());
  auto const table = test::placed_customers(Communicator::self(), kRecords, test::Deal::scattered);
  EXPECT_EQ(quality.rows, kRecords);
  auto balance = std::get<NumberColumn>(table.column("balance").data).values;
  auto const missing = std::remove_if(balance.begin(), balance.end(), [](double v) { return v != v; });
  EXPECT_EQ(column(quality, "balance").missing, static_cast<std::uint64_t>(balance.end() - missing));
  balance.erase(missing, balance.end());
  std::sort(balance.begin(), balance.end());
  EXPECT_EQ(column(quality, "balance").distinct,
            static_cast<std::uint64_t>(std::unique(balance.begin(), balance.end()) - balance.begin()));
  EXPECT_EQ(column(quality, "constant").distinct, 1U);
  EXPECT_EQ(column(quality, "nothing").missing, kRecords);
  EXPECT_EQ(column(quality, "nothing").distinct, 0U);
  EXPECT_EQ(column(quality, "job").distinct, 3U) << "a value that nobody has is none";
  EXPECT_EQ(column(quality, "job").distribution.category.size(), 3U) << "and has no bin";
  EXPECT_GT(column(quality, "partner").distinct, 500U);
  EXPECT_GT(column(quality, "partner").missing, 1000U);
}

TEST(Quality, has_bins_that_add_up_to_all_customers) {
  for (auto const& column : account(test::world()).columns) {
    auto const& bins = column.distribution;
    if (column.type == ColumnType::id) continue;
    EXPECT_EQ(std::accumulate(bins.count.begin(), bins.count.end(), bins.missing + bins.rest), kRecords)
        << column.name;
  }
}

TEST(Quality, folds_rare_categories_of_customers_and_says_how_many) {
  auto const quality = account(test::world(), {0.3, "other"});
  auto const& job = column(quality, "job");
  EXPECT_THAT(job.distribution.category, ElementsAre("admin.", "other"));
  EXPECT_EQ(job.folded, job.distribution.count[1]);
}

TEST(Drift, of_a_column_from_itself_is_zero) {
  auto const table = test::placed_customers(test::world(), kRecords, test::Deal::scattered);
  for (auto const* const name : {"age", "balance", "job", "nothing", "constant"}) {
    auto const& column = table.column(name);
    auto const bins = distribution_of(test::world(), column);
    EXPECT_EQ(drift_between(bins, counted_again(test::world(), column, bins)), 0.0) << name;
  }
}

TEST(Drift, tells_shifted_numbers_new_categories_and_lost_values) {
  auto table = test::placed_customers(test::world(), kRecords, test::Deal::scattered);
  auto const age = distribution_of(test::world(), table.column("age"));
  auto const job = distribution_of(test::world(), table.column("job"));
  for (auto& value : std::get<NumberColumn>(table.columns[0].data).values) value += 20;
  EXPECT_GT(drift_between(age, counted_again(test::world(), table.columns[0], age)), 0.25);
  for (auto& value : std::get<NumberColumn>(table.columns[0].data).values) value = kMissingNumber;
  EXPECT_GT(drift_between(age, counted_again(test::world(), table.columns[0], age)), 0.25);
  std::get<CategoryColumn>(table.columns[6].data).categories[0] = "accountant";
  auto const now = counted_again(test::world(), table.columns[6], job);
  EXPECT_GT(now.rest, 0U);
  EXPECT_GT(drift_between(job, now), 0.25);
}

TEST(Drift, of_a_column_that_became_another_kind_is_large) {
  auto const table = test::placed_customers(test::world(), kRecords, test::Deal::scattered);
  auto const age = distribution_of(test::world(), table.column("age"));
  auto const now = counted_again(test::world(), table.column("job"), age);
  EXPECT_EQ(now.rest, kRecords);
  EXPECT_GT(drift_between(age, now), 0.25);
}

}  // namespace
}  // namespace tessera
