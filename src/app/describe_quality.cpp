// SPDX-License-Identifier: Apache-2.0
#include "describe_quality.hpp"

#include "tessera/stats/population_stability.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "inconsistent.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kShownColumns = 4;

/// Indices of the largest values above `least`, at most kShownColumns of them.
template <class T>
std::vector<std::size_t> largest(std::vector<T> const& values, T least) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  order.erase(std::remove_if(order.begin(), order.end(), [&](std::size_t i) { return !(values[i] > least); }),
              order.end());
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  order.resize(std::min(order.size(), kShownColumns));
  return order;
}

/// A list of the group, as long as its names are. A damaged file must not be read beyond its end.
template <class T>
std::vector<T> list_of(ResultReader const& reader, std::string const& path, std::size_t names) {
  auto out = reader.read<T>(path);
  if (out.size() == names) return out;
  throw inconsistent(reader, fmt::format("{} has {} entries for {} names", path, out.size(), names));
}

std::string tables_line(ResultReader const& reader) {
  auto const name = reader.read_strings("/quality/tables/name");
  auto const count = [&](std::string const& list) {
    return list_of<std::uint64_t>(reader, "/quality/tables/" + list, name.size());
  };
  auto const rows = count("rows"), rejected = count("rejected"), duplicates = count("duplicates");
  std::string out;
  for (std::size_t t = 0; t < name.size(); ++t) {
    out += fmt::format("\nQuality of {}: {} rows, {} rejected, {} repeated\n", name[t], with_commas(rows[t]),
                       with_commas(rejected[t]), with_commas(duplicates[t]));
  }
  return out;
}

/// "  missing: pdays 96.3 %, age 0.1 %", or nothing.
std::string missing_line(ResultReader const& reader, std::vector<std::string> const& columns) {
  auto const missing = list_of<std::uint64_t>(reader, "/quality/columns/missing", columns.size());
  auto const table = list_of<std::int32_t>(reader, "/quality/columns/table", columns.size());
  auto const rows = reader.read<std::uint64_t>("/quality/tables/rows");
  std::vector<double> share;
  for (std::size_t c = 0; c < missing.size(); ++c) {
    auto const of = static_cast<std::size_t>(table[c]);
    if (of >= rows.size())
      throw inconsistent(
          reader, fmt::format("/quality/columns/table[{}] is {}, of {} tables", c, table[c], rows.size()));
    share.push_back(static_cast<double>(missing[c]) / static_cast<double>(rows[of]));
  }
  std::vector<std::string> parts;
  for (auto const c : largest(share, 0.0))
    parts.push_back(fmt::format("{} {:.1f} %", columns[c], 100 * share[c]));
  return parts.empty() ? "" : fmt::format("  missing: {}\n", fmt::join(parts, ", "));
}

std::string counts_line(ResultReader const& reader, std::vector<std::string> const& columns,
                        std::string const& list, std::string const& title) {
  auto const count = list_of<std::uint64_t>(reader, "/quality/columns/" + list, columns.size());
  std::vector<std::string> parts;
  for (auto const c : largest(count, std::uint64_t{0}))
    parts.push_back(fmt::format("{} {}", columns[c], with_commas(count[c])));
  return parts.empty() ? "" : fmt::format("  {}: {}\n", title, fmt::join(parts, ", "));
}

std::string drift_line(ResultReader const& reader, std::vector<std::string> const& columns) {
  if (!reader.attributes("/quality").contains("previous")) return "";
  auto const drift = list_of<double>(reader, "/quality/columns/drift", columns.size());
  auto const at_least = [&](double level) {
    return std::count_if(drift.begin(), drift.end(), [level](double value) { return value >= level; });
  };
  std::vector<std::string> parts;
  for (auto const c : largest(drift, 0.0)) parts.push_back(fmt::format("{} {:.3f}", columns[c], drift[c]));
  return fmt::format("  drift since {}: {} columns notable ({} or more), {} large ({} or more){}{}\n",
                     reader.text("/quality", "previous"), at_least(kNotableDrift), kNotableDrift,
                     at_least(kLargeDrift), kLargeDrift,
                     parts.empty() ? "" : "; most: ", fmt::join(parts, ", "));
}

}  // namespace

std::string describe_quality(ResultReader const& reader) {
  auto const columns = reader.read_strings("/quality/columns/name");
  return tables_line(reader) + missing_line(reader, columns) +
         counts_line(reader, columns, "out_of_range", "out of range") +
         counts_line(reader, columns, "cleaned", "cleaned") +
         counts_line(reader, columns, "folded", "rare, folded") +
         counts_line(reader, columns, "imputed", "imputed") + drift_line(reader, columns);
}

}  // namespace tessera
