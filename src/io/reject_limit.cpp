// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/reject_limit.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <span>
#include <string>

#include <fmt/format.h>

namespace tessera {

namespace {

/// *Collective.* The first rejects of the table, a line each.
std::string first_rejects(Communicator const& comm, TableSpec const& spec, TableRead const& read) {
  constexpr std::size_t kShown = 5;
  auto const own = std::span(read.rejects).first(std::min(kShown, read.rejects.size()));
  auto const all = all_gather(comm, std::span<Reject const>(own));
  std::string text;
  for (auto const& reject : std::span(all.values).first(std::min(kShown, all.values.size()))) {
    text += fmt::format("\n    '{}' record {}", read.files[reject.file].path, reject.record);
    if (reject.column >= 0)
      text += fmt::format(" column '{}'", spec.columns[static_cast<std::size_t>(reject.column)].name);
    text += fmt::format(": {}", to_string(reject.reason));
  }
  return text;
}

}  // namespace

void check_reject_limit(Communicator const& comm, TableSpec const& spec, TableRead const& read) {
  if (read.records == 0) {
    throw InputError(fmt::format("table '{}' has no data record in {} file(s), the first of them '{}'",
                                 spec.name, read.files.size(), read.files.front().path),
                     "there is nothing to compute", "check the path, and whether the delivery is complete");
  }
  // divided, not multiplied: 29 rejects of 100 are 0.29, but 0.29 * 100 is less than 29
  double const share = static_cast<double>(read.rejected) / static_cast<double>(read.records);
  if (share <= spec.max_reject_fraction) return;
  throw InputError(
      fmt::format(
          "{} of {} records of table '{}' were rejected, a share of {:.6g} where {:.6g} is allowed; first:{}",
          read.rejected, read.records, spec.name, share, spec.max_reject_fraction,
          first_rejects(comm, spec, read)),
      "so many bad rows mean that the files are not what the configuration says, and results would be biased",
      "repair the files or the column types, or raise 'on_bad_row.max_fraction'");
}

}  // namespace tessera
