// SPDX-License-Identifier: Apache-2.0
#include "restricted_paths.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/file_list.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace tessera {

namespace {

namespace fs = std::filesystem;

bool lies_in(fs::path const& path, fs::path const& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

std::vector<fs::path> real_roots(std::vector<std::string> const& roots) {
  std::vector<fs::path> out;
  for (auto const& root : roots) {
    std::error_code error;
    auto const real = fs::canonical(root, error);
    if (!error && fs::is_directory(real)) {
      out.push_back(real);
      continue;
    }
    throw ConfigurationError(fmt::format("privacy.restrict_paths names \"{}\", which is no folder", root),
                             "nothing can be read from there or written to it",
                             "correct the path, or leave it out");
  }
  return out;
}

/// With all links followed. What does not exist, such as a new output, is under the real path of its folder.
fs::path real_path(std::string const& path) {
  std::error_code error;
  auto real = fs::canonical(path, error);
  if (!error) return real;
  // A link that leads nowhere yet: writing through it would make a file where it leads.
  auto const target = fs::read_symlink(path, error);
  if (!error) {
    auto const folder = fs::absolute(fs::path(path)).parent_path();
    return fs::weakly_canonical(target.is_absolute() ? target : folder / target);
  }
  return fs::weakly_canonical(fs::absolute(path));
}

}  // namespace

void require_within(Communicator const& comm, std::vector<std::string> const& roots,
                    std::span<NamedPath const> paths) {
  if (roots.empty()) return;
  together(comm, [&] {
    if (comm.rank() != 0) return;
    auto const allowed = real_roots(roots);
    for (auto const& [setting, path] : paths) {
      if (path.empty()) continue;
      auto const real = real_path(path);
      if (std::any_of(allowed.begin(), allowed.end(), [&](auto const& root) { return lies_in(real, root); }))
        continue;
      throw ConfigurationError(fmt::format("{} = \"{}\" leads to {}, outside of privacy.restrict_paths",
                                           setting, path, real.string()),
                               "this configuration may use files in those folders only",
                               "move the file there, or add its folder to privacy.restrict_paths");
    }
  });
}

void require_allowed_paths(Communicator const& comm, Configuration const& config, std::string const& output) {
  auto const& roots = config.privacy.restrict_paths;
  if (roots.empty()) return;
  std::vector<NamedPath> paths{
      {"the output", output},
      {"run.checkpoint_dir", config.run.checkpoint_dir},
      {"run.status_dir", config.run.status_dir},
      {"run.prometheus_file", config.run.prometheus_file},
      {"privacy.key_file", config.privacy.key_file},
      {"privacy.audit_log", config.privacy.audit_log},
      {"quality.previous", config.quality.previous},
      {"kmeans.centroids", config.kmeans_centroids.substr(0, config.kmeans_centroids.find(":/"))},
      {"items.taxonomy", config.items_taxonomy}};
  for (auto const& table : config.tables) {
    for (auto const& file : list_files(comm, table.path, fmt::format("table '{}'", table.name)))
      paths.push_back({fmt::format("table '{}'", table.name), file.path});
  }
  require_within(comm, roots, paths);
}

}  // namespace tessera
