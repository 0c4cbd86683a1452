// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/prep/quality.hpp"

#include <string>
#include <vector>

/// What an earlier run said of its columns, to tell what has drifted since.
namespace tessera {

struct PreviousColumn {
  std::string table, name;
  BinCounts distribution;
};

/// *Collective.* The columns in a result file's /quality that have a distribution; none without a path.
/// Throws InputError for a file that has no account of its quality, or a damaged one.
[[nodiscard]] std::vector<PreviousColumn> load_previous_quality(Communicator const& comm,
                                                                std::string const& path);

/// *Collective.* Notes each column's drift since then, where the earlier run had a column of its name in a
/// table of the same name.
void tell_drift(Communicator const& comm, Table const& customers, std::vector<PreviousColumn> const& previous,
                TableQuality& quality);

}  // namespace tessera
