// SPDX-License-Identifier: Apache-2.0
// Seeds against their plain definitions: every customer looks at every seed, on one rank.
#include "tessera/core/fixed_point.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../src/cluster/recluster.hpp"
#include "../src/cluster/seeding.hpp"
#include "../src/cluster/seeds.hpp"
#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera::cluster {
namespace {

using test::Awkward;
using test::Content;
using test::world;

constexpr std::uint32_t kRounds = 3;  // of k-means||

/// Seeds, each customer's squared distance to the nearest of them, and which one that is.
template <class T>
class PlainSeeds {
 public:
  explicit PlainSeeds(Customers<T> const& customers)
      : customers_(customers),
        squared_distance_(customers.rows(), std::numeric_limits<T>::infinity()),
        nearest_(customers.rows()) {}

  void add(std::vector<std::size_t> const& rows) {
    if (rows.empty()) return;
    std::vector<T> added;
    for (auto const row : rows) {
      auto const values = customers_.rows(row, 1);
      added.insert(added.end(), values.begin(), values.end());
    }
    auto const first = static_cast<std::int32_t>(points_.size() / customers_.columns());
    points_.insert(points_.end(), added.begin(), added.end());
    reference::lower_squared_distances<T>(customers_.matrix.values, Centroids<T>(added, customers_.columns()),
                                          squared_distance_, nearest_, first);
  }

  /// The finest grid for the sum of all w D^2.
  [[nodiscard]] FixedPoint grid() const {
    double largest = 0;
    for (std::size_t i = 0; i < customers_.rows(); ++i) largest = std::max(largest, value(i));
    return FixedPoint::for_sum(largest, std::max<std::uint64_t>(customers_.rows(), 4096));
  }

  /// Every customer's weight in a draw in proportion to w D^2.
  [[nodiscard]] std::vector<std::int64_t> masses(FixedPoint grid) const {
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < customers_.rows(); ++i) out.push_back(mass(grid, i));
    return out;
  }
  [[nodiscard]] std::int64_t mass(FixedPoint grid, std::size_t row) const { return grid.encode(value(row)); }

  [[nodiscard]] std::vector<T> const& points() const { return points_; }
  [[nodiscard]] std::vector<std::int32_t> const& nearest() const { return nearest_; }

 private:
  [[nodiscard]] double value(std::size_t i) const {
    return customers_.weight_of(i) * static_cast<double>(squared_distance_[i]);
  }

  Customers<T> const& customers_;
  std::vector<T> points_, squared_distance_;
  std::vector<std::int32_t> nearest_;
};

std::int64_t total(std::vector<std::int64_t> const& masses) {
  std::int64_t out = 0;
  for (auto const mass : masses) out += mass;
  return out;
}

/// The customer on whom the running sum first exceeds the target.
std::size_t row_at(std::vector<std::int64_t> const& masses, std::uint64_t target) {
  std::size_t row = 0;
  auto left = static_cast<std::int64_t>(target);
  while (left >= masses[row]) left -= masses[row++];
  return row;
}

/// Draws by older distances are kept with probability new / old.
template <class T>
std::vector<T> plain_plus_plus(Customers<T> const& customers, std::size_t k, std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_plus_plus), accept(seed, Purpose::accept_seed);
  PlainSeeds<T> seeds(customers);
  std::vector<std::size_t> chosen{draw.below(customers.rows(), 0)}, all = chosen;
  for (std::uint32_t round = 1; all.size() < k; ++round) {
    seeds.add(chosen);
    auto const grid = seeds.grid();
    auto const old = seeds.masses(grid);
    auto now = seeds;
    chosen.clear();
    for (std::size_t i = 0; i < 4 * k && all.size() + chosen.size() < k; ++i) {
      auto const row = row_at(old, draw.below(static_cast<std::uint64_t>(total(old)), i, round));
      auto const limit = accept.below(static_cast<std::uint64_t>(old[row]), i, round);
      if (limit >= static_cast<std::uint64_t>(now.mass(grid, row))) continue;
      chosen.push_back(row);
      now.add({row});
    }
    std::ranges::sort(chosen);
    all.insert(all.end(), chosen.begin(), chosen.end());
  }
  std::vector<T> points;
  for (auto const row : all) {
    auto const values = customers.rows(row, 1);
    points.insert(points.end(), values.begin(), values.end());
  }
  return points;
}

/// The seeds to which some customer is nearest, and the weight of these customers.
template <class T>
struct Candidates {
  std::vector<T> points;
  std::vector<std::int64_t> weights;
};

template <class T>
Candidates<T> candidates(Customers<T> const& customers, PlainSeeds<T> const& seeds) {
  std::size_t const d = customers.columns();
  std::vector<std::int64_t> held(seeds.points().size() / d), weight(held.size());
  for (std::size_t i = 0; i < customers.rows(); ++i) {
    auto const own = static_cast<std::size_t>(seeds.nearest()[i]);
    ++held[own];
    weight[own] += customers.weight_grid.encode(customers.weight_of(i));
  }
  Candidates<T> out;
  for (std::size_t j = 0; j < held.size(); ++j) {
    if (held[j] == 0) continue;
    auto const point = std::span(seeds.points()).subspan(j * d, d);
    out.points.insert(out.points.end(), point.begin(), point.end());
    out.weights.push_back(weight[j]);
  }
  return out;
}

template <class T>
std::vector<T> plain_parallel(Customers<T> const& customers, std::size_t k, std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_parallel);
  PlainSeeds<T> seeds(customers);
  seeds.add({draw.below(customers.rows(), 0)});
  Candidates<T> found;
  for (std::uint32_t round = 1; found.weights.size() < k; ++round) {
    auto const masses = seeds.masses(seeds.grid());
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < k && total(masses) > 0; ++i) {
      rows.push_back(row_at(masses, draw.below(static_cast<std::uint64_t>(total(masses)), i, round)));
    }
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    seeds.add(rows);
    if (round >= kRounds || rows.empty()) found = candidates(customers, seeds);
    if (rows.empty()) break;
  }
  return recluster(std::span<T const>(found.points), found.weights, customers.columns(), k, seed);
}

enum class Weights { none, some };

template <class T>
Customers<T> customers_of(Communicator const& comm, Awkward const& data, Weights weights, Distance distance) {
  auto matrix = test::slice_as<T>(comm, data);
  std::vector<T> weight;
  for (std::size_t i = 0; weights == Weights::some && i < matrix.rows(); ++i) {
    auto const row = matrix.blocks.global(LocalRow{i}).value;
    weight.push_back(static_cast<T>(0.1 + 10 * Draw(71, Purpose::generate).uniform(row)));
  }
  return centre(comm, std::move(matrix), std::move(weight), distance);
}

template <class T>
void expect_plain_seeds(Awkward const& data, std::size_t k, Weights weights = Weights::none,
                        Distance distance = Distance::euclidean) {
  SCOPED_TRACE("content " + std::to_string(static_cast<int>(data.content)) + ", d " +
               std::to_string(data.columns) + ", k " + std::to_string(k) + ", bytes " +
               std::to_string(sizeof(T)));
  auto const all = customers_of<T>(Communicator::self(), data, weights, distance);
  auto const ours = customers_of<T>(world(), data, weights, distance);
  for (std::uint64_t const seed : {1U, 2U}) {
    EXPECT_EQ(seed_plus_plus(world(), ours, k, seed), plain_plus_plus(all, k, seed));
    EXPECT_EQ(seed_parallel(world(), ours, k, seed), plain_parallel(all, k, seed));
  }
}

TEST(Seeding, draws_what_the_plain_definitions_draw) {
  for (auto const content : test::kContents) {
    if (content == Content::vanishing || content == Content::duplicated) continue;
    for (std::size_t const d : {2U, 9U}) {
      expect_plain_seeds<float>({content, 3'000, d}, 10);
      expect_plain_seeds<double>({content, 3'000, d}, 10);
    }
  }
}

TEST(Seeding, draws_what_the_plain_definitions_draw_with_weights_and_cosines) {
  for (auto const content : {Content::uniform, Content::clustered, Content::one_outlier}) {
    for (auto const distance : {Distance::euclidean, Distance::cosine}) {
      expect_plain_seeds<float>({content, 3'000, 5}, 12, Weights::some, distance);
      expect_plain_seeds<double>({content, 3'000, 5}, 12, Weights::some, distance);
    }
  }
}

TEST(Seeding, draws_what_the_plain_definitions_draw_of_many_seeds) {
  expect_plain_seeds<float>({Content::clustered, 4'000, 3}, 200);
  expect_plain_seeds<double>({Content::uniform, 4'000, 3}, 200);
}

/// The chance of each set of three of five customers, by enumeration, against what 20,000 seeds draw.
TEST(Seeding, plus_plus_draws_in_proportion_to_squared_distances) {
  std::vector<double> const x{0, 1, 3, 7, 8};
  auto const customers =
      centre<double>(Communicator::self(), test::make_matrix<double>(1, x), {}, Distance::euclidean);
  auto const squared = [&](std::size_t a, std::size_t b) { return (x[a] - x[b]) * (x[a] - x[b]); };
  std::map<std::set<std::size_t>, double> chance;
  for (std::size_t a = 0; a < 5; ++a) {
    double all_b = 0;
    for (std::size_t b = 0; b < 5; ++b) all_b += squared(a, b);
    for (std::size_t b = 0; b < 5; ++b) {
      double all_c = 0;
      for (std::size_t c = 0; c < 5; ++c) all_c += std::min(squared(a, c), squared(b, c));
      for (std::size_t c = 0; c < 5; ++c) {
        chance[{a, b, c}] += squared(a, b) / all_b * std::min(squared(a, c), squared(b, c)) / all_c / 5;
      }
    }
  }
  constexpr std::size_t kSeeds = 20'000;
  std::map<std::set<std::size_t>, std::size_t> drawn;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::set<std::size_t> rows;
    for (double const point : seed_plus_plus(Communicator::self(), customers, 3, seed)) {
      rows.insert(static_cast<std::size_t>(std::ranges::find(customers.matrix.values, point) -
                                           customers.matrix.values.begin()));
    }
    ++drawn[rows];
  }
  for (auto const& [rows, p] : chance) {
    EXPECT_NEAR(static_cast<double>(drawn[rows]), p * kSeeds, 4 * std::sqrt(p * (1 - p) * kSeeds));
  }
}

TEST(Seeding, finds_every_different_customer_where_there_are_no_more) {
  for (std::size_t const k : {30U, 40U}) {
    expect_plain_seeds<float>({Content::duplicated, 3'000, 3}, k);
    expect_plain_seeds<double>({Content::duplicated, 3'000, 3}, k);
  }
}

TEST(Seeding, refuses_more_seeds_than_different_customers_on_all_ranks) {
  auto const customers =
      customers_of<float>(world(), {Content::duplicated, 3'000, 3}, Weights::none, Distance::euclidean);
  test::expect_refusal([&] { (void)seed_plus_plus(world(), customers, 41, 1); },
                       "only 40 distinct customers");
  test::expect_refusal([&] { (void)seed_parallel(world(), customers, 41, 1); }, "only 40 distinct customers");
}

/// Two customers at +1 and -1 keep the others at their scale.
template <class T>
Customers<T> beside_outliers(Communicator const& comm, double scale) {
  auto matrix = test::slice<T>(comm, 3'000, 2, [&](std::uint64_t row, std::size_t column) {
    if (row < 2) return static_cast<T>(row == 0 ? 1 : -1);
    return static_cast<T>(scale * test::cloud(row, static_cast<std::uint32_t>(column)));
  });
  return centre(comm, std::move(matrix), {}, Distance::euclidean);
}

/// All customers look at the added seeds, or only those whom the triangle inequality does not excuse.
template <class T>
void expect_plain_distances(double scale) {
  SCOPED_TRACE("scale " + std::to_string(scale) + ", bytes " + std::to_string(sizeof(T)));
  auto const all = beside_outliers<T>(Communicator::self(), scale);
  auto const ours = beside_outliers<T>(world(), scale);
  auto const& blocks = ours.matrix.blocks;
  std::size_t const d = ours.columns();
  Draw const draw(72, Purpose::generate);
  Seeds<T> seeds(world(), ours);
  std::vector<T> expected(all.rows(), std::numeric_limits<T>::infinity());
  std::vector<std::int32_t> nearest(all.rows());
  for (std::uint32_t round = 0; round < 25; ++round) {
    auto const row = draw.below(all.rows(), 0, round);
    std::vector<LocalRow> chosen;
    if (blocks.owns({row})) chosen.push_back(blocks.local({row}));
    seeds.add(world(), chosen);
    auto const point = all.rows(row, 1);
    reference::lower_squared_distances<T>(all.matrix.values, Centroids<T>({point.begin(), point.end()}, d),
                                          expected, nearest, static_cast<std::int32_t>(round));
  }
  auto const first = expected.begin() + static_cast<std::ptrdiff_t>(blocks.first_row);
  std::vector<T> const part(first, first + static_cast<std::ptrdiff_t>(blocks.rows()));
  EXPECT_EQ(std::vector<T>(seeds.squared_distance().begin(), seeds.squared_distance().end()), part);
}

TEST(Seeding, knows_the_plain_distances_where_squares_are_denormal_or_vanish) {
  for (double const scale : {1e-3, 1e-13, 1e-15, 1e-16, 1e-19, 1e-21, 1e-22, 1e-23, 1e-40}) {
    expect_plain_distances<float>(scale);
    expect_plain_distances<double>(scale);
  }
  for (double const scale : {1e-150, 1e-158, 1e-161, 1e-300}) expect_plain_distances<double>(scale);
}

}  // namespace
}  // namespace tessera::cluster
