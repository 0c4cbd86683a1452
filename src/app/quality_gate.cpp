// SPDX-License-Identifier: Apache-2.0
#include "quality_gate.hpp"

#include "tessera/core/error.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace tessera {

namespace {

/// Divided, not multiplied: 29 of 100 are 0.29, but 0.29 * 100 is less than 29. An empty table lacks nothing.
double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

void check_column(QualitySection const& gates, ColumnSpec const& spec, ColumnQuality const& column,
                  std::uint64_t rows, std::vector<std::string>& violations) {
  auto const limit = spec.max_missing ? spec.max_missing : gates.max_missing;
  double const missing = share_of(column.missing, rows);
  if (limit && missing > *limit) {
    violations.push_back(fmt::format("column '{}' is missing for a share of {:.6g}, above {} = {}",
                                     column.name, missing,
                                     spec.max_missing ? "its max_missing" : "quality.max_missing", *limit));
  }
  if (gates.max_drift && column.drift && *column.drift > *gates.max_drift) {
    violations.push_back(fmt::format("column '{}' has drifted by {:.6g}, above quality.max_drift = {}",
                                     column.name, *column.drift, *gates.max_drift));
  }
}

}  // namespace

void require_quality(Configuration const& configuration, TableQuality const& quality) {
  auto const& gates = configuration.quality;
  std::vector<std::string> violations;
  if (quality.rows < gates.min_rows) {
    violations.push_back(
        fmt::format("{} customers, below quality.min_rows = {}", quality.rows, gates.min_rows));
  }
  double const duplicates = share_of(quality.duplicates, quality.rows + quality.duplicates);
  if (gates.max_duplicates && duplicates > *gates.max_duplicates) {
    violations.push_back(
        fmt::format("a share of {:.6g} of the rows repeats an id, above quality.max_duplicates = {}",
                    duplicates, *gates.max_duplicates));
  }
  auto const& specs = configuration.customers().columns;
  ColumnSpec made;
  made.max_missing = 1.0;  // customers without rows in another table are no fault of the delivery
  for (std::size_t i = 0; i < quality.columns.size(); ++i) {
    check_column(gates, i < specs.size() ? specs[i] : made, quality.columns[i], quality.rows, violations);
  }
  if (violations.empty()) return;
  throw InputError(
      fmt::format("table '{}' does not pass {} quality gate{}:\n    {}", quality.name, violations.size(),
                  violations.size() == 1 ? "" : "s", fmt::join(violations, "\n    ")),
      "segments of such data would not say what they seem to",
      "have the delivery repaired, or change the limits in [quality] or max_missing of the column");
}

}  // namespace tessera
