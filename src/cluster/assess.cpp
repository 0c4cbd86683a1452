// SPDX-License-Identifier: Apache-2.0
#include "assess.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/nearest.hpp"
#include "tessera/kernel/squared_distance.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "indices.hpp"

namespace tessera::cluster {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// Sums over customers, in stored units.
struct Sums {
  explicit Sums(std::size_t k) : distance(k), size(k) {}
  ExactSum inertia, silhouette;
  std::vector<ExactSum> distance;  // [k]
  std::vector<std::int64_t> size;  // [k]
};

double silhouette(double own, double next) {
  double const larger = std::max(own, next);
  return larger == 0 ? 0 : (next - own) / larger;
}

/// Fills in this rank's rows of `out`.
Sums measure(Customers const& customers, Centroids const& centroids, Assessment& out) {
  std::size_t const n = customers.rows(), d = customers.columns();
  out.segment.resize(n);
  out.distance.resize(n);
  out.margin.resize(n);
  Sums sums(centroids.size());
  std::vector<std::int32_t> runner_up;
  for_each_chunk(n, [&](std::size_t first, std::size_t count) {
    auto const rows = customers.rows(first, count);
    runner_up.resize(count);
    nearest_two(rows, centroids, std::span(out.segment).subspan(first, count), runner_up);
    for (std::size_t i = 0; i < count; ++i) {
      auto const x = rows.subspan(i * d, d);
      auto const j = static_cast<std::size_t>(out.segment[first + i]);
      double const squared = squared_distance(x, centroids.row(j));
      double const own = std::sqrt(squared);
      double const next =
          std::sqrt(squared_distance(x, centroids.row(static_cast<std::size_t>(runner_up[i]))));
      out.distance[first + i] = static_cast<float>(own * customers.unit);
      out.margin[first + i] =
          static_cast<float>(centroids.size() == 1 ? kUndefined : (next - own) * customers.unit);
      sums.inertia.add(squared);
      sums.silhouette.add(silhouette(own, next));
      sums.distance[j].add(own);
      ++sums.size[j];
    }
  });
  return sums;
}

}  // namespace

Assessment assess(Communicator const& comm, Customers const& customers, std::vector<float> const& centroids) {
  std::size_t const k = centroids.size() / customers.columns();
  Assessment out;
  Sums sums =
      together(comm, [&] { return measure(customers, Centroids(centroids, customers.columns()), out); });

  out.size = sums.size;
  all_reduce(comm, std::span(out.size), Reduce::sum);
  auto exact = std::move(sums.distance);
  exact.push_back(sums.inertia);
  exact.push_back(sums.silhouette);
  auto const totals = exact_totals(comm, exact);
  double const inertia = totals[k], silhouettes = totals[k + 1];
  std::vector<double> mean_distance(k);
  for (std::size_t j = 0; j < k; ++j) {
    if (out.size[j] > 0) mean_distance[j] = totals[j] / static_cast<double>(out.size[j]);
  }

  SegmentSummary const summary{centroids, out.size, mean_distance, inertia};
  auto const n = static_cast<double>(customers.matrix.blocks.total_rows);
  out.inertia = inertia * customers.unit * customers.unit;
  out.quality.simplified_silhouette = k == 1 ? kUndefined : silhouettes / n;
  out.quality.calinski_harabasz = calinski_harabasz(summary);
  out.quality.davies_bouldin = davies_bouldin(summary);
  return out;
}

}  // namespace tessera::cluster
