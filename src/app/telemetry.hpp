// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/comm/traffic.hpp"
#include "tessera/io/result_file.hpp"
#include "tessera/io/result_reader.hpp"

#include <cstdint>
#include <span>
#include <string>

/// Where the time of a job went, stage by stage and rank by rank.
namespace tessera {

/// A stage on this rank.
struct StageRecord {
  std::string stage;
  double seconds = 0;             ///< until all ranks were through with it
  Traffic traffic;                ///< in the stage
  std::uint64_t peak_memory = 0;  ///< bytes, at the end of this rank's work
};

/// *Collective.* Writes the stages of all ranks, the same ones on each: /run/telemetry, and /run/timings with
/// the seconds of the slowest.
void write_telemetry(Communicator const& comm, ResultFile& file, std::span<StageRecord const> stages);

/// *Collective.* A table of the stages of a result: seconds, what they were spent on, bytes, imbalance,
/// memory; only the seconds where the file holds no more.
[[nodiscard]] std::string describe_timings(ResultReader const& reader);

}  // namespace tessera
