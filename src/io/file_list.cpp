// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/file_list.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

namespace tessera {

namespace {

constexpr char const* kIncomplete = "the result would silently leave out customers or their data";

/// The paths that match a glob, or the path itself where it has no wildcard or names a file as it stands.
std::vector<std::string> expand(std::string const& pattern, std::string_view what) {
  struct stat status;
  if (pattern.find_first_of("*?[") == std::string::npos || ::stat(pattern.c_str(), &status) == 0)
    return {pattern};
  glob_t found{};
  int const result = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_ERR, nullptr, &found);
  std::vector<std::string> paths;
  for (std::size_t i = 0; result == 0 && i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (result == GLOB_NOMATCH) {
    throw InputError(fmt::format("{}: no file matches '{}'", what, pattern), kIncomplete,
                     "correct the path, or wait until the files are delivered");
  }
  if (result != 0) {
    throw InputError(fmt::format("{}: a folder of '{}' cannot be listed", what, pattern), kIncomplete,
                     "make every folder on the way readable for the account that runs the job");
  }
  return paths;
}

FileEntry examine(std::string const& path, std::string_view what) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) {
    bool const missing = errno == ENOENT;
    throw InputError(
        missing ? fmt::format("{}: there is no file '{}'", what, path)
                : fmt::format("{}: the file '{}' cannot be examined: {}", what, path, std::strerror(errno)),
        kIncomplete, "correct the path; a relative path starts from the folder in which the job runs");
  }
  if (!S_ISREG(status.st_mode)) {
    bool const folder = S_ISDIR(status.st_mode);
    throw InputError(
        fmt::format("{}: '{}' is {}", what, path, folder ? "a folder" : "not a regular file"),
        "only regular files can be cut into parts and read by many ranks",
        folder ? "name the files in it, for example with '/*.csv'" : "copy its content into a file");
  }
  return {path, static_cast<std::uint64_t>(status.st_size), compression_of(path)};
}

std::vector<FileEntry> list_on_this_rank(std::span<std::string const> patterns, std::string_view what) {
  if (patterns.empty()) {
    throw ConfigurationError(fmt::format("{} has no path", what), "there is nothing to read",
                             "set 'path' to one or more files or globs");
  }
  std::vector<std::string> paths;
  for (auto const& pattern : patterns) {
    for (auto const& path : expand(pattern, what)) {
      paths.push_back(std::filesystem::path(path).lexically_normal().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  std::vector<FileEntry> files;
  files.reserve(paths.size());
  for (auto const& path : paths) files.push_back(examine(path, what));
  return files;
}

}  // namespace

Compression compression_of(std::string_view path) noexcept {
  if (path.ends_with(".gz")) return Compression::gzip;
  if (path.ends_with(".zst")) return Compression::zstd;
  return Compression::none;
}

std::vector<FileEntry> list_files(Communicator const& comm, std::span<std::string const> patterns,
                                  std::string_view what) {
  auto const files = together(
      comm, [&] { return comm.rank() == 0 ? list_on_this_rank(patterns, what) : std::vector<FileEntry>(); });
  std::vector<std::string> paths;
  std::vector<std::uint64_t> bytes;
  for (auto const& file : files) {
    paths.push_back(file.path);
    bytes.push_back(file.bytes);
  }
  paths = broadcast_texts(comm, paths, 0);
  bytes.resize(paths.size());
  broadcast(comm, std::span(bytes), 0);
  std::vector<FileEntry> listed;
  listed.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    listed.push_back({paths[i], bytes[i], compression_of(paths[i])});
  }
  return listed;
}

}  // namespace tessera
