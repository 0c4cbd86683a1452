// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/prep/quality.hpp"
#include "tessera/stats/population_stability.hpp"
#include "tessera/stats/quantiles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "category_codes.hpp"

namespace tessera {

namespace {

/// Deciles without repetitions.
std::vector<double> decile_edges(Communicator const& comm, std::span<double const> values) {
  auto edges = quantiles(comm, values, std::array{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9});
  if (std::isnan(edges.front())) edges.clear();
  edges.insert(edges.begin(), -std::numeric_limits<double>::infinity());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// The most frequent values that somebody has, ascending; of equally frequent ones the first. The dictionary
/// may also have values whose only rows were repetitions of an id.
std::vector<std::string> frequent_values(CategoryColumn const& column,
                                         std::vector<std::uint64_t> const& counts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  order.erase(std::remove_if(order.begin(), order.end(), [&](std::size_t code) { return counts[code] == 0; }),
              order.end());
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  order.resize(std::min(order.size(), kMostBins));
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (auto const code : order) out.push_back(column.categories[code]);
  return out;
}

/// *Collective.* `out` has its lower edges; the counts come.
void count_numbers(Communicator const& comm, std::span<double const> values, BinCounts& out) {
  std::vector<std::uint64_t> counts(out.lower.size() + 1);  // the last: missing
  for (double const value : values) {
    auto const above = std::upper_bound(out.lower.begin(), out.lower.end(), value) - out.lower.begin();
    ++counts[std::isnan(value) ? out.lower.size() : static_cast<std::size_t>(above) - 1];
  }
  all_reduce(comm, std::span(counts), Reduce::sum);
  out.missing = counts.back();
  counts.pop_back();
  out.count = std::move(counts);
}

void count_categories(CategoryColumn const& column, std::vector<std::uint64_t> const& counts,
                      BinCounts& out) {
  out.count.assign(out.category.size(), 0);
  for (std::size_t code = 0; code < counts.size(); ++code) {
    auto const place = std::lower_bound(out.category.begin(), out.category.end(), column.categories[code]);
    if (place != out.category.end() && *place == column.categories[code]) {
      out.count[static_cast<std::size_t>(place - out.category.begin())] += counts[code];
    } else {
      out.rest += counts[code];
    }
  }
}

template <class T>
std::uint64_t total(Communicator const& comm, std::vector<T> const& rows) {
  return all_reduce(comm, static_cast<std::uint64_t>(rows.size()), Reduce::sum);
}

/// *Collective.* Rows less those in bins and the rest are missing.
void find_missing(Communicator const& comm, CategoryColumn const& column, BinCounts& out) {
  out.missing = total(comm, column.codes) - std::accumulate(out.count.begin(), out.count.end(), out.rest);
}

}  // namespace

BinCounts distribution_of(Communicator const& comm, Column const& column) {
  BinCounts out;
  if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
    out.lower = decile_edges(comm, numbers->values);
    count_numbers(comm, numbers->values, out);
  } else if (auto const* const categories = std::get_if<CategoryColumn>(&column.data)) {
    auto const counts = detail::category_counts(comm, *categories);
    out.category = frequent_values(*categories, counts);
    count_categories(*categories, counts, out);
    find_missing(comm, *categories, out);
  }
  return out;
}

BinCounts counted_again(Communicator const& comm, Column const& column, BinCounts const& bins) {
  BinCounts out;
  out.lower = bins.lower;
  out.category = bins.category;
  out.count.assign(bins.count.size(), 0);
  auto const* const numbers = std::get_if<NumberColumn>(&column.data);
  auto const* const categories = std::get_if<CategoryColumn>(&column.data);
  if (numbers != nullptr && !bins.lower.empty()) {
    count_numbers(comm, numbers->values, out);
  } else if (categories != nullptr && bins.lower.empty()) {
    count_categories(*categories, detail::category_counts(comm, *categories), out);
    find_missing(comm, *categories, out);
  } else {
    out.rest = std::visit(
        [&](auto const& data) {
          using Data = std::decay_t<decltype(data)>;
          if constexpr (std::is_same_v<Data, NumberColumn>) return total(comm, data.values);
          if constexpr (std::is_same_v<Data, CategoryColumn>) return total(comm, data.codes);
          if constexpr (std::is_same_v<Data, KeyColumn>) return total(comm, data.keys);
        },
        column.data);
  }
  return out;
}

double drift_between(BinCounts const& before, BinCounts const& now) {
  auto const all = [](BinCounts const& distribution) {
    auto counts = distribution.count;
    counts.push_back(distribution.missing);
    counts.push_back(distribution.rest);
    return counts;
  };
  return population_stability(all(before), all(now));
}

}  // namespace tessera
