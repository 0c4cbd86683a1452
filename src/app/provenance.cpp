// SPDX-License-Identifier: Apache-2.0
#include "provenance.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/core/version.hpp"
#include "tessera/data/redistribute.hpp"
#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "peak_memory.hpp"
#include <fmt/format.h>
#include <unistd.h>

namespace tessera {

namespace {

std::vector<std::string> host_names(Communicator const& comm) {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  std::string const own(name.data());
  auto hosts = all_gather_texts(comm, std::span(&own, 1));
  std::sort(hosts.begin(), hosts.end());
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

template <class T, class Field>
std::vector<T> column_of(std::vector<Reject> const& rejects, Field&& field) {
  std::vector<T> out;
  out.reserve(rejects.size());
  for (auto const& reject : rejects) out.push_back(static_cast<T>(field(reject)));
  return out;
}

}  // namespace

void write_run(Communicator const& comm, ResultFile& file, Stages& stages, std::string const& command,
               std::vector<std::string> const& warnings) {
  for (auto const& warning : warnings) stages.console().warning(warning);
  char const* const job = std::getenv("SLURM_JOB_ID");
  write_telemetry(comm, file, stages.records());
  file.write("/run/warnings", std::span(warnings), {"what the run warned of", "1", "warnings"});
  file.write("/run/hosts", std::span<std::string const>(host_names(comm)),
             {"machines that took part", "1", "hosts"});
  file.attribute("/run", "command", command);
  file.attribute("/run", "version", version());
  file.attribute("/run", "git", git_describe());
  file.attribute("/run", "simd", simd_level());
  file.attribute("/run", "ranks", std::int64_t{comm.size()});
  file.attribute("/run", "slurm_job", job == nullptr ? "" : job);
  auto const memory = static_cast<std::int64_t>(peak_memory_bytes());
  file.attribute("/run", "peak_memory_bytes", all_reduce(comm, memory, Reduce::sum));
}

void write_configuration(ResultFile& file, Configuration const& config) {
  std::string const text = to_toml(config);
  file.attribute("/run", "name", config.run.name);
  file.attribute("/run", "as_of", config.run.as_of);
  file.attribute("/run", "seed", static_cast<std::int64_t>(config.run.seed));
  file.attribute("/run", "min_cell", static_cast<std::int64_t>(config.privacy.min_cell));
  file.attribute("/run", "config", text);
  file.attribute("/run", "config_digest", hex(digest_of(text)));
}

void write_inputs(Communicator const& comm, ResultFile& file, Configuration const& config,
                  TableRead const& customers, std::vector<TableRead> const& others) {
  std::vector<std::string> paths, digests, table_names, columns;
  std::vector<std::uint64_t> bytes, records, rejected;
  std::vector<std::string> tables;
  std::vector<std::vector<Reject>> set_aside;  // a list a table; files and columns counted through all tables
  for (std::size_t t = 0; t < config.tables.size(); ++t) {
    auto const& read = t == 0 ? customers : others[t - 1];
    tables.push_back(config.tables[t].name);
    rejected.push_back(read.rejected);
    auto& rejects = set_aside.emplace_back(read.rejects);
    for (auto& reject : rejects) {
      reject.file += narrow<std::uint32_t>(paths.size());
      if (reject.column >= 0) reject.column += narrow<std::int32_t>(columns.size());
    }
    for (auto const& input : read.files) {
      paths.push_back(input.path);
      digests.push_back(hex(input.digest));
      bytes.push_back(input.bytes);
      records.push_back(input.records);
      table_names.push_back(tables.back());
    }
    for (auto const& column : config.tables[t].columns) columns.push_back(column.name);
  }
  std::vector<std::string> reasons;
  for (auto const reason : reject_reasons()) reasons.emplace_back(reason);
  auto const texts = [&](std::string const& dataset, std::vector<std::string> const& values,
                         std::string const& text, std::string const& axis) {
    file.write(dataset, std::span(values), {text, "1", axis});
  };
  auto const counts = [&](std::string const& dataset, std::vector<std::uint64_t> const& values,
                          std::string const& text, std::string const& units) {
    file.write(dataset, std::span(values), {values.size()}, {text, units, "files"});
  };
  texts("/run/inputs/path", paths, "input files", "files");
  texts("/run/inputs/table", table_names, "table that the file is of", "files");
  texts("/run/inputs/digest", digests, "digest of the bytes in blocks of 4 MiB", "files");
  counts("/run/inputs/bytes", bytes, "size on disk", "bytes");
  counts("/run/inputs/records", records, "data records, rejected ones included", "records");

  texts("/rejects/column_name", columns, "columns of all tables, table after table", "columns");
  texts("/rejects/table_name", tables, "tables of the configuration", "tables");
  file.write("/rejects/rejected", std::span<std::uint64_t const>(rejected), {rejected.size()},
             {"records set aside, listed or not", "records", "tables"});
  texts("/rejects/reason_name", reasons, "reasons", "reasons");
  auto const rejects = to_regular_blocks(comm, std::span<std::vector<Reject> const>(set_aside));
  auto const column = [&]<class T>(std::string const& name, std::vector<T> const& values,
                                   std::string const& text) {
    file.write_rows("/rejects/" + name, rejects.blocks, std::span(values), {}, {text, "1", "rejects"});
  };
  column("file", column_of<std::uint32_t>(rejects.values, [](Reject const& r) { return r.file; }),
         "index into /run/inputs/path");
  column("record", column_of<std::uint64_t>(rejects.values, [](Reject const& r) { return r.record; }),
         "record of the file, counted from 1, the header included");
  column("column", column_of<std::int32_t>(rejects.values, [](Reject const& r) { return r.column; }),
         "index into column_name; -1: the record as a whole");
  column("reason", column_of<std::uint8_t>(rejects.values, [](Reject const& r) { return r.reason; }),
         "index into reason_name");
}

}  // namespace tessera
