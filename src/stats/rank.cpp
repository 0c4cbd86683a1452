// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/rank.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "pattern.hpp"

namespace tessera {

namespace {

struct Place {
  std::uint64_t pattern;
  std::size_t index;
};

bool operator<(Place const& a, Place const& b) {
  return a.pattern != b.pattern ? a.pattern < b.pattern : a.index < b.index;
}

/// A distinct value and how often a rank has it.
struct Tally {
  std::uint64_t pattern;
  std::uint64_t count;
};

/// The values present with their rows, ascending.
std::vector<Place> sorted(std::span<double const> values) {
  std::vector<Place> out;
  out.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!std::isnan(values[row])) out.push_back({detail::pattern_of(values[row]), row});
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Tally> tally(std::vector<Place> const& places) {
  std::vector<Tally> out;
  for (auto const& place : places) {
    if (out.empty() || out.back().pattern != place.pattern) out.push_back({place.pattern, 0});
    ++out.back().count;
  }
  return out;
}

/// Patterns that cut the distinct values into about equal shares, one a rank: evenly spaced samples of evenly
/// spaced samples. Only the load depends on them, never a result.
std::vector<std::uint64_t> splitters(Communicator const& comm, std::vector<Tally> const& tallies) {
  constexpr std::size_t kSamples = 256;  // per rank: 2 KiB each, also when there are thousands of ranks
  std::vector<std::uint64_t> samples;
  std::size_t const taken = std::min(kSamples, tallies.size());
  for (std::size_t s = 0; s < taken; ++s)
    samples.push_back(tallies[(2 * s + 1) * tallies.size() / (2 * taken)].pattern);
  auto all = all_gather(comm, std::span<std::uint64_t const>(samples)).values;
  std::sort(all.begin(), all.end());
  std::vector<std::uint64_t> out;
  auto const ranks = static_cast<std::size_t>(comm.size());
  for (std::size_t r = 1; r < ranks && !all.empty(); ++r) out.push_back(all[r * all.size() / ranks]);
  return out;
}

/// How many of the ascending tallies each rank answers for: rank r for patterns in [splitters[r - 1],
/// splitters[r]).
std::vector<std::uint64_t> shares(std::vector<Tally> const& tallies, std::vector<std::uint64_t> const& cuts,
                                  int ranks) {
  std::vector<std::uint64_t> out(static_cast<std::size_t>(ranks), 0);
  auto first = tallies.begin();
  for (std::size_t r = 0; r < out.size(); ++r) {
    auto const last =
        r < cuts.size() ? std::lower_bound(first, tallies.end(), cuts[r],
                                           [](Tally const& t, std::uint64_t cut) { return t.pattern < cut; })
                        : tallies.end();
    out[r] = static_cast<std::uint64_t>(last - first);
    first = last;
  }
  return out;
}

/// Fractional ranks of the tallies that this rank answers for, in the order received.
std::vector<double> answer(Communicator const& comm, std::vector<Tally> const& asked) {
  std::uint64_t own = 0;
  for (auto const& tally : asked) own += tally.count;
  std::uint64_t below = exclusive_scan(comm, own);
  auto const count = static_cast<double>(all_reduce(comm, own, Reduce::sum));

  std::vector<Place> order;
  order.reserve(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) order.push_back({asked[i].pattern, i});
  std::sort(order.begin(), order.end());
  std::vector<double> out(asked.size());
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    std::uint64_t equal = 0;
    for (; last < order.size() && order[last].pattern == order[first].pattern; ++last) {
      equal += asked[order[last].index].count;
    }
    double const rank = (static_cast<double>(below) + 0.5 * static_cast<double>(equal)) / count;
    for (std::size_t i = first; i < last; ++i) out[order[i].index] = rank;
    below += equal;
  }
  return out;
}

}  // namespace

std::vector<double> fractional_ranks(Communicator const& comm, std::span<double const> values) {
  auto const places = together(comm, [&] { return sorted(values); });
  auto const tallies = tally(places);
  auto const send_counts = shares(tallies, splitters(comm, tallies), comm.size());
  auto const asked =
      all_to_all(comm, std::span<Tally const>(tallies), std::span<std::uint64_t const>(send_counts));
  auto const answers = answer(comm, asked.values);
  auto const ranks =
      all_to_all(comm, std::span<double const>(answers), std::span<std::uint64_t const>(asked.counts));

  std::vector<double> out(values.size(), std::numeric_limits<double>::quiet_NaN());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && places[i].pattern != places[i - 1].pattern) ++distinct;
    out[places[i].index] = ranks.values[distinct];
  }
  return out;
}

}  // namespace tessera
