// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/customer_rows.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/fault.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "deliver.hpp"
#include "key_index.hpp"

namespace tessera {

namespace {

/// Every row to the customer that its own key names.
detail::Addressed by_own_key(Table& rows) {
  detail::Addressed out;
  out.row.resize(rows.rows());
  std::iota(out.row.begin(), out.row.end(), 0U);
  out.customer = std::exchange(rows.keys, {});
  return out;
}

/// Every row to the owners of its link. `astray`: rows whose link the bridge does not know.
detail::Addressed by_link(Table const& rows, Bridge::Found&& found, std::vector<std::uint32_t>& astray) {
  detail::Addressed out;
  out.row.reserve(found.customers.size());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::size_t const owners = found.offset[row + 1] - found.offset[row];
    out.row.insert(out.row.end(), owners, static_cast<std::uint32_t>(row));
    if (owners == 0) astray.push_back(static_cast<std::uint32_t>(row));
  }
  out.customer = std::move(found.customers);
  return out;
}

/// *Collective.* Whom the rows of a round go to; rows whose link is unknown are rejected, and counted.
detail::Addressed address(Communicator const& comm, TableStream& stream, Table& rows, Bridge const* bridge,
                          Owners owners, std::uint64_t& no_bridge) {
  if (bridge == nullptr) return together(comm, [&] { return by_own_key(rows); });
  auto found = bridge->find(comm, rows.keys, owners);
  return together(comm, [&] {
    std::vector<std::uint32_t> astray;
    auto addressed = by_link(rows, std::move(found), astray);
    stream.reject(astray, RejectReason::unknown_link);
    no_bridge += astray.size();
    return addressed;
  });
}

}  // namespace

JoinedTable join_table(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                       Table const& customers, Bridge const* bridge, Progress& progress, TakeRows const& take,
                       StreamOptions const& options) {
  JoinedTable out;
  auto const index = together(comm, [&] {
    fail_if_planted("join", comm.rank());
    return detail::KeyIndex(customers.keys, customers.blocks);
  });
  TableStream stream(comm, spec, hash, progress, options);
  std::uint64_t const most_rows = 2 * std::max<std::uint64_t>(options.rows_a_round, 1);
  Table rows;
  while (stream.next(rows)) {
    auto const addressed = address(comm, stream, rows, bridge, spec.owners, out.no_bridge);
    auto const unknown =
        detail::deliver(comm, rows.columns, addressed, index, most_rows, [&](CustomerRows&& arrived) {
          out.rows += arrived.customer.size();
          take(stream, std::move(arrived));
        });
    out.unknown_customer += unknown.size();
    together(comm, [&] { stream.reject(unknown, RejectReason::unknown_customer); });
  }
  for (auto* const count : {&out.rows, &out.unknown_customer, &out.no_bridge}) {
    *count = all_reduce(comm, *count, Reduce::sum);
  }
  out.read = stream.finish();
  return out;
}

}  // namespace tessera
