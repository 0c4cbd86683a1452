// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What a checkpoint is of: a run may go on only from one of the same program, configuration, key and inputs.
namespace tessera {

struct InputFact {
  std::string path;
  std::uint64_t bytes = 0;
  std::int64_t changed = 0;  ///< time of the last change, nanoseconds since 1970
};

struct JobManifest {
  std::string program;        ///< version and commit
  std::string configuration;  ///< in effect, as TOML, without what does not change results
  std::string key_check;
  std::vector<InputFact> inputs;  ///< by table and path
};

/// *Collective.* Of the job at hand. Throws what list_files does.
[[nodiscard]] JobManifest manifest_of(Communicator const& comm, Configuration const& config,
                                      std::string const& key_check);

/// Local. What is not as it was, in words ("kmeans.k was 8 and is 9"); empty where nothing differs.
[[nodiscard]] std::vector<std::string> differences(JobManifest const& was, JobManifest const& is);

/// *Collective.* Whether there is a whole result file of this name that this very job made: then a run that
/// was ended just after it need not do it again.
[[nodiscard]] bool is_result_of(Communicator const& comm, std::string const& path,
                                Configuration const& config, JobManifest const& job);

}  // namespace tessera
