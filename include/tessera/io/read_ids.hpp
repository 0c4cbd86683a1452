// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/id_batch.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <functional>

/// The ids of a table as text: the one way by which they leave the readers, for re-identification only.
namespace tessera {

/// *Collective.* Reads the table's key column in parallel, in any format, as UTF-8, and calls take(batch),
/// which may communicate, round by round on all ranks: with the ids in the next `at_a_time` of this rank's
/// records, perhaps none. Records that are no whole rows, or have no id, are passed over: no customer was
/// made of them. Memory: one batch and what read_table takes beside its rows. Throws ConfigurationError for a
/// table without a key column, and as read_table does; rejects are not counted.
void read_ids(Communicator const& comm, TableSpec const& spec, std::size_t at_a_time,
              std::function<void(IdBatch const&)> const& take);

}  // namespace tessera
