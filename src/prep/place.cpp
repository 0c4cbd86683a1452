// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/place.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/data/placement.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "by_owner.hpp"
#include "columns.hpp"
#include "duplicates.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Calls visit(values) for the values of each column in turn: keys first.
template <class Visit>
void for_each_column(Table& table, Visit&& visit) {
  visit(table.keys);
  for (auto& column : table.columns) {
    struct Values {
      Visit& visit;
      void operator()(NumberColumn& c) const { visit(c.values); }
      void operator()(CategoryColumn& c) const { visit(c.codes); }
      void operator()(KeyColumn& c) const { visit(c.keys); }
    };
    std::visit(Values{visit}, column.data);
  }
}

/// *Collective.* Keeps these rows, in this order. One column at a time, so that one column is held twice.
void select_rows(Communicator const& comm, Table& table, std::vector<std::size_t> const& rows) {
  together(comm,
           [&] { for_each_column(table, [&](auto& values) { values = detail::gather(values, rows); }); });
}

/// *Collective.* Every row to its owner, column by column.
void ship(Communicator const& comm, Table& table, KeyBlocks const& blocks) {
  auto const shipment = together(comm, [&] {
    fail_if_planted("place", comm.rank());
    return detail::sort_by_owner(table.keys, blocks, comm.size());
  });
  for_each_column(table, [&](auto& values) {
    using Values = std::remove_reference_t<decltype(values)>;
    auto const outgoing =
        together(comm, [&] { return detail::gather(std::exchange(values, Values{}), shipment.order); });
    values = all_to_all(comm, std::span<typename Values::value_type const>(outgoing),
                        std::span<std::uint64_t const>(shipment.counts))
                 .values;
  });
}

/// First row of each block of this rank, and one past the last: [blocks + 1].
struct Buckets {
  std::uint64_t first_block = 0;
  std::vector<std::size_t> offset;
};

Buckets count_blocks(std::vector<Key> const& keys, KeyBlocks const& blocks, Communicator const& comm) {
  Placement const placement(blocks.count(), comm.size());
  Buckets out;
  out.first_block = placement.first_block(comm.rank());
  out.offset.assign(placement.first_block(comm.rank() + 1) - out.first_block + 1, 0);
  for (auto const& key : keys) ++out.offset[blocks.of(key) - out.first_block + 1];
  for (std::size_t b = 1; b < out.offset.size(); ++b) out.offset[b] += out.offset[b - 1];
  return out;
}

/// The order of the rows by key: by counting into blocks, then within each block, which fits the cache.
std::vector<std::size_t> sort_by_key(std::vector<Key> const& keys, KeyBlocks const& blocks,
                                     Communicator const& comm) {
  struct Row {
    Key key;
    std::size_t index;
  };
  auto const buckets = count_blocks(keys, blocks, comm);
  auto next = buckets.offset;
  std::vector<Row> rows(keys.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    rows[next[blocks.of(keys[row]) - buckets.first_block]++] = {keys[row], row};
  }
  std::vector<std::size_t> order;
  order.reserve(rows.size());
  for (std::size_t b = 0; b + 1 < buckets.offset.size(); ++b) {
    auto const first = rows.begin() + static_cast<std::ptrdiff_t>(buckets.offset[b]);
    auto const last = rows.begin() + static_cast<std::ptrdiff_t>(buckets.offset[b + 1]);
    std::sort(first, last, [](Row const& x, Row const& y) { return x.key < y.key; });
    for (auto row = first; row != last; ++row) order.push_back(row->index);
  }
  return order;
}

/// *Collective.* Leaves one row a key as the table's specification says. Returns the rows dropped, over all
/// ranks.
std::uint64_t drop_duplicates(Communicator const& comm, Table& table, TableSpec const& spec) {
  auto const sharing = all_reduce(comm, detail::rows_sharing_a_key(table.keys), Reduce::sum);
  if (sharing == 0) return 0;
  if (spec.duplicates == Duplicates::error) {
    throw InputError(
        fmt::format("{} rows of table {} share their id (column {}) with another row", sharing, table.name,
                    spec.key),
        "a customer would be counted more than once",
        "clean the table, or keep one row a customer with duplicates = \"first\" or \"last\" and "
        "order_by = a column that says which is current");
  }
  auto const before = table.rows();
  auto const kept = together(comm, [&] {
    detail::RowOrder const order(table, detail::column_of(table, spec.order_by, "order_by"));
    return detail::one_row_a_key(table.keys, spec.duplicates, order);
  });
  select_rows(comm, table, kept);
  return all_reduce(comm, static_cast<std::uint64_t>(before - table.rows()), Reduce::sum);
}

void check_order(Table const& table, TableSpec const& spec) {
  if (spec.duplicates == Duplicates::error) return;
  if (spec.order_by.empty()) {
    throw ConfigurationError(
        fmt::format("table {} keeps the {} row of each id but has no order_by", table.name,
                    spec.duplicates == Duplicates::first ? "first" : "last"),
        "the order of rows in a file is an accident, and another split of the files would keep other rows",
        "set order_by to a column that orders the rows, such as the date of the last change");
  }
  static_cast<void>(detail::column_of(table, spec.order_by, "order_by"));
}

}  // namespace

Placed place_customers(Communicator const& comm, Table table, TableSpec const& spec) {
  check_order(table, spec);
  // Blocks are chosen from the rows read, repeated ids included: a number known before anything is compared,
  // and the same for every number of ranks.
  KeyBlocks const blocks(all_reduce(comm, static_cast<std::uint64_t>(table.rows()), Reduce::sum));
  ship(comm, table, blocks);
  select_rows(comm, table, together(comm, [&] { return sort_by_key(table.keys, blocks, comm); }));
  Placed out;
  out.duplicates = drop_duplicates(comm, table, spec);

  auto const offset = count_blocks(table.keys, blocks, comm).offset;
  std::vector<std::size_t> rows_in_block;
  for (std::size_t b = 1; b < offset.size(); ++b) rows_in_block.push_back(offset[b] - offset[b - 1]);
  table.blocks = gather_blocks(comm, blocks.count(), rows_in_block);
  out.table = std::move(table);
  return out;
}

}  // namespace tessera
