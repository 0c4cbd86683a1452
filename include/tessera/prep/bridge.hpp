// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/row_blocks.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/io/table_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Tables that link something to customers, such as accounts to their holders: a table of transactions knows
/// the account, the bridge knows whose it is.
namespace tessera {

/// A rank's share of the links.
struct PlacedLinks {
  RowBlocks blocks;                      ///< of the links
  std::vector<Key> links;                ///< ascending
  std::vector<std::size_t> first_owner;  ///< [links + 1]
  std::vector<Key> owners;               ///< customers, the first of each link first
};

/// Who owns each link, spread over the ranks by the link's key.
class Bridge {
 public:
  /// `without_link`: over all ranks. `values_never_met`: the same on all.
  Bridge(TableRead read, PlacedLinks placed, std::uint64_t without_link,
         std::vector<std::string> values_never_met)
      : read_(std::move(read)),
        placed_(std::move(placed)),
        without_link_(without_link),
        values_never_met_(std::move(values_never_met)) {}

  /// The customers of some links, one run a link.
  struct Found {
    std::vector<std::size_t> offset;  ///< [links + 1]
    std::vector<Key> customers;       ///< [offset.back()]
  };
  /// *Collective.* Whose each of this rank's `links` is: the first owner, or all of them; none where the
  /// bridge does not know it. Asks the ranks that hold the links.
  [[nodiscard]] Found find(Communicator const& comm, std::span<Key const> links, Owners owners) const;

  /// Files, rejects and records of the bridge's table. Links of unknown customers are among the rejects.
  [[nodiscard]] TableRead const& read() const noexcept { return read_; }
  /// Rows of customers without a link, over all ranks.
  [[nodiscard]] std::uint64_t without_link() const noexcept { return without_link_; }
  /// Values that `where` names and that no record has, as "column = value"; the same on every rank.
  [[nodiscard]] std::vector<std::string> const& values_never_met() const noexcept {
    return values_never_met_;
  }

 private:
  TableRead read_;
  PlacedLinks placed_;
  std::uint64_t without_link_;
  std::vector<std::string> values_never_met_;
};

/// Local. Throws ConfigurationError where a column that the table's `link`, `order_by` or `where` names is
/// not declared or of another kind, or where a condition cannot hold.
void check_bridge(TableSpec const& spec);

/// *Collective.* Reads a bridge's table: `spec.key` is the customer's id, `spec.link` the id of what belongs
/// to the customer; rows that fail `spec.where` are no links. `customers` are placed. The owners of a link
/// are ordered by `spec.order_by` (missing comes last), then by their keys. Memory of a rank: its share of
/// the links, 40 bytes each, twice while they are sent. Throws as join_table and check_bridge do.
[[nodiscard]] Bridge build_bridge(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                  Table const& customers, Progress& progress,
                                  StreamOptions const& options = {});

}  // namespace tessera
