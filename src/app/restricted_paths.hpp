// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/comm/communicator.hpp"

#include <span>
#include <string>
#include <vector>

/// privacy.restrict_paths: the folders that a run may read from and write to. Symbolic links are followed
/// before a path is judged, so a link inside a folder that leads out of it is refused.
namespace tessera {

/// A path and what named it, for messages.
struct NamedPath {
  std::string setting, path;
};

/// *Collective.* Rank 0 asks the file system. Without roots everything is allowed. Throws ConfigurationError
/// for a root that is no folder, and for a path whose real path is in none of them; one that does not exist
/// yet is judged by the folders that do.
void require_within(Communicator const& comm, std::vector<std::string> const& roots,
                    std::span<NamedPath const> paths);

/// *Collective.* All files that a configuration names, those that globs find one by one, and `output`.
void require_allowed_paths(Communicator const& comm, Configuration const& config, std::string const& output);

}  // namespace tessera
