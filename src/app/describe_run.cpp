// SPDX-License-Identifier: Apache-2.0
#include "describe_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <vector>

#include "describe_quality.hpp"
#include "describe_segment_rules.hpp"
#include "inconsistent.hpp"
#include "model_groups.hpp"
#include "shown_profile.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kShownRules = 10;
constexpr std::size_t kShownTraits = 4;
constexpr double kNotableEffect = 0.5;  // standard deviations
constexpr double kNotableLift = 1.3;
constexpr double kNotableShare = 0.1;  // of a segment that holds the item

/// Lines no longer than a terminal, continued at the same indent.
std::string wrapped(std::vector<std::string> const& parts, std::size_t indent, std::size_t width = 100) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string const part = parts[i] + (i + 1 < parts.size() ? "," : "");
    if (column + part.size() > width && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (i > 0) {
      out += ' ';
      ++column;
    }
    out += part;
    column += part.size();
  }
  return out;
}

/// The features in which a segment lies furthest from the base, in standard deviations, of those that may be
/// shown.
std::vector<std::string> feature_traits(std::vector<std::string> const& names, double const* effects,
                                        std::uint8_t const* shown) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::abs(effects[a]) > std::abs(effects[b]); });
  std::vector<std::string> traits;
  for (auto const i : order) {
    if (traits.size() == kShownTraits || std::abs(effects[i]) < kNotableEffect) break;
    if (shown[i] != 0) traits.push_back(fmt::format("{} {:+.1f} sd", names[i], effects[i]));
  }
  return traits;
}

struct ItemCounts {
  std::vector<std::string> names;
  std::vector<std::int64_t> in_base;  ///< [items]
};

/// The items that a segment holds more often than the base, by lift, of those that may be shown.
std::vector<std::string> item_traits(ItemCounts const& items, std::int64_t const* in_segment,
                                     std::uint8_t const* shown, std::int64_t size, std::int64_t rows) {
  struct Trait {
    double lift;
    std::size_t item;
  };
  std::vector<Trait> notable;
  for (std::size_t i = 0; i < items.names.size(); ++i) {
    double const share = static_cast<double>(in_segment[i]) / static_cast<double>(size);
    double const lift = share / (static_cast<double>(items.in_base[i]) / static_cast<double>(rows));
    if (shown[i] != 0 && in_segment[i] > 0 && share >= kNotableShare && lift >= kNotableLift)
      notable.push_back({lift, i});
  }
  std::stable_sort(notable.begin(), notable.end(),
                   [](Trait const& a, Trait const& b) { return a.lift > b.lift; });
  std::vector<std::string> traits;
  for (auto const& [lift, item] : notable) {
    if (traits.size() == kShownTraits) break;
    traits.push_back(fmt::format("{:.1f}x {}", lift, items.names[item]));
  }
  return traits;
}

std::string describe_header(ResultReader const& reader) {
  auto const text = [&](std::string const& name) { return reader.text("/run", name); };
  std::string out;
  if (reader.attributes("/run").contains("name")) {
    out += text("name");
    if (!text("as_of").empty()) out += fmt::format(", as of {}", text("as_of"));
    out += "\n";
  } else if (reader.attributes("/run").contains("input")) {
    out += fmt::format("{} of {}\n", text("command"), text("input"));
  }
  auto const timings = reader.read_timings("/run/timings");
  double seconds = 0;
  for (auto const& timing : timings) seconds += timing.seconds;
  out += fmt::format("tessera {} ({}), {} ranks on {}, {:.1f} s, {:.0f} MB of memory\n", text("version"),
                     text("git"), reader.integer("/run", "ranks"),
                     fmt::join(reader.read_strings("/run/hosts"), " "), seconds,
                     static_cast<double>(reader.integer("/run", "peak_memory_bytes")) / 1e6);
  if (reader.has("/run/inputs/path")) {
    auto const paths = reader.read_strings("/run/inputs/path");
    auto const records = reader.read<std::uint64_t>("/run/inputs/records");
    out += fmt::format("{} records in {} {}",
                       with_commas(std::accumulate(records.begin(), records.end(), std::uint64_t{0})),
                       paths.size(), paths.size() == 1 ? "file" : "files");
    auto const rejected = reader.read<std::uint64_t>("/rejects/rejected");
    out += fmt::format(", {} rejected\n",
                       with_commas(std::accumulate(rejected.begin(), rejected.end(), std::uint64_t{0})));
  }
  for (auto const& warning : reader.read_strings("/run/warnings"))
    out += fmt::format("warning: {}\n", warning);
  return out;
}

std::string describe_models(ResultReader const& reader) {
  std::string out;
  std::string const selected = selected_model(reader);
  out += fmt::format("\n{:>8} {:>14} {:>12} {:>18} {:>15}\n", "k", "inertia", "silhouette",
                     "Calinski-Harabasz", "Davies-Bouldin");
  for (auto const& group : model_groups(reader)) {
    auto const value = [&](std::string const& name) { return reader.real(group, name); };
    out += fmt::format("{:>8} {:>14.6g} {:>12.4f} {:>18.1f} {:>15.4f}{}\n", group.substr(7), value("inertia"),
                       value("simplified_silhouette"), value("calinski_harabasz"), value("davies_bouldin"),
                       group == selected ? "  selected" : "");
  }
  return out;
}

std::string describe_segments(ResultReader const& reader, std::int64_t min_cell) {
  auto const counts = read_segment_counts(reader);
  auto const& size = counts.size;
  auto const rows = std::accumulate(size.begin(), size.end(), std::int64_t{0});
  std::vector<std::string> features;
  std::vector<double> effects;
  ItemCounts items{counts.item, std::vector<std::int64_t>(counts.item.size(), 0)};
  auto const& support = counts.support;
  for (std::size_t i = 0; i < support.size(); ++i) items.in_base[i % items.names.size()] += support[i];
  if (reader.has("/profiles/effect_size")) {
    features = reader.read_strings("/features/name");
    effects = reader.read<double>("/profiles/effect_size");
    if (features.size() != counts.features || effects.size() != size.size() * features.size())
      throw inconsistent(reader, "/profiles/effect_size is not segments x features");
  }
  auto const shown = shown_profile(counts, min_cell);
  std::string out = fmt::format("\nSegments: {} customers in {}\n", with_commas(rows), size.size());
  out += fmt::format("{:>4} {:>13} {:>7}  what distinguishes it\n", "#", "customers", "share");
  for (std::size_t segment = 0; segment < size.size(); ++segment) {
    std::string const head =
        shown.segment[segment] != 0
            ? fmt::format("{:>4} {:>13} {:>5.1f} %  ", segment, with_commas(size[segment]),
                          100.0 * static_cast<double>(size[segment]) / static_cast<double>(rows))
            : fmt::format("{:>4} {:>13} {:>7}  ", segment,
                          size[segment] < min_cell ? fmt::format("below {}", min_cell) : "not shown", "");
    std::vector<std::string> traits;
    bool const told = shown.segment[segment] != 0;
    if (!effects.empty() && told) {
      auto const first = segment * features.size();
      traits = feature_traits(features, effects.data() + first, shown.feature.data() + first);
    }
    if (!support.empty() && told) {
      auto const first = segment * items.names.size();
      auto const of_items =
          item_traits(items, support.data() + first, shown.cell.data() + first, size[segment], rows);
      traits.insert(traits.end(), of_items.begin(), of_items.end());
    }
    out += head + wrapped(traits, head.size()) + "\n";
  }
  return out;
}

std::string describe_rules(ResultReader const& reader, std::int64_t min_cell) {
  auto const names = reader.read_strings("/itemsets/item_name");
  auto const offset = reader.read<std::int64_t>("/rules/antecedent_offset");
  auto const antecedent = reader.read<std::int32_t>("/rules/antecedent_item");
  auto const consequent = reader.read<std::int32_t>("/rules/consequent_item");
  auto const support = reader.read<std::int64_t>("/rules/support");
  auto const confidence = reader.read<double>("/rules/confidence");
  auto const lift = reader.read<double>("/rules/lift");
  auto const with_antecedent = reader.read<std::int64_t>("/rules/antecedent_support");
  auto const with_consequent = reader.read<std::int64_t>("/rules/consequent_support");
  auto const baskets = reader.integer("/itemsets", "rows");
  auto const q_value = reader.read<double>("/rules/q_value");
  std::string out = fmt::format("\nStrongest rules by lift ({} rules)\n", with_commas(support.size()));
  if (support.empty()) return out + "  none passes the thresholds\n";
  out += fmt::format("{:>6} {:>11} {:>10} {:>9}  rule\n", "lift", "confidence", "customers", "q-value");
  std::size_t shown = 0;
  for (std::size_t rule = 0; rule < support.size() && shown < kShownRules; ++rule) {
    if (tells_small_group(baskets, with_antecedent[rule], with_consequent[rule], support[rule], min_cell))
      continue;
    ++shown;
    std::vector<std::string> items;
    for (auto i = offset[rule]; i < offset[rule + 1]; ++i) {
      items.push_back(names[static_cast<std::size_t>(antecedent[static_cast<std::size_t>(i)])]);
    }
    // Below the smallest double the stored value is 0, which no probability of this kind is.
    auto const q = q_value[rule] > 0 ? fmt::format("{:.2g}", q_value[rule]) : std::string("<1e-300");
    out += fmt::format("{:>6.2f} {:>9.1f} % {:>10} {:>9}  {} => {}\n", lift[rule], 100 * confidence[rule],
                       with_commas(support[rule]), q, fmt::join(items, " & "),
                       names[static_cast<std::size_t>(consequent[rule])]);
  }
  return out;
}

}  // namespace

std::string describe_run(ResultReader const& reader) {
  std::int64_t const min_cell =
      reader.attributes("/run").contains("min_cell") ? reader.integer("/run", "min_cell") : 1;
  std::string out = describe_header(reader);
  if (reader.has("/quality/columns/name")) out += describe_quality(reader);
  if (reader.has("/model")) out += describe_models(reader) + describe_segments(reader, min_cell);
  if (reader.has("/itemsets")) {
    out += fmt::format(
        "\n{} itemsets of {} items at support {} or more{}\n",
        with_commas(reader.integer("/itemsets", "itemsets")),
        reader.dataset("/itemsets/item_name").shape.front(),
        with_commas(reader.integer("/itemsets", "min_support")),
        reader.integer("/itemsets", "truncated") != 0 ? " (those of lower support were too many)" : "");
  }
  if (reader.has("/rules")) out += describe_rules(reader, min_cell);
  if (reader.has("/rules/segments")) out += describe_segment_rules(reader, min_cell);
  return out;
}

}  // namespace tessera
