// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <optional>
#include <string>

#include "prepared_customers.hpp"

/// Prepared customers in a file, by blocks of rows that any number of ranks can take up. They are what took
/// longest to read; features and items are made of them in seconds.
namespace tessera {

/// *Collective.* Replaces the file once the new one is whole. Throws ResourceError when the disk is full.
/// Holds a column twice while it is written.
void write_snapshot(Communicator const& comm, std::string const& path, PreparedCustomers const& customers);

/// *Collective.* nullopt where there is no file, or one that is damaged: every digest is checked.
[[nodiscard]] std::optional<PreparedCustomers> read_snapshot(Communicator const& comm,
                                                             std::string const& path);

}  // namespace tessera
