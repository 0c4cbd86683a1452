// SPDX-License-Identifier: Apache-2.0
#include "describe_segment_rules.hpp"

#include <vector>

#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kShownOfSegment = 3;  // of a segment

/// Of the rest: a few customers are not counted out.
std::string in_the_rest(std::int64_t both, std::int64_t antecedent, double confidence,
                        std::int64_t min_cell) {
  if (antecedent < min_cell) return "hardly anyone";
  if (both < min_cell) return "hardly ever";
  if (antecedent > both && antecedent - both < min_cell) return "nearly always";
  return fmt::format("{:.1f} %", 100 * confidence);
}

}  // namespace

std::string describe_segment_rules(ResultReader const& reader, std::int64_t min_cell) {
  std::string const group = "/rules/segments/";
  auto const names = reader.read_strings(group + "item_name");
  auto const counts = [&](std::string const& name) { return reader.read<std::int64_t>(group + name); };
  auto const offset = counts("antecedent_offset"), support = counts("support"),
             with_antecedent = counts("antecedent_support"), rest = counts("rest_support"),
             rest_antecedent = counts("rest_antecedent_support");
  auto const antecedent = reader.read<std::int32_t>(group + "antecedent_item");
  auto const consequent = reader.read<std::int32_t>(group + "consequent_item");
  auto const segment = reader.read<std::int32_t>(group + "segment");
  auto const confidence = reader.read<double>(group + "confidence");
  auto const rest_confidence = reader.read<double>(group + "rest_confidence");
  auto const contrast = reader.read<double>(group + "contrast_lift");
  std::string out =
      fmt::format("\nSpecial to a segment: what goes together there more than in the rest ({} rules)\n",
                  with_commas(segment.size()));
  if (segment.empty()) return out + "  none passes the thresholds\n";
  out += fmt::format("{:>4} {:>9} {:>10} {:>9} {:>13}  rule\n", "#", "times", "customers", "there",
                     "in the rest");
  std::size_t shown = 0;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (i > 0 && segment[i] != segment[i - 1]) shown = 0;
    auto const without = with_antecedent[i] - support[i];
    if (support[i] < min_cell || (without > 0 && without < min_cell) || shown == kShownOfSegment) continue;
    ++shown;
    std::vector<std::string> items;
    for (auto at = offset[i]; at < offset[i + 1]; ++at) {
      items.push_back(names[static_cast<std::size_t>(antecedent[static_cast<std::size_t>(at)])]);
    }
    bool const is_told = rest[i] >= min_cell;
    out += fmt::format("{:>4} {:>9} {:>10} {:>7.1f} % {:>13}  {} => {}\n", segment[i],
                       is_told ? fmt::format("{:.2f}", contrast[i]) : std::string("many"),
                       with_commas(support[i]), 100 * confidence[i],
                       in_the_rest(rest[i], rest_antecedent[i], rest_confidence[i], min_cell),
                       fmt::join(items, " & "), names[static_cast<std::size_t>(consequent[i])]);
  }
  return out;
}

}  // namespace tessera
