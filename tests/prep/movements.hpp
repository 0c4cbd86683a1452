// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/random.hpp"
#include "tessera/prep/customer_rows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gtest/gtest.h>

/// A table of movements generated from the record's number, and what joining it has to give.
namespace tessera::test {

inline constexpr std::uint64_t kCustomers = 3000;  // several blocks for each rank
inline constexpr std::uint64_t kMovements = 4000;

inline Table const& customers() {
  static Table const table = placed_customers(world(), kCustomers, Deal::scattered);
  return table;
}

/// The global row of the customer with this id, if there is one.
inline std::optional<std::uint64_t> customer_row(std::uint64_t id) {
  static std::vector<Key> const keys = [] {
    std::vector<Key> all;
    for (std::uint64_t i = 0; i < kCustomers; ++i) all.push_back(KeyHasher().of_ordinal(i));
    std::sort(all.begin(), all.end());
    return all;
  }();
  Key const key = KeyHasher().of_ordinal(id);
  auto const found = std::lower_bound(keys.begin(), keys.end(), key);
  if (found == keys.end() || *found != key) return std::nullopt;
  return static_cast<std::uint64_t>(found - keys.begin());
}

/// What a movement says, but for whose it is.
struct Movement {
  std::string amount, type, day, memo;

  explicit Movement(std::uint64_t i) {
    Draw const draw(23, Purpose::generate);
    auto const below = [&](std::uint64_t bound, std::uint32_t what) { return draw.below(bound, i, what); };
    amount = below(9, 1) == 0 ? "" : std::to_string(below(100'000, 2)) + ".25";
    type = below(9, 3) == 0 ? "" : below(4, 4) == 0 ? "type " + std::to_string(below(i + 1, 5)) : "DEBIT";
    day = "2026-0" + std::to_string(1 + below(9, 6)) + "-17";
    memo = below(2, 7) == 0 ? "" : "M" + std::to_string(below(50, 8));
  }
  [[nodiscard]] std::string csv() const { return amount + "," + type + "," + day + "," + memo; }
};

/// A movement with its customer, as a line of text that says all values.
inline std::string said(std::uint64_t customer, double amount, std::string const& type, double day,
                        std::optional<Key> const& memo) {
  return std::to_string(customer) + " " + (std::isnan(amount) ? "-" : std::to_string(amount)) + " " + type +
         " " + std::to_string(day) + " " + (memo ? std::to_string(memo->low) : "-");
}

inline std::string said(std::uint64_t customer, Movement const& m) {
  int const month = m.day[6] - '0';
  constexpr int kDaysBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243};
  double const day = 20454 + kDaysBefore[month - 1] + 16;  // 2026-01-01 is day 20454
  return said(customer, m.amount.empty() ? kNaN : std::stod(m.amount), m.type.empty() ? "-" : m.type, day,
              m.memo.empty() ? std::nullopt : std::optional(KeyHasher()(m.memo)));
}

inline TableSpec movements_spec(std::vector<std::string> path) {
  TableSpec spec;
  spec.name = "movements";
  spec.path = std::move(path);
  spec.key = "id";
  spec.max_reject_fraction = 1;
  spec.columns = {{"amount", ColumnType::real, {}, {}, {""}},
                  {"type", ColumnType::category, {}, {}, {""}},
                  {"day", ColumnType::date, {}, {}, {""}},
                  {"memo", ColumnType::id, {}, {}, {""}}};
  return spec;
}

/// Records [first, last) in a file; id_of(i) says whose they are.
template <class IdOf>
std::string movements_csv(std::uint64_t first, std::uint64_t last, IdOf&& id_of) {
  std::string text = "id,amount,type,day,memo\n";
  for (auto i = first; i < last; ++i) text += std::string(id_of(i)) + "," + Movement(i).csv() + "\n";
  return text;
}

struct Joined {
  std::vector<std::string> rows;  // of all ranks, sorted
  JoinedTable table;
  std::vector<Reject> rejects;  // of all ranks
  std::uint64_t largest_round = 0;
};

/// *Collective.* Joins, and checks what must hold for every round.
inline Joined join(TableSpec const& spec, Bridge const* bridge, std::uint64_t rows_a_round,
                   std::uint64_t listed = 1 << 12) {
  Joined out;
  std::string text;
  auto const take = [&](TableStream const& stream, CustomerRows&& rows) {
    EXPECT_EQ(all_reduce(world(), 1, Reduce::sum), world().size()) << "every rank takes part in every round";
    EXPECT_TRUE(std::is_sorted(rows.customer.begin(), rows.customer.end()));
    out.largest_round = std::max<std::uint64_t>(out.largest_round, rows.customer.size());
    auto const& amount = std::get<NumberColumn>(rows.columns[0].data).values;
    auto const& type = std::get<CategoryColumn>(rows.columns[1].data).codes;
    auto const& day = std::get<NumberColumn>(rows.columns[2].data).values;
    auto const& memo = std::get<KeyColumn>(rows.columns[3].data).keys;
    EXPECT_EQ(rows.columns[0].name, "amount");
    EXPECT_EQ(rows.columns[2].type, ColumnType::date);
    for (std::size_t i = 0; i < rows.customer.size(); ++i) {
      text += said(customers().blocks.first_row + rows.customer[i], amount[i],
                   type[i] == kMissingCode ? "-" : stream.categories(1)[static_cast<std::size_t>(type[i])],
                   day[i], memo[i]) +
              "\n";
    }
  };
  out.table = join_table(world(), spec, KeyHasher(), customers(), bridge, Progress::silent(), take,
                         {rows_a_round, listed, {}});
  auto const all = all_gather(world(), std::span<char const>(text)).values;
  std::string line;
  for (char const c : all) {
    if (c == '\n') {
      out.rows.push_back(std::exchange(line, ""));
    } else {
      line += c;
    }
  }
  std::sort(out.rows.begin(), out.rows.end());
  out.rejects = all_gather(world(), std::span<Reject const>(out.table.read.rejects)).values;
  return out;
}

/// What every rank is told by work that all of them do; "" where nothing is wrong.
template <class Work>
std::string told(Work&& work, ExitCode code) {
  std::string message;
  try {
    work();
  } catch (Error const& error) {
    message = error.what_is_wrong();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
  }
  EXPECT_EQ(broadcast_text(world(), message, world().size() - 1), message) << "all ranks are told the same";
  return message;
}

}  // namespace tessera::test
