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
  /// `total_links`, `without_link`: over all ranks.
  Bridge(TableRead read, PlacedLinks placed, std::uint64_t total_links, std::uint64_t without_link)
      : read_(std::move(read)),
        placed_(std::move(placed)),
        total_links_(total_links),
        without_link_(without_link) {}

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
  /// Links over all ranks, each pair of link and customer once.
  [[nodiscard]] std::uint64_t links() const noexcept { return total_links_; }
  /// Rows without a link, over all ranks.
  [[nodiscard]] std::uint64_t without_link() const noexcept { return without_link_; }

 private:
  TableRead read_;
  PlacedLinks placed_;
  std::uint64_t total_links_, without_link_;
};

/// *Collective.* Reads a bridge's table: `spec.key` is the customer's id, `spec.link` the id of what belongs
/// to the customer; rows that fail `spec.where` are no links. `customers` are placed. The owners of a link
/// are ordered by `spec.order_by` (missing comes last), then by their keys. Memory of a rank: its share of
/// the links, 40 bytes each, twice while they are sent. Throws as join_table, and ConfigurationError where a
/// column that `spec` names is not declared or of another kind.
[[nodiscard]] Bridge build_bridge(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                  Table const& customers, Progress& progress,
                                  StreamOptions const& options = {});

}  // namespace tessera
