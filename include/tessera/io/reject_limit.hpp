// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"

namespace tessera {

/// *Collective.* Throws InputError where a table has no data record, or more rejects than
/// spec.max_reject_fraction of its records; the message lists the first of them (file, record, column and
/// reason, never a value).
void check_reject_limit(Communicator const& comm, TableSpec const& spec, TableRead const& read);

}  // namespace tessera
