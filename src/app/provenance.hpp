// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/result_file.hpp"

#include <span>
#include <string>
#include <vector>

#include "stages.hpp"

/// Where a result came from: /run and /rejects.
namespace tessera {

/// *Collective.* What every result file has: program, machine, job and time of each stage; says and stores
/// warnings.
void write_run(Communicator const& comm, ResultFile& file, Stages& stages, std::string const& command,
               std::vector<std::string> const& warnings);

/// *Collective.* The configuration in effect with its digest, and the reference day, seed and privacy
/// settings.
void write_configuration(ResultFile& file, Configuration const& config);

/// *Collective.* /run/inputs: what was read; /rejects: what was set aside and why. `others`: of the tables
/// after the first.
void write_inputs(Communicator const& comm, ResultFile& file, Configuration const& config,
                  TableRead const& customers, std::vector<TableRead> const& others);

}  // namespace tessera
