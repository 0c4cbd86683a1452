// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/segment_means.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/profile/segment_totals.hpp"

#include <cstddef>

namespace tessera {

std::vector<double> segment_means(Communicator const& comm, KMeansResult const& result, Distance distance,
                                  std::span<double const> weight) {
  auto const& model = result.models[result.selected];
  auto means = model.centroids;
  if (distance == Distance::euclidean) return means;
  bool const weighted = all_reduce(comm, weight.empty() ? 0 : 1, Reduce::maximum) == 1;
  auto const squared = together(comm, [&] {
    std::vector<double> out(result.distance.begin(), result.distance.end());
    for (std::size_t row = 0; row < out.size(); ++row) out[row] *= out[row] * (weighted ? weight[row] : 1.0);
    return out;
  });
  auto const spread = segment_totals(comm, result.segment, squared, model.k);
  std::vector<double> count(model.size.begin(), model.size.end());
  if (weighted) count = segment_totals(comm, result.segment, weight, model.k);
  std::size_t const columns = means.size() / model.k;
  for (std::size_t i = 0; i < means.size(); ++i) {
    std::size_t const j = i / columns;
    if (count[j] > 0) means[i] *= 1 - spread[j] / count[j] / 2;
  }
  return means;
}

}  // namespace tessera
