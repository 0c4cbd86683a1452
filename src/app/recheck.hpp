// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "invariants.hpp"

/// Whether a result follows from its tables: they are read again, and labels and supports are found again by
/// plain means.
namespace tessera {

struct RecheckRequest {
  std::string configuration;
  std::vector<std::string> overrides;
  double share = 1;                     ///< of the customers and of the itemsets
  std::optional<std::uint64_t> seed{};  ///< of the sample; none: the run's
};

struct Recheck {
  std::vector<Check> checks;
  std::vector<std::string> counts;  ///< what was looked at, and how much of it, for people
};

/// *Collective.* Where configuration, key or tables are not those of the run, that is all that is told: what
/// follows from others would differ anyway. Throws what reading configuration and tables throws, and
/// InputError for a file that no `tessera run` wrote.
[[nodiscard]] Recheck recheck(Communicator const& comm, ResultReader const& reader,
                              RecheckRequest const& request);

}  // namespace tessera
