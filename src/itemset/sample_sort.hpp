// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Sorting over all ranks by regular samples (Shi and Schaeffer, "Parallel sorting by regular sampling",
/// 1992).
namespace tessera {

/// *Collective.* The values of all ranks in ascending order, consecutive over ranks in about equal shares.
/// No two values are equivalent, so the order does not depend on who held what.
template <Plain T, class Less>
[[nodiscard]] std::vector<T> sort_over_ranks(Communicator const& comm, std::vector<T> values, Less less) {
  constexpr std::size_t kSamples = 64;  // a rank; so that shares differ by a few percent
  std::sort(values.begin(), values.end(), less);
  auto const ranks = static_cast<std::size_t>(comm.size());
  if (ranks == 1) return values;
  std::vector<T> sample;
  for (std::size_t i = 0; i < kSamples && !values.empty(); ++i)
    sample.push_back(values[i * values.size() / kSamples]);
  auto samples = all_gather(comm, std::span<T const>(sample)).values;
  std::sort(samples.begin(), samples.end(), less);
  std::vector<std::uint64_t> counts(ranks, 0);
  std::size_t begin = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    auto end = values.end();
    if (r + 1 < ranks && !samples.empty()) {
      auto const& bound = samples[(r + 1) * samples.size() / ranks];
      end = std::lower_bound(values.begin() + static_cast<std::ptrdiff_t>(begin), values.end(), bound, less);
    }
    counts[r] = static_cast<std::uint64_t>(end - values.begin()) - begin;
    begin += counts[r];
  }
  auto sorted = all_to_all(comm, std::span<T const>(values), counts).values;
  std::sort(sorted.begin(), sorted.end(), less);
  return sorted;
}

}  // namespace tessera
