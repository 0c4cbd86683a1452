// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/io/table_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Tables that link something to customers, such as accounts to their holders: a table of transactions knows
/// the account, the bridge knows whose it is.
namespace tessera {

/// Who owns each link, spread over the ranks by the link's key.
class Bridge {
 public:
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
  friend Bridge build_bridge(Communicator const&, TableSpec const&, KeyHasher const&, Table const&, Progress&,
                             StreamOptions const&);
  TableRead read_;
  std::uint64_t total_links_ = 0, without_link_ = 0;
};

/// *Collective.* Reads a bridge's table: `spec.key` is the customer's id, `spec.link` the id of what belongs
/// to the customer; rows that fail `spec.where` are no links. `customers` are placed. The owners of a link
/// are ordered by `spec.order_by` (missing comes last), then by their keys. Memory of a rank: its share of
/// the links, 48 bytes each, twice while they are sorted.
[[nodiscard]] Bridge build_bridge(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                  Table const& customers, Progress& progress,
                                  StreamOptions const& options = {});

}  // namespace tessera
