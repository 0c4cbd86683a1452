// SPDX-License-Identifier: Apache-2.0
#include "benjamini_hochberg.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstdint>

namespace tessera {

namespace {

/// Bounds between the ranges of values that ranks get; equal values always go to one rank.
class Ranges {
 public:
  /// *Collective.* From evenly spaced samples of every rank's sorted values.
  Ranges(Communicator const& comm, std::span<double const> sorted) {
    auto const ranks = static_cast<std::size_t>(comm.size());
    std::vector<double> sample;
    for (std::size_t i = 0; i < ranks && !sorted.empty(); ++i)
      sample.push_back(sorted[i * sorted.size() / ranks]);
    auto samples = all_gather(comm, std::span<double const>(sample)).values;
    std::sort(samples.begin(), samples.end());
    for (std::size_t i = 1; i < ranks && !samples.empty(); ++i)
      bounds_.push_back(samples[i * samples.size() / ranks]);
  }

  [[nodiscard]] std::size_t rank_of(double value) const {
    return static_cast<std::size_t>(std::upper_bound(bounds_.begin(), bounds_.end(), value) -
                                    bounds_.begin());
  }
  [[nodiscard]] std::vector<std::uint64_t> counts(std::span<double const> values, int ranks) const {
    std::vector<std::uint64_t> out(static_cast<std::size_t>(ranks), 0);
    for (auto const value : values) ++out[rank_of(value)];
    return out;
  }

 private:
  std::vector<double> bounds_;
};

/// Sorts values that are sorted runs of these lengths.
void merge_runs(std::vector<double>& values, std::span<std::uint64_t const> lengths) {
  std::vector<std::ptrdiff_t> ends{0};
  for (auto const length : lengths) ends.push_back(ends.back() + static_cast<std::ptrdiff_t>(length));
  auto const at = values.begin();
  for (std::size_t step = 1; step < lengths.size(); step *= 2) {
    for (std::size_t i = 0; i + step < lengths.size(); i += 2 * step) {
      auto const last = std::min(i + 2 * step, lengths.size());
      std::inplace_merge(at + ends[i], at + ends[i + step], at + ends[last]);
    }
  }
}

}  // namespace

std::vector<double> benjamini_hochberg(Communicator const& comm, std::vector<double> p_values,
                                       std::span<double const> wanted) {
  std::sort(p_values.begin(), p_values.end());
  Ranges const ranges(comm, p_values);
  auto [values, lengths] =
      all_to_all(comm, std::span<double const>(p_values), ranges.counts(p_values, comm.size()));
  std::vector<double>().swap(p_values);
  merge_runs(values, lengths);

  // q-values of the values of this rank, from the largest down; equal values share that of the last of them.
  auto const before = exclusive_scan(comm, std::uint64_t{values.size()});
  auto const total = static_cast<double>(all_reduce(comm, std::uint64_t{values.size()}, Reduce::sum));
  std::vector<double> q(values.size());
  double least = 1;
  for (std::size_t i = values.size(); i-- > 0;) {
    least = std::min(least, values[i] * total / static_cast<double>(before + i + 1));
    q[i] = least;
  }
  auto const least_of_rank = all_gather(comm, least);
  double above = 1;
  for (auto r = static_cast<std::size_t>(comm.rank()) + 1; r < least_of_rank.size(); ++r) {
    above = std::min(above, least_of_rank[r]);
  }

  // Every rank asks the ranks that know, in the order of the values.
  std::vector<std::size_t> order(wanted.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
  std::vector<double> questions;
  questions.reserve(order.size());
  for (auto const i : order) questions.push_back(wanted[i]);
  auto asked = all_to_all(comm, std::span<double const>(questions), ranges.counts(questions, comm.size()));
  for (auto& value : asked.values) {
    auto const found = std::lower_bound(values.begin(), values.end(), value);
    value = std::min(above, q[static_cast<std::size_t>(found - values.begin())]);
  }
  auto const answers = all_to_all(comm, std::span<double const>(asked.values), asked.counts).values;
  std::vector<double> out(wanted.size());
  for (std::size_t i = 0; i < order.size(); ++i) out[order[i]] = answers[i];
  return out;
}

}  // namespace tessera
