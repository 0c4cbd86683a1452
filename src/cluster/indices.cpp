// SPDX-License-Identifier: Apache-2.0
#include "indices.hpp"

#include "tessera/kernel/squared_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tessera::cluster {

namespace {

std::span<double const> centroid(SegmentSummary const& summary, std::size_t j) {
  std::size_t const columns = summary.centroids.size() / summary.weight.size();
  return summary.centroids.subspan(j * columns, columns);
}

}  // namespace

double calinski_harabasz(SegmentSummary const& summary) {
  auto const k = static_cast<double>(summary.weight.size());
  double const n = std::accumulate(summary.weight.begin(), summary.weight.end(), 0.0);
  if (k == 1 || n == k) return kUndefinedIndex;
  double between = 0;
  for (std::size_t j = 0; j < summary.weight.size(); ++j) {
    double norm = 0;
    for (double const c : centroid(summary, j)) norm += c * c;
    between += summary.weight[j] * norm;
  }
  return (between / (k - 1)) / (summary.inertia / (n - k));
}

double davies_bouldin(SegmentSummary const& summary) {
  double sum = 0, segments = 0;
  for (std::size_t i = 0; i < summary.weight.size(); ++i) {
    if (summary.weight[i] == 0) continue;
    double worst = 0;
    for (std::size_t j = 0; j < summary.weight.size(); ++j) {
      if (j == i || summary.weight[j] == 0) continue;
      double const apart = std::sqrt(squared_distance(centroid(summary, i), centroid(summary, j)));
      worst = std::max(worst, (summary.mean_distance[i] + summary.mean_distance[j]) / apart);
    }
    sum += worst;
    segments += 1;
  }
  return segments < 2 ? kUndefinedIndex : sum / segments;
}

}  // namespace tessera::cluster
