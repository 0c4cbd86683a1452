// SPDX-License-Identifier: Apache-2.0
#include "job_manifest.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/version.hpp"
#include "tessera/io/file_list.hpp"
#include "tessera/io/result_reader.hpp"

#include <filesystem>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <sys/stat.h>

namespace tessera {

namespace {

/// Lines "key = value" of TOML by "section.key"; repeated sections are told apart by their number.
std::map<std::string, std::string> settings_of(std::string const& toml) {
  std::map<std::string, std::string> out;
  std::map<std::string, int> seen;
  std::string section;
  std::istringstream lines(toml);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) {
      auto const first = line.find_first_not_of('['), last = line.find(']');
      section = line.substr(first, last - first);
      int const number = seen[section]++;
      if (number > 0 || line.starts_with("[[")) section += fmt::format(".{}", number);
    } else if (auto const equals = line.find(" = "); equals != std::string::npos) {
      out[section + "." + line.substr(0, equals)] = line.substr(equals + 3);
    }
  }
  return out;
}

std::int64_t changed_at(std::string const& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return 0;
  constexpr std::int64_t kNanosecondsASecond = 1'000'000'000;
  return std::int64_t{status.st_mtim.tv_sec} * kNanosecondsASecond + status.st_mtim.tv_nsec;
}

void compare_settings(std::string const& was, std::string const& is, std::vector<std::string>& out) {
  auto const before = settings_of(was), now = settings_of(is);
  for (auto const& [key, value] : before) {
    auto const found = now.find(key);
    if (found == now.end()) {
      out.push_back(fmt::format("{} was {} and is not there", key, value));
    } else if (found->second != value) {
      out.push_back(fmt::format("{} was {} and is {}", key, value, found->second));
    }
  }
  for (auto const& [key, value] : now) {
    if (!before.contains(key)) out.push_back(fmt::format("{} = {} is new", key, value));
  }
}

void compare_inputs(std::vector<InputFact> const& was, std::vector<InputFact> const& is,
                    std::vector<std::string>& out) {
  std::map<std::string, InputFact> before, now;
  for (auto const& input : was) before[input.path] = input;
  for (auto const& input : is) now[input.path] = input;
  for (auto const& [path, fact] : before) {
    auto const found = now.find(path);
    if (found == now.end()) {
      out.push_back(fmt::format("the input {} is not read any more", path));
    } else if (found->second.bytes != fact.bytes) {
      out.push_back(
          fmt::format("the input {} had {} bytes and has {}", path, fact.bytes, found->second.bytes));
    } else if (found->second.changed != fact.changed) {
      out.push_back(fmt::format("the input {} has been written to", path));
    }
  }
  for (auto const& [path, fact] : now) {
    if (!before.contains(path)) out.push_back(fmt::format("the input {} is new", path));
  }
}

}  // namespace

JobManifest manifest_of(Communicator const& comm, Configuration const& config, std::string const& key_check) {
  JobManifest out{fmt::format("{} ({})", version(), git_describe()), {}, key_check, {}};
  auto lasting = config;
  lasting.run.output.clear();
  lasting.run.checkpoint_dir.clear();
  lasting.run.status_dir.clear();
  lasting.run.prometheus_file.clear();
  lasting.run.checkpoint_seconds = lasting.run.stop_seconds = 0;
  out.configuration = to_toml(lasting);
  for (auto const& table : config.tables) {
    for (auto const& file : list_files(comm, table.path, fmt::format("table '{}'", table.name)))
      out.inputs.push_back({file.path, file.bytes, comm.rank() == 0 ? changed_at(file.path) : 0});
  }
  return out;
}

std::vector<std::string> differences(JobManifest const& was, JobManifest const& is) {
  std::vector<std::string> out;
  if (was.program != is.program)
    out.push_back(fmt::format("the program was {} and is {}", was.program, is.program));
  if (was.key_check != is.key_check) out.emplace_back("the key of privacy.key_file is another");
  if (was.configuration != is.configuration) {
    compare_settings(was.configuration, is.configuration, out);
    if (out.empty()) out.emplace_back("the configuration is another");
  }
  compare_inputs(was.inputs, is.inputs, out);
  return out;
}

bool is_result_of(Communicator const& comm, std::string const& path, Configuration const& config,
                  JobManifest const& job) try {
  bool const there =
      together(comm, [&] { return comm.rank() == 0 && std::filesystem::is_regular_file(path); });
  if (all_reduce(comm, there ? 1 : 0, Reduce::maximum) == 0) return false;
  ResultReader const reader(comm, path);
  auto const paths = reader.read_strings("/run/inputs/path");
  auto const bytes = reader.read<std::uint64_t>("/run/inputs/bytes");
  bool same = paths.size() == job.inputs.size() && reader.text("/run", "key_check") == job.key_check &&
              reader.text("/run", "config_digest") == hex(digest_of(to_toml(config)));
  for (std::size_t i = 0; same && i < paths.size(); ++i)
    same = paths[i] == job.inputs[i].path && bytes[i] == job.inputs[i].bytes;
  return same;
} catch (Error const& error) {
  if (error.code() != ExitCode::input) throw;
  return false;  // damaged, or no result of a run
}

}  // namespace tessera
