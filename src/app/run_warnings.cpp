// SPDX-License-Identifier: Apache-2.0
#include "run_warnings.hpp"

#include "tessera/stats/population_stability.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kNamed = 5;

/// The first few, and how many more.
std::string some_of(std::vector<std::string> const& parts) {
  auto const shown = std::min(parts.size(), kNamed);
  std::vector<std::string> const first(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(shown));
  auto text = fmt::format("{}", fmt::join(first, ", "));
  if (parts.size() > shown) text += fmt::format(" and {} more", parts.size() - shown);
  return text;
}

void warn_of_correlation(Configuration const& configuration, Findings const& found,
                         std::vector<std::string>& warnings) {
  std::vector<std::string> pairs;
  for (auto const& [a, b, r] : found.correlated) pairs.push_back(fmt::format("{} and {} ({:.3f})", a, b, r));
  if (pairs.empty()) return;
  warnings.push_back(fmt::format("{} pair{} of features with |r| of {} or more: {}; /features/correlated",
                                 pairs.size(), pairs.size() == 1 ? "" : "s", configuration.correlation_report,
                                 some_of(pairs)));
}

void warn_of_drift(Configuration const& configuration, TableQuality const& quality,
                   std::vector<std::string>& warnings) {
  std::vector<std::string> drifted;
  for (auto const& column : quality.columns) {
    if (column.drift && *column.drift >= kNotableDrift) {
      drifted.push_back(fmt::format("{} ({:.3f}{})", column.name, *column.drift,
                                    *column.drift >= kLargeDrift ? ", large" : ""));
    }
  }
  if (drifted.empty()) return;
  warnings.push_back(fmt::format("drift since {}: {}", configuration.quality.previous, some_of(drifted)));
}

}  // namespace

std::vector<std::string> run_warnings(Configuration const& configuration,
                                      std::vector<std::string> const& of_tables, Findings const& found) {
  std::vector<std::string> warnings = of_tables;
  warnings.insert(warnings.end(), found.features.warnings.begin(), found.features.warnings.end());
  warn_of_correlation(configuration, found, warnings);
  warnings.insert(warnings.end(), found.rules.warnings.begin(), found.rules.warnings.end());
  if (configuration.privacy.key_file.empty()) {
    warnings.emplace_back(
        "ids are hashed with an all-zero key: anyone who knows an id can find its customer; "
        "set privacy.key_file");
  }
  auto const& quality = found.quality;
  if (quality.rejected > 0) {
    warnings.push_back(fmt::format("{} of {} records were rejected; /rejects says which and why",
                                   quality.rejected, quality.records));
  }
  if (quality.duplicates > 0)
    warnings.push_back(fmt::format("{} repeated rows were dropped", quality.duplicates));
  warn_of_drift(configuration, quality, warnings);
  return warnings;
}

}  // namespace tessera
