// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The ids of a table as text: the one way by which they leave the readers, for re-identification only.
namespace tessera {

/// Some ids, one after another.
struct IdBatch {
  std::string text;
  std::vector<std::uint32_t> length;  ///< [ids] bytes of `text`

  void add(std::string_view id) {
    text += id;
    length.push_back(static_cast<std::uint32_t>(id.size()));  // a record has less than 2^32 bytes
  }
  /// Local. Views of all ids, valid while the batch is unchanged.
  [[nodiscard]] std::vector<std::string_view> ids() const;
};

/// *Collective.* Reads the table's key column in parallel and calls take(batch), which may communicate, round
/// by round on all ranks: with the next `at_a_time` ids of this rank's records, or none where a rank is done
/// before others. Records that are no whole rows are passed over: no customer was made of them. Memory: one
/// batch and what read_csv takes beside its rows. Throws ConfigurationError for a table without a key column,
/// InputError as read_table does.
void read_ids(Communicator const& comm, TableSpec const& spec, std::size_t at_a_time,
              std::function<void(IdBatch const&)> const& take);

}  // namespace tessera
