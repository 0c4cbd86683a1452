// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "distance_weights.hpp"
#include "distinct.hpp"
#include "gather_rows.hpp"
#include "seeding.hpp"
#include "seeds.hpp"

namespace tessera::cluster {

namespace {

constexpr std::size_t kDrawsPerSeed = 4;  // of k, drawn from the same distances

/// Customers drawn by their distances to some seeds, on every rank, with their distances to all seeds so far.
template <class T>
class Drawn {
 public:
  /// *Collective.* rows: this rank's; all ranks' together are in the order of their targets.
  Drawn(Communicator const& comm, Customers<T> const& customers, std::vector<LocalRow> const& rows,
        FixedPoint grid, std::vector<T> const& seeds)
      : columns_(customers.columns()), grid_(grid), points_(gather_rows(comm, customers, rows)) {
    std::vector<double> weight;
    for (auto const row : rows) weight.push_back(customers.weight_of(row.value));
    weight_ = all_gather(comm, std::span<double const>(weight)).values;
    squared_distance_.assign(weight_.size(), std::numeric_limits<T>::infinity());
    come_nearer(seeds);
  }

  /// What customer i weighs in a draw, in steps of the grid.
  [[nodiscard]] std::int64_t mass(std::size_t i) const {
    return grid_.encode(weight_[i] * static_cast<double>(squared_distance_[i]));
  }
  [[nodiscard]] std::vector<T> point(std::size_t i) const {
    auto const first = points_.begin() + static_cast<std::ptrdiff_t>(i * columns_);
    return {first, first + static_cast<std::ptrdiff_t>(columns_)};
  }
  void come_nearer(std::vector<T> const& seeds) {
    lower_squared_distances<T>(points_, Centroids<T>(seeds, columns_), squared_distance_, {}, 0);
  }

 private:
  std::size_t columns_;
  FixedPoint grid_;
  std::vector<T> points_;
  std::vector<double> weight_;
  std::vector<T> squared_distance_;
};

/// Which of the drawn to keep, up to `wanted`: ascending numbers.
template <class T>
std::vector<std::size_t> keep(Drawn<T>& drawn, std::vector<std::int64_t> const& targets, std::size_t wanted,
                              Draw const& draw, std::uint32_t round) {
  std::vector<std::size_t> by_target(targets.size()), rank_of(targets.size());
  std::iota(by_target.begin(), by_target.end(), std::size_t{0});
  std::ranges::stable_sort(by_target, {}, [&](std::size_t i) { return targets[i]; });
  for (std::size_t at = 0; at < by_target.size(); ++at) rank_of[by_target[at]] = at;
  std::vector<std::uint64_t> mass;
  for (std::size_t at = 0; at < targets.size(); ++at)
    mass.push_back(static_cast<std::uint64_t>(drawn.mass(at)));
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < targets.size() && kept.size() < wanted; ++i) {
    auto const at = rank_of[i];
    if (draw.below(mass[at], i, round) >= static_cast<std::uint64_t>(drawn.mass(at))) continue;
    kept.push_back(at);
    drawn.come_nearer(drawn.point(at));
  }
  std::ranges::sort(kept);
  return kept;
}

}  // namespace

template <class T>
std::vector<T> seed_plus_plus(Communicator const& comm, Customers<T> const& customers, std::size_t k,
                              std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_plus_plus), accept(seed, Purpose::accept_seed);
  auto const& blocks = customers.matrix.blocks;
  Seeds<T> seeds(comm, customers);
  GlobalRow const first{draw.below(blocks.total_rows, 0)};
  std::vector<LocalRow> chosen;
  if (blocks.owns(first)) chosen.push_back(blocks.local(first));
  std::vector<T> points = gather_rows(comm, customers, chosen);
  for (std::uint32_t round = 1; points.size() < k * customers.columns(); ++round) {
    seeds.add(comm, chosen);
    auto const found = points.size() / customers.columns();
    auto const weights = weigh(comm, customers, seeds.squared_distance());
    if (weights.total == 0) throw too_few_distinct_customers(found, k);
    auto const targets = draw_targets(weights, kDrawsPerSeed * k, draw, round);
    auto const rows = rows_at(comm, customers, weights, seeds.squared_distance(), targets);
    Drawn<T> drawn(comm, customers, rows, weights.grid, points);
    auto const before =
        static_cast<std::size_t>(exclusive_scan(comm, static_cast<std::int64_t>(rows.size())));
    chosen.clear();
    for (auto const at : keep(drawn, targets, k - found, accept, round)) {
      auto const point = drawn.point(at);
      points.insert(points.end(), point.begin(), point.end());
      if (at >= before && at - before < rows.size()) chosen.push_back(rows[at - before]);
    }
  }
  return points;
}

template std::vector<float> seed_plus_plus(Communicator const&, Customers<float> const&, std::size_t,
                                           std::uint64_t);
template std::vector<double> seed_plus_plus(Communicator const&, Customers<double> const&, std::size_t,
                                            std::uint64_t);

}  // namespace tessera::cluster
