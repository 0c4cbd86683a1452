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
#include <utility>

#include "indices.hpp"

namespace tessera::cluster {

namespace {

/// Sums over customers, in stored units. Each block is summed in the order of its rows, and the blocks' sums
/// exactly: no rank cuts a block.
struct Sums {
  explicit Sums(std::size_t k) : distance(k), weight(k), size(k) {}
  ExactSum inertia, silhouette;
  std::vector<ExactSum> distance, weight;  // [k]
  std::vector<std::int64_t> size;          // [k]
};

struct BlockSums {
  explicit BlockSums(std::size_t k) : distance(k), weight(k) {}
  double inertia = 0, silhouette = 0;
  std::vector<double> distance, weight;

  void move_to(Sums& sums) {
    sums.inertia.add(std::exchange(inertia, 0.0));
    sums.silhouette.add(std::exchange(silhouette, 0.0));
    for (std::size_t j = 0; j < distance.size(); ++j) {
      sums.distance[j].add(std::exchange(distance[j], 0.0));
      sums.weight[j].add(std::exchange(weight[j], 0.0));
    }
  }
};

double silhouette(double own, double next) {
  double const larger = std::max(own, next);
  return larger == 0 ? 0 : (next - own) / larger;
}

/// [rows.size()] Squared distances of rows to their centroids, as squared_distance() gives them. Sums of four
/// rows run side by side: one alone would wait for each of its additions.
template <class T>
void squared_distances(std::span<T const> rows, Centroids<T> const& centroids,
                       std::span<std::int32_t const> nearest, std::span<double> out) {
  constexpr std::size_t kRows = 4;
  std::size_t const d = centroids.columns();
  auto const centroid = [&](std::size_t i) {
    return centroids.row(static_cast<std::size_t>(nearest[i])).data();
  };
  std::size_t i = 0;
  for (; i + kRows <= out.size(); i += kRows) {
    T const* const x = rows.data() + i * d;
    T const* const c[kRows] = {centroid(i), centroid(i + 1), centroid(i + 2), centroid(i + 3)};
    double sum[kRows] = {};
    for (std::size_t f = 0; f < d; ++f) {
      for (std::size_t r = 0; r < kRows; ++r) {
        double const difference = static_cast<double>(x[r * d + f]) - static_cast<double>(c[r][f]);
        sum[r] += difference * difference;
      }
    }
    std::copy_n(sum, kRows, out.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (; i < out.size(); ++i) {
    out[i] = squared_distance<T>(rows.subspan(i * d, d), {centroid(i), d});
  }
}

/// Fills in this rank's rows of `out`.
template <class T>
Sums measure(Customers<T> const& customers, Centroids<T> const& centroids, Assessment& out) {
  std::size_t const n = customers.rows(), k = centroids.size();
  auto const& offset = customers.matrix.blocks.offset;
  out.segment.resize(n);
  out.distance.resize(n);
  out.margin.resize(n);
  Sums sums(k);
  BlockSums partial(k);
  std::vector<std::int32_t> runner_up;
  std::vector<double> squared, next_squared;
  for (std::size_t block = 0; block + 1 < offset.size(); ++block) {
    std::size_t const first = offset[block], count = offset[block + 1] - first;
    auto const rows = customers.rows(first, count);
    auto const segment = std::span(out.segment).subspan(first, count);
    runner_up.resize(count);
    squared.resize(count);
    next_squared.resize(count);
    nearest_two(rows, centroids, segment, runner_up);
    squared_distances<T>(rows, centroids, segment, squared);
    squared_distances<T>(rows, centroids, runner_up, next_squared);
    for (std::size_t i = 0; i < count; ++i) {
      auto const j = static_cast<std::size_t>(segment[i]);
      double const own = std::sqrt(squared[i]), next = std::sqrt(next_squared[i]);
      out.distance[first + i] = static_cast<float>(own * customers.unit);
      out.margin[first + i] = static_cast<float>(k == 1 ? kUndefinedIndex : (next - own) * customers.unit);
      double const weight = customers.weight_of(first + i);
      partial.inertia += weight * squared[i];
      partial.silhouette += weight * silhouette(own, next);
      partial.distance[j] += weight * own;
      partial.weight[j] += weight;
      ++sums.size[j];
    }
    partial.move_to(sums);
  }
  return sums;
}

}  // namespace

template <class T>
Assessment assess(Communicator const& comm, Customers<T> const& customers, std::vector<T> const& centroids) {
  std::size_t const k = centroids.size() / customers.columns();
  Assessment out;
  Sums sums =
      together(comm, [&] { return measure(customers, Centroids<T>(centroids, customers.columns()), out); });

  out.size = sums.size;
  all_reduce(comm, std::span(out.size), Reduce::sum);
  auto exact = std::move(sums.distance);
  exact.insert(exact.end(), sums.weight.begin(), sums.weight.end());
  exact.push_back(sums.inertia);
  exact.push_back(sums.silhouette);
  auto const totals = exact_totals(comm, exact);
  std::span const weight = std::span(totals).subspan(k, k);
  double const inertia = totals[2 * k], silhouettes = totals[2 * k + 1];
  std::vector<double> mean_distance(k);
  for (std::size_t j = 0; j < k; ++j) {
    if (weight[j] > 0) mean_distance[j] = totals[j] / weight[j];
  }

  std::vector<double> const points(centroids.begin(), centroids.end());
  SegmentSummary const summary{points, weight, mean_distance, inertia};
  out.inertia = inertia * customers.unit * customers.unit;
  out.quality.simplified_silhouette = k == 1 ? kUndefinedIndex : silhouettes / customers.total_weight;
  out.quality.calinski_harabasz = calinski_harabasz(summary);
  out.quality.davies_bouldin = davies_bouldin(summary);
  return out;
}

template Assessment assess(Communicator const&, Customers<float> const&, std::vector<float> const&);
template Assessment assess(Communicator const&, Customers<double> const&, std::vector<double> const&);

}  // namespace tessera::cluster
