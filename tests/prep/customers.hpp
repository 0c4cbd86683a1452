// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/random.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/prep/place.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "stats/sample.hpp"

/// A customers table generated from the record number, dealt to ranks as a reader might have left it.
namespace tessera::test {

inline TableSpec customers_spec(Duplicates duplicates = Duplicates::error, std::string order_by = "") {
  TableSpec spec;
  spec.name = "customers";
  spec.key = "customer_id";
  spec.duplicates = duplicates;
  spec.order_by = std::move(order_by);
  return spec;
}

/// The table of these records, in this order: the customer's id is id_of(record).
template <class IdOf>
Table customers_of(std::vector<std::uint64_t> const& records, IdOf&& id_of) {
  NumberColumn age, balance, opened, seen, constant, nothing;
  CategoryColumn job, contact;
  KeyColumn partner;
  job.categories = {"admin.", "nobody", "retired", "student"};
  contact.categories = {"e-mail", "phone"};
  Table table;
  table.name = "customers";
  KeyHasher const hash;
  Draw const draw(31, Purpose::generate);
  for (auto const record : records) {
    table.keys.push_back(hash.of_ordinal(id_of(record)));
    age.values.push_back(sample_value("whole numbers", record));
    balance.values.push_back(sample_value("with missing", record) * 1000);
    opened.values.push_back(std::floor(sample_value("gauss", record) * 30) + 14000);
    seen.values.push_back(1.6e9 + std::floor(draw.uniform(record, 1) * 1e7));
    constant.values.push_back(7.0);
    nothing.values.push_back(kNaN);
    constexpr std::int32_t kJobs[] = {0, 0, 2, 3, kMissingCode};
    job.codes.push_back(kJobs[draw.below(5, record, 2)]);
    contact.codes.push_back(static_cast<std::int32_t>(draw.below(2, record, 3)));
    partner.keys.push_back(draw.uniform(record, 4) < 0.5 ? std::nullopt
                                                         : std::optional(hash.of_ordinal(record / 2)));
  }
  table.columns = {{"age", ColumnType::integer, std::move(age)},
                   {"balance", ColumnType::real, std::move(balance)},
                   {"opened", ColumnType::date, std::move(opened)},
                   {"seen", ColumnType::datetime, std::move(seen)},
                   {"constant", ColumnType::real, std::move(constant)},
                   {"nothing", ColumnType::real, std::move(nothing)},
                   {"job", ColumnType::category, std::move(job)},
                   {"contact", ColumnType::category, std::move(contact)},
                   {"partner", ColumnType::id, std::move(partner)}};
  return table;
}

/// A table of one column of numbers, all on this rank.
inline Table table_of(std::vector<double> values, ColumnType type = ColumnType::real) {
  Table table;
  table.name = "customers";
  table.keys.resize(values.size());
  table.blocks = regular_blocks(values.size(), 0, 1);
  table.columns = {{"x", type, NumberColumn{std::move(values)}}};
  return table;
}

inline std::uint64_t own_id(std::uint64_t record) {
  return record;
}

/// This rank's share of records 0 .. count - 1.
inline std::vector<std::uint64_t> records(Communicator const& comm, std::uint64_t count, Deal deal) {
  std::vector<std::uint64_t> all(count);
  for (std::uint64_t i = 0; i < count; ++i) all[i] = i;
  return share_of(comm, all, deal);
}

inline Table placed_customers(Communicator const& comm, std::uint64_t count, Deal deal) {
  return place_customers(comm, customers_of(records(comm, count, deal), own_id), customers_spec()).table;
}

/// The values of all ranks in rank order.
template <class T>
std::vector<T> concatenated(Communicator const& comm, std::vector<T> const& mine) {
  return all_gather(comm, std::span<T const>(mine)).values;
}

/// The whole table on every rank, with numbers as bits: what must not depend on ranks or on file order.
struct Contents {
  std::vector<Key> keys;
  std::vector<std::vector<std::uint64_t>> numbers;
  std::vector<std::vector<std::int32_t>> codes;
  std::vector<std::vector<std::optional<Key>>> ids;
  std::vector<std::size_t> rows_in_block;
  bool operator==(Contents const&) const = default;
};

inline Contents contents(Communicator const& comm, Table const& table) {
  Contents out;
  out.keys = concatenated(comm, table.keys);
  for (auto const& column : table.columns) {
    if (auto const* n = std::get_if<NumberColumn>(&column.data)) {
      out.numbers.push_back(bits(concatenated(comm, n->values)));
    } else if (auto const* c = std::get_if<CategoryColumn>(&column.data)) {
      out.codes.push_back(concatenated(comm, c->codes));
    } else {
      out.ids.push_back(concatenated(comm, std::get<KeyColumn>(column.data).keys));
    }
  }
  std::vector<std::size_t> rows;
  for (std::size_t b = 0; b < table.blocks.blocks(); ++b) {
    rows.push_back(table.blocks.offset[b + 1] - table.blocks.offset[b]);
  }
  out.rows_in_block = concatenated(comm, rows);
  return out;
}

}  // namespace tessera::test
