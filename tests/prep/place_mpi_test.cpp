// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/data/placement.hpp"
#include "tessera/prep/place.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Deal;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 5000;

/// Three of four customers have one record; the others two or three.
std::uint64_t shared_id(std::uint64_t record) {
  return record % 7 == 0 ? record / 3 : record;
}

TEST(PlaceCustomers, gives_the_same_table_for_any_number_of_ranks_and_any_file_order) {
  auto const expected = test::contents(
      Communicator::self(), test::placed_customers(Communicator::self(), kRecords, Deal::uneven_runs));
  EXPECT_EQ(expected.keys.size(), kRecords);
  for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
    auto const table = test::placed_customers(test::world(), kRecords, deal);
    EXPECT_TRUE(test::contents(test::world(), table) == expected);
  }
}

TEST(PlaceCustomers, sorts_by_key_and_gives_each_rank_its_own_blocks) {
  auto const& comm = test::world();
  auto const table = test::placed_customers(comm, kRecords, Deal::scattered);
  KeyBlocks const key_blocks(kRecords);
  Placement const placement(key_blocks.count(), comm.size());
  EXPECT_TRUE(std::is_sorted(table.keys.begin(), table.keys.end()));
  EXPECT_EQ(table.blocks.total_rows, kRecords);
  EXPECT_EQ(table.blocks.total_blocks, key_blocks.count());
  EXPECT_EQ(table.blocks.rows(), table.rows());
  EXPECT_EQ(table.blocks.first_block, placement.first_block(comm.rank()));
  ASSERT_EQ(table.blocks.blocks(), placement.first_block(comm.rank() + 1) - table.blocks.first_block);
  for (std::size_t b = 0; b < table.blocks.blocks(); ++b) {
    for (auto row = table.blocks.offset[b]; row < table.blocks.offset[b + 1]; ++row) {
      ASSERT_EQ(key_blocks.of(table.keys[row]), table.blocks.first_block + b);
    }
  }
}

TEST(PlaceCustomers, keeps_the_values_of_a_row_together) {
  auto const& comm = test::world();
  auto const table = test::placed_customers(comm, kRecords, Deal::scattered);
  std::map<Key, std::uint64_t> record_of;
  for (std::uint64_t record = 0; record < kRecords; ++record)
    record_of[KeyHasher().of_ordinal(record)] = record;
  std::vector<std::uint64_t> mine;
  for (auto const& key : table.keys) mine.push_back(record_of.at(key));
  auto const expected = test::customers_of(mine, test::own_id);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::visit(
        [&](auto const& data) {
          using Data = std::decay_t<decltype(data)>;
          auto const& other = std::get<Data>(expected.columns[c].data);
          if constexpr (std::is_same_v<Data, NumberColumn>) {
            EXPECT_EQ(test::bits(data.values), test::bits(other.values));
          } else if constexpr (std::is_same_v<Data, CategoryColumn>) {
            EXPECT_EQ(data.codes, other.codes);
          } else {
            EXPECT_EQ(data.keys, other.keys);
          }
        },
        table.columns[c].data);
  }
}

TEST(PlaceCustomers, travels_in_small_messages) {
  auto const comm = test::world().with_message_limit(1000);
  auto const expected =
      test::contents(comm, test::placed_customers(Communicator::self(), 300, Deal::uneven_runs)).keys.size();
  EXPECT_EQ(expected, 300U * static_cast<std::size_t>(comm.size()));
  auto const table = test::placed_customers(comm, 300, Deal::scattered);
  EXPECT_TRUE(test::contents(comm, table) ==
              test::contents(Communicator::self(),
                             test::placed_customers(Communicator::self(), 300, Deal::uneven_runs)));
}

TEST(PlaceCustomers, places_few_rows_and_none) {
  for (std::uint64_t const count : {0U, 1U, 2U}) {
    auto const table = test::placed_customers(test::world(), count, Deal::uneven_runs);
    EXPECT_EQ(table.blocks.total_rows, count);
    EXPECT_EQ(table.blocks.total_blocks, 1U);
  }
}

TEST(PlaceCustomers, says_how_many_rows_share_an_id_and_what_to_do) {
  auto const& comm = test::world();
  std::map<std::uint64_t, std::uint64_t> rows_of;
  for (std::uint64_t record = 0; record < kRecords; ++record) ++rows_of[shared_id(record)];
  std::uint64_t sharing = 0;
  for (auto const& [id, rows] : rows_of) sharing += rows > 1 ? rows : 0;
  ASSERT_GT(sharing, 0U);
  try {
    static_cast<void>(
        place_customers(comm, test::customers_of(test::records(comm, kRecords, Deal::scattered), shared_id),
                        test::customers_spec()));
    ADD_FAILURE() << "repeated ids were accepted";
  } catch (InputError const& error) {
    EXPECT_THAT(error.what_is_wrong(), HasSubstr(std::to_string(sharing) + " rows of table customers"));
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("customer_id"));
    EXPECT_THAT(error.remedy(), HasSubstr("order_by"));
    EXPECT_THAT(error.remedy(), HasSubstr("\"first\""));
  }
}

/// The record that each id keeps, by the rule in words.
std::map<Key, std::uint64_t> expected_records(Duplicates choice, std::string const& order_by) {
  std::vector<std::uint64_t> all(kRecords);
  for (std::uint64_t r = 0; r < kRecords; ++r) all[r] = r;
  auto const table = test::customers_of(all, shared_id);
  auto const& order = std::get<NumberColumn>(table.column(order_by).data).values;
  std::map<Key, std::uint64_t> out;
  for (std::uint64_t r = 0; r < kRecords; ++r) {
    auto const [kept, is_new] = out.try_emplace(table.keys[r], r);
    if (is_new) continue;
    double const a = std::isnan(order[r]) ? -INFINITY : order[r];
    double const b = std::isnan(order[kept->second]) ? -INFINITY : order[kept->second];
    if (choice == Duplicates::first ? a < b : a > b) kept->second = r;
  }
  return out;
}

TEST(PlaceCustomers, keeps_the_first_or_last_row_of_an_id_by_a_column) {
  for (auto const choice : {Duplicates::first, Duplicates::last}) {
    auto const expected = expected_records(choice, "seen");
    std::vector<std::uint64_t> kept;
    for (auto const& [key, record] : expected) kept.push_back(record);
    auto const whole = test::contents(Communicator::self(), test::customers_of(kept, shared_id));
    for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
      auto const& comm = test::world();
      auto const placed =
          place_customers(comm, test::customers_of(test::records(comm, kRecords, deal), shared_id),
                          test::customers_spec(choice, "seen"));
      EXPECT_EQ(placed.duplicates, kRecords - kept.size());
      EXPECT_EQ(placed.table.blocks.total_rows, kept.size());
      auto actual = test::contents(comm, placed.table);
      EXPECT_EQ(actual.rows_in_block.size(), KeyBlocks(kRecords).count());  // chosen before rows were dropped
      actual.rows_in_block.clear();
      EXPECT_TRUE(actual == whole);
    }
  }
}

TEST(PlaceCustomers, prefers_a_present_value_as_the_last_and_a_missing_one_as_the_first) {
  for (auto const choice : {Duplicates::first, Duplicates::last}) {
    auto const& comm = test::world();
    auto const placed =
        place_customers(comm, test::customers_of(test::records(comm, kRecords, Deal::scattered), shared_id),
                        test::customers_spec(choice, "balance"));
    auto const expected = expected_records(choice, "balance");
    auto const& balance = std::get<NumberColumn>(placed.table.column("balance").data).values;
    for (std::size_t row = 0; row < placed.table.rows(); ++row) {
      double const wanted = test::sample_value("with missing", expected.at(placed.table.keys[row])) * 1000;
      ASSERT_EQ(test::bits(balance[row]), test::bits(wanted));
    }
  }
}

TEST(PlaceCustomers, breaks_ties_by_all_values_and_not_by_file_order) {
  // "constant" ties for all rows of an id, so every other column decides.
  for (auto const choice : {Duplicates::first, Duplicates::last}) {
    for (char const* order_by : {"constant", "job", "partner"}) {
      auto const spec = test::customers_spec(choice, order_by);
      auto const place = [&](Communicator const& comm, Deal deal) {
        auto const records = test::records(comm, kRecords, deal);
        return test::contents(comm,
                              place_customers(comm, test::customers_of(records, shared_id), spec).table);
      };
      auto const expected = place(Communicator::self(), Deal::uneven_runs);
      EXPECT_TRUE(place(Communicator::self(), Deal::scattered) == expected);
      EXPECT_TRUE(place(test::world(), Deal::uneven_runs) == expected);
      EXPECT_TRUE(place(test::world(), Deal::scattered) == expected);
    }
  }
}

TEST(PlaceCustomers, refuses_a_choice_without_a_column_to_choose_by) {
  auto const place = [](TableSpec const& spec) {
    auto const& comm = test::world();
    static_cast<void>(place_customers(
        comm, test::customers_of(test::records(comm, 20, Deal::scattered), test::own_id), spec));
  };
  EXPECT_THROW(place(test::customers_spec(Duplicates::first)), ConfigurationError);
  try {
    place(test::customers_spec(Duplicates::last, "Seen"));
    ADD_FAILURE() << "an unknown column was accepted";
  } catch (ConfigurationError const& error) {
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("\"Seen\""));
    EXPECT_THAT(error.remedy(), HasSubstr("opened, seen, constant"));
  }
}

TEST(PlaceCustomers, fails_on_every_rank_when_one_fails) {
  auto const& comm = test::world();
  auto const planted = "place:" + std::to_string(comm.size() - 1);
  setenv("TESSERA_FAULT", planted.c_str(), 1);
  try {
    static_cast<void>(test::placed_customers(comm, 50, Deal::scattered));
    ADD_FAILURE() << "the planted failure was lost";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::resources);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("on rank " + std::to_string(comm.size() - 1)));
  }
  unsetenv("TESSERA_FAULT");
}

}  // namespace
}  // namespace tessera
