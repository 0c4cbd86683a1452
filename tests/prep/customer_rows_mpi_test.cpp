// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/customer_rows.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include "prep/movements.hpp"
#include <gmock/gmock.h>

namespace tessera {
namespace {

using test::customer_row;
using test::join;
using test::kCustomers;
using test::kMovements;
using test::Movement;
using test::movements_csv;
using test::movements_spec;
using test::TemporaryFolder;
using test::told;
using test::world;
using testing::AllOf;
using testing::HasSubstr;

/// One movement in hundred is of nobody, three of four are of a few customers.
std::uint64_t owner(std::uint64_t i) {
  Draw const draw(5, Purpose::generate);
  return draw.below(4, i, 1) > 0 ? draw.below(40, i, 2) : draw.below(kCustomers + kCustomers / 25, i, 3);
}

std::string id(std::uint64_t i) {
  return std::to_string(owner(i));
}

struct Expected {
  std::vector<std::string> rows;
  std::vector<std::uint64_t> unknown;  // movements
};

Expected expected() {
  Expected out;
  for (std::uint64_t i = 0; i < kMovements; ++i) {
    if (auto const row = customer_row(owner(i))) {
      out.rows.push_back(test::said(*row, Movement(i)));
    } else {
      out.unknown.push_back(i);
    }
  }
  std::sort(out.rows.begin(), out.rows.end());
  return out;
}

TEST(JoinTable, brings_every_row_to_its_customer_whatever_a_round_holds) {
  TemporaryFolder const folder(world());
  auto const spec = movements_spec({folder.write("a.csv", movements_csv(0, kMovements, id))});
  auto const want = expected();
  ASSERT_GT(want.unknown.size(), 20U);
  for (std::uint64_t const rows_a_round : {60U, 500U, 1U << 18}) {
    auto const got = join(spec, nullptr, rows_a_round);
    EXPECT_EQ(got.rows, want.rows) << rows_a_round;
    EXPECT_EQ(got.table.rows, want.rows.size());
    EXPECT_EQ(got.table.unknown_customer, want.unknown.size());
    EXPECT_EQ(got.table.no_bridge, 0U);
    EXPECT_EQ(got.table.read.rejected, want.unknown.size());
    EXPECT_EQ(got.table.read.records, kMovements);
    ASSERT_EQ(got.rejects.size(), want.unknown.size());
    for (std::size_t i = 0; i < want.unknown.size(); ++i) {
      EXPECT_EQ(got.rejects[i].record, want.unknown[i] + 2);
      EXPECT_EQ(got.rejects[i].reason, RejectReason::unknown_customer);
      EXPECT_EQ(got.rejects[i].column, -1) << "the key is not among the columns";
    }
  }
}

TEST(JoinTable, does_not_depend_on_parts_or_their_order) {
  TemporaryFolder const folder(world());
  folder.write("1.csv", movements_csv(3000, kMovements, id));
  folder.write("2.csv.gz", test::gzipped(movements_csv(0, 700, id)));
  folder.write("3.csv", movements_csv(0, 0, id));
  folder.write("4.csv", movements_csv(700, 3000, id));
  auto const got = join(movements_spec({folder / "*"}), nullptr, 100);
  EXPECT_EQ(got.rows, expected().rows);
  EXPECT_EQ(got.table.unknown_customer, expected().unknown.size());
}

TEST(JoinTable, lists_so_many_rejects_and_counts_all) {
  TemporaryFolder const folder(world());
  auto const spec = movements_spec({folder.write("a.csv", movements_csv(0, kMovements, id))});
  auto const want = expected();
  auto const got = join(spec, nullptr, 100, 7);
  EXPECT_EQ(got.table.read.rejected, want.unknown.size());
  ASSERT_EQ(got.rejects.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(got.rejects[i].record, want.unknown[i] + 2);
}

TEST(JoinTable, hands_out_the_rows_of_a_customer_who_has_most_of_them_in_parts) {
  TemporaryFolder const folder(world());
  auto const hot = [](std::uint64_t i) { return i % 50 == 0 ? std::to_string(kCustomers + i) : "7"; };
  auto const spec = movements_spec({folder.write("a.csv", movements_csv(0, kMovements, hot))});
  auto const got = join(spec, nullptr, 40);
  EXPECT_EQ(got.rows.size(), kMovements - kMovements / 50);
  EXPECT_EQ(got.table.unknown_customer, kMovements / 50);
  // a part is a share of what each rank sends, rounded up
  EXPECT_LE(all_reduce(world(), got.largest_round, Reduce::maximum),
            80 + static_cast<std::uint64_t>(world().size()));
}

TEST(JoinTable, names_the_column_of_the_key_where_it_is_one) {
  TemporaryFolder const folder(world());
  auto spec = movements_spec({folder.write("a.csv", movements_csv(0, 10, [](auto) { return "nobody"; }))});
  spec.columns.push_back({"id", ColumnType::category, {}, {}, {""}});
  auto const got = join(spec, nullptr, 3);
  ASSERT_EQ(got.rejects.size(), 10U);
  EXPECT_EQ(got.rejects[0].column, 4);
  EXPECT_TRUE(got.rows.empty());
}

TEST(JoinTable, works_with_fewer_rows_than_ranks) {
  TemporaryFolder const folder(world());
  auto const spec = movements_spec({folder.write("a.csv", movements_csv(0, 1, [](auto) { return "12"; }))});
  EXPECT_EQ(join(spec, nullptr, 1).rows, std::vector{test::said(*customer_row(12), Movement(0))});
}

TEST(JoinTableRefuses, more_unknown_customers_than_allowed) {
  TemporaryFolder const folder(world());
  auto spec = movements_spec({folder.write("a.csv", movements_csv(0, kMovements, id))});
  spec.max_reject_fraction = 0.001;
  auto const want = expected();
  EXPECT_THAT(
      told([&] { (void)join(spec, nullptr, 64); }, ExitCode::input),
      AllOf(HasSubstr(std::to_string(want.unknown.size()) + " of 4000 records of table 'movements'"),
            HasSubstr("a.csv' record " + std::to_string(want.unknown[0] + 2) + ": unknown customer")));
}

TEST(JoinTableRefuses, a_table_without_a_key) {
  TemporaryFolder const folder(world());
  auto spec = movements_spec({folder.write("a.csv", movements_csv(0, 5, id))});
  spec.key = "";
  EXPECT_EQ(told([&] { (void)join(spec, nullptr, 64); }, ExitCode::configuration),
            "table 'movements' has no key");
}

TEST(JoinTable, fails_on_every_rank_when_one_cannot) {
  TemporaryFolder const folder(world());
  auto const spec = movements_spec({folder.write("a.csv", movements_csv(0, 5, id))});
  for (std::string const stage : {"join", "read_table"}) {
    ::setenv("TESSERA_FAULT", (stage + ":" + std::to_string(world().size() - 1)).c_str(), 1);
    EXPECT_NE(told([&] { (void)join(spec, nullptr, 64); }, ExitCode::resources), "");
    ::unsetenv("TESSERA_FAULT");
  }
}

}  // namespace
}  // namespace tessera
