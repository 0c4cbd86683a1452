// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/bridge.hpp"

#include <map>
#include <set>
#include <string>
#include <tuple>
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

constexpr std::uint64_t kLinks = 2500, kAccounts = 1500;

/// A row of the bridge: some accounts have several owners, some none; some rows have no account, or a
/// customer whom nobody knows.
struct LinkRow {
  std::uint64_t customer;
  std::string account, kind, rank;

  explicit LinkRow(std::uint64_t i) {
    Draw const draw(77, Purpose::generate);
    customer = draw.below(kCustomers + 100, i, 0);
    account = i % 40 == 3 ? "" : "A" + std::to_string(draw.below(kAccounts, i, 1));
    kind = i % 30 == 4                ? ""
           : draw.below(3, i, 2) == 0 ? "USER"
           : draw.below(2, i, 3) == 0 ? "OWNER"
                                      : "AGENT";
    rank = i % 25 == 6 ? "" : std::to_string(draw.below(4, i, 4));
  }
};

TableSpec bridge_spec(std::vector<std::string> path) {
  TableSpec spec;
  spec.name = "disp";
  spec.path = std::move(path);
  spec.key = "client";
  spec.link = "account";
  spec.max_reject_fraction = 1;
  spec.columns = {{"account", ColumnType::id, {}, {}, {""}},
                  {"kind", ColumnType::category, {}, {}, {""}},
                  {"rank", ColumnType::integer, {}, {}, {""}},
                  {"seen", ColumnType::datetime, {}, {}, {""}}};
  return spec;
}

std::string seen(std::uint64_t i) {
  return i % 2 == 0 ? "2026-03-04 23:59:00" : "2026-03-05 00:00:00";
}

std::string links_csv(std::uint64_t first, std::uint64_t last) {
  std::string text = "client,account,kind,rank,seen\n";
  for (auto i = first; i < last; ++i) {
    LinkRow const row(i);
    text += std::to_string(row.customer) + "," + row.account + "," + row.kind + "," + row.rank + "," +
            seen(i) + "\n";
  }
  // a customer twice for an account, with another place in the order
  text += std::string("12,A1,AGENT,1,\n12,A1,USER,0,\n");
  return text;
}

Bridge build(TableSpec const& spec, std::uint64_t rows_a_round = 700) {
  return build_bridge(world(), spec, KeyHasher(), test::customers(), Progress::silent(),
                      {rows_a_round, 100, {}});
}

/// The owners of every account in order, by a naive look at all rows.
using OwnersOf = std::map<std::string, std::vector<std::uint64_t>>;
OwnersOf owners_of(auto&& order_of, auto&& is_link) {
  std::map<std::string, std::map<std::uint64_t, std::string>> best;  // account, customer row, order
  auto const add = [&](LinkRow const& row, std::uint64_t i) {
    auto const customer = customer_row(row.customer);
    if (!customer || row.account.empty() || !is_link(row, i)) return;
    std::string order = order_of(row);
    if (order.empty()) order = "~";  // behind all letters and digits
    auto const [found, is_new] = best[row.account].try_emplace(*customer, order);
    if (!is_new) found->second = std::min(found->second, order);
  };
  for (std::uint64_t i = 0; i < kLinks; ++i) add(LinkRow(i), i);
  for (bool const first : {true, false}) {
    LinkRow row(0);
    row.customer = 12;
    row.account = "A1";
    row.kind = first ? "AGENT" : "USER";
    row.rank = first ? "1" : "0";
    add(row, 1'000'001);
  }
  OwnersOf out;
  for (auto const& [account, customers] : best) {
    std::set<std::pair<std::string, std::uint64_t>> ordered;
    for (auto const& [customer, order] : customers) ordered.emplace(order, customer);
    for (auto const& [order, customer] : ordered) out[account].push_back(customer);
  }
  return out;
}

std::string account(std::uint64_t i) {
  Draw const draw(6, Purpose::generate);
  // most rows are of one account, others of accounts that no bridge knows
  return draw.below(3, i, 0) > 0 ? "A1" : "A" + std::to_string(draw.below(kAccounts + 200, i, 1));
}

void expect_joined(TemporaryFolder const& folder, Bridge const& bridge, OwnersOf const& owners,
                   std::uint64_t rows_a_round) {
  auto spec = movements_spec({folder.write("movements.csv", movements_csv(0, kMovements, account))});
  spec.via = "disp";
  for (auto const who : {Owners::first, Owners::all}) {
    spec.owners = who;
    std::vector<std::string> rows;
    std::vector<std::uint64_t> astray;
    for (std::uint64_t i = 0; i < kMovements; ++i) {
      auto const found = owners.find(account(i));
      if (found == owners.end()) {
        astray.push_back(i);
        continue;
      }
      auto customers = found->second;
      if (who == Owners::first) customers.resize(1);
      for (auto const customer : customers) rows.push_back(test::said(customer, Movement(i)));
    }
    std::sort(rows.begin(), rows.end());
    ASSERT_GT(astray.size(), 100U);
    auto const got = join(spec, &bridge, rows_a_round);
    EXPECT_TRUE(got.rows == rows) << rows.size() << " wanted, got " << got.rows.size();
    EXPECT_EQ(got.table.rows, rows.size());
    EXPECT_EQ(got.table.no_bridge, astray.size());
    EXPECT_EQ(got.table.unknown_customer, 0U);
    ASSERT_EQ(got.rejects.size(), astray.size());
    for (std::size_t i = 0; i < astray.size(); ++i) {
      EXPECT_EQ(got.rejects[i].record, astray[i] + 2);
      EXPECT_EQ(got.rejects[i].reason, RejectReason::unknown_link);
    }
  }
}

bool any(LinkRow const&, std::uint64_t) {
  return true;
}

TEST(Bridge, brings_rows_to_the_first_or_to_all_owners_of_their_link) {
  TemporaryFolder const folder(world());
  auto const spec = bridge_spec({folder.write("disp.csv", links_csv(0, kLinks))});
  auto const owners = owners_of([](LinkRow const&) { return std::string(); }, any);
  for (std::uint64_t const rows_a_round : {300U, 1U << 18}) {
    expect_joined(folder, build(spec, rows_a_round), owners, rows_a_round);
  }
}

TEST(Bridge, orders_owners_by_a_number_or_a_category_missing_ones_last) {
  TemporaryFolder const folder(world());
  auto spec = bridge_spec({folder.write("disp.csv", links_csv(0, kLinks))});
  spec.order_by = "rank";
  expect_joined(folder, build(spec), owners_of([](LinkRow const& row) { return row.rank; }, any), 500);
  spec.order_by = "kind";
  expect_joined(folder, build(spec), owners_of([](LinkRow const& row) { return row.kind; }, any), 500);
}

TEST(Bridge, does_not_depend_on_parts_or_their_order) {
  TemporaryFolder const folder(world());
  folder.write("1.csv", links_csv(2000, kLinks));
  folder.write("2.csv", links_csv(0, 2000));
  auto spec = bridge_spec({folder / "[12].csv"});
  spec.order_by = "kind";
  expect_joined(folder, build(spec), owners_of([](LinkRow const& row) { return row.kind; }, any), 500);
}

TEST(Bridge, takes_the_rows_that_meet_every_condition) {
  TemporaryFolder const folder(world());
  auto spec = bridge_spec({folder.write("disp.csv", links_csv(0, kLinks))});
  auto const no_order = [](LinkRow const&) { return std::string(); };
  spec.where = {{"kind", {"OWNER", "AGENT", "OWNER"}, {}, {}}, {"rank", {}, 1.0, 2.0}};
  expect_joined(folder, build(spec),
                owners_of(no_order,
                          [](LinkRow const& row, auto) {
                            return (row.kind == "OWNER" || row.kind == "AGENT") &&
                                   (row.rank == "1" || row.rank == "2");
                          }),
                500);
  spec.where = {{"kind", {}, {}, {}}, {"seen", {}, {}, 20516.0}};  // until the end of 2026-03-04
  expect_joined(
      folder, build(spec),
      owners_of(no_order, [](LinkRow const& row,
                             std::uint64_t i) { return !row.kind.empty() && i < kLinks && i % 2 == 0; }),
      500);
}

TEST(Bridge, counts_the_rows_that_are_no_links) {
  TemporaryFolder const folder(world());
  auto const bridge = build(bridge_spec({folder.write("disp.csv", links_csv(0, kLinks))}));
  std::uint64_t unknown = 0, without = 0;
  for (std::uint64_t i = 0; i < kLinks; ++i) {
    if (!customer_row(LinkRow(i).customer)) {
      ++unknown;
    } else if (LinkRow(i).account.empty()) {
      ++without;
    }
  }
  EXPECT_EQ(bridge.without_link(), without);
  EXPECT_EQ(bridge.read().records, kLinks + 2);
  EXPECT_EQ(bridge.read().rejected, unknown);
  auto const rejects = all_gather(world(), std::span<Reject const>(bridge.read().rejects)).values;
  ASSERT_FALSE(rejects.empty());
  EXPECT_EQ(rejects[0].reason, RejectReason::unknown_customer);
}

TEST(Bridge, may_have_no_link_at_all) {
  TemporaryFolder const folder(world());
  auto spec = bridge_spec({folder.write("disp.csv", links_csv(0, 50))});
  spec.where = {{"kind", {"nothing"}, {}, {}}};
  auto const bridge = build(spec);
  EXPECT_EQ(bridge.values_never_met(), std::vector<std::string>{"kind = nothing"});
  auto table = movements_spec({folder.write("movements.csv", movements_csv(0, 20, account))});
  EXPECT_EQ(join(table, &bridge, 10).table.no_bridge, 20U);
}

TEST(BridgeRefuses, what_its_check_refuses_and_a_table_without_a_key) {
  TemporaryFolder const folder(world());
  auto spec = bridge_spec({folder.write("disp.csv", links_csv(0, 50))});
  spec.key = "";
  EXPECT_EQ(told([&] { (void)build(spec); }, ExitCode::configuration), "table 'disp' has no key");
  spec.link = "kind";
  EXPECT_EQ(told([&] { (void)build(spec); }, ExitCode::configuration),
            "table 'disp': link = \"kind\" (no id column of this name is declared)");
}

TEST(BridgeRefuses, more_unknown_customers_than_allowed) {
  TemporaryFolder const folder(world());
  auto spec = bridge_spec({folder.write("disp.csv", links_csv(0, kLinks))});
  spec.max_reject_fraction = 0.001;
  EXPECT_THAT(told([&] { (void)build(spec); }, ExitCode::input),
              AllOf(HasSubstr("records of table 'disp' were rejected"), HasSubstr("unknown customer")));
}

}  // namespace
}  // namespace tessera
