// SPDX-License-Identifier: Apache-2.0
#include "../src/cluster/assignment.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "kernel/levels.hpp"
#include <gtest/gtest.h>

namespace tessera::cluster {
namespace {

using test::alone;
using test::Awkward;
using test::Content;

/// Where the centroids are in each iteration: row-major [k, columns], stored values.
template <class T>
using Path = std::vector<std::vector<T>>;

/// What an iteration is told by: everything that leaves an assignment.
struct Outcome {
  std::vector<std::int64_t> sum, size, weight;
  std::uint64_t moved = 0;
  bool operator==(Outcome const&) const = default;
};

template <class T>
Outcome outcome_of(SegmentSums const& sums, std::uint64_t moved) {
  return {sums.sum, sums.size, sums.weight, moved};
}

/// By the plain definition.
template <class T>
std::vector<Outcome> plain(Customers<T> const& customers, Path<T> const& path) {
  std::size_t const d = customers.columns();
  SegmentSums sums(path[0].size() / d, d);
  std::vector<std::int32_t> segment(customers.rows(), kNoSegment), target(customers.rows());
  std::vector<Outcome> out;
  for (auto const& centroids : path) {
    nearest<T>(customers.matrix.values, Centroids<T>(centroids, d), target);
    auto const moved = move_rows<T>(
        {customers.matrix.values.data(), customers.scale,
         customers.weight.empty() ? nullptr : customers.weight.data(), customers.weight_grid.scale()},
        nullptr, target, segment.data(), sums);
    out.push_back(outcome_of<T>(sums, moved));
  }
  return out;
}

/// Returns the share of customers that was scanned.
template <class T>
double expect_plain(Customers<T> const& customers, Path<T> const& path, std::vector<Outcome> const& expected,
                    Pruning pruning) {
  Assignment<T> assignment(alone(), customers, path[0].size() / customers.columns(), pruning);
  double scanned = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    assignment.begin(path[i]);
    Assignment<T>* const model = &assignment;
    assign<T>(customers, {&model, 1});
    scanned += static_cast<double>(assignment.scanned());
    auto const outcome = outcome_of<T>(assignment.sums(), assignment.moved());
    EXPECT_EQ(outcome.size, expected[i].size) << "iteration " << i;
    EXPECT_TRUE(outcome == expected[i]) << "iteration " << i << ", pruning " << static_cast<int>(pruning);
    if (testing::Test::HasFailure()) break;
  }
  return scanned / static_cast<double>(path.size() * customers.rows());
}

struct Walk {
  std::size_t k;
  double step;         // of the fastest centroid, in stored units
  double jump = 0;     // how often a centroid jumps onto a customer
  double lattice = 0;  // centroids stand on multiples of it; 0: anywhere
};

template <class T>
Path<T> make_path(Customers<T> const& customers, Walk const& walk) {
  constexpr std::uint32_t kIterations = 20;
  Draw const draw(41, Purpose::generate);
  std::size_t const d = customers.columns();
  std::vector<T> at;
  for (std::size_t j = 0; j < walk.k; ++j) {
    auto const row = customers.rows(draw.below(customers.rows(), j), 1);
    at.insert(at.end(), row.begin(), row.end());
  }
  Path<T> out{at};
  for (std::uint32_t i = 1; i < kIterations; ++i) {
    for (std::size_t j = 0; j < walk.k; ++j) {
      auto const row = customers.rows(draw.below(customers.rows(), j, 3 * i), 1);
      bool const jumps = draw.uniform(j, 3 * i + 1) < walk.jump;
      double const speed = walk.step * std::pow(10, -4 * draw.uniform(j, 1'000'000));
      for (std::size_t f = 0; f < d; ++f) {
        T& c = at[j * d + f];
        double to = static_cast<double>(c) + speed * (2 * draw.uniform(j * d + f, 3 * i + 2) - 1);
        if (walk.lattice > 0) to = std::round(to / walk.lattice) * walk.lattice;
        c = jumps ? row[f] : static_cast<T>(to);
      }
    }
    out.push_back(at);
  }
  return out;
}

template <class T>
double walk_over(Customers<T> const& customers, Walk const& walk) {
  SCOPED_TRACE("k " + std::to_string(walk.k) + ", step " + std::to_string(walk.step) + ", d " +
               std::to_string(customers.columns()) + ", bytes " + std::to_string(sizeof(T)));
  auto const path = make_path(customers, walk);
  auto const expected = plain(customers, path);
  EXPECT_EQ(expect_plain(customers, path, expected, Pruning::never), 1);
  expect_plain(customers, path, expected, Pruning::automatic);
  return expect_plain(customers, path, expected, Pruning::always);
}

template <class T>
double walk_over(Awkward const& data, Walk const& walk) {
  SCOPED_TRACE("content " + std::to_string(static_cast<int>(data.content)));
  return walk_over(centre<T>(alone(), test::slice_as<T>(alone(), data), {}, Distance::euclidean), walk);
}

class AssignmentAt : public test::AtLevelWithReaches {};
INSTANTIATE_TEST_SUITE_P(Levels, AssignmentAt, testing::ValuesIn(simd_levels()),
                         [](auto const& level) { return level.param; });

TEST_P(AssignmentAt, is_the_plain_one_however_centroids_walk) {
  for (auto const content : test::kContents) {
    double share = 0, runs = 0;
    for (std::size_t const d : {1U, 2U, 20U}) {
      for (std::size_t const k : {2U, 12U, 20U}) {  // of 1,000 rows: 20 is too many for pairs
        for (double const step : {1e-4, 1e-2}) {
          Walk const walk{.k = k, .step = step, .jump = 0.01};
          share += walk_over<float>({content, 1'000, d}, walk) + walk_over<double>({content, 1'000, d}, walk);
          runs += 2;
        }
      }
    }
    EXPECT_LT(share / runs, 0.98) << static_cast<int>(content);
  }
}

/// Customers and centroids on multiples of a power of two, the customers' mean at zero.
template <class T>
Customers<T> on_a_lattice(std::uint64_t rows, std::size_t columns, double lattice) {
  Draw const draw(43, Purpose::generate);
  return centre<T>(
      alone(),
      test::slice<T>(alone(), rows, columns,
                     [&](std::uint64_t row, std::size_t column) {
                       auto const steps =
                           static_cast<double>(draw.below(129, row / 2, static_cast<std::uint32_t>(column))) -
                           64;
                       return static_cast<T>((row % 2 == 0 ? steps : -steps) * lattice);
                     }),
      {}, Distance::euclidean);
}

TEST_P(AssignmentAt, breaks_exact_ties_as_the_plain_one_does) {
  for (std::size_t const d : {1U, 2U, 3U}) {
    auto const customers = on_a_lattice<float>(2'000, d, 0x1p-8);
    auto const in_double = on_a_lattice<double>(2'000, d, 0x1p-8);
    for (std::size_t const k : {2U, 9U, 31U, 60U}) {
      for (double const lattice : {0x1p-8, 0x1p-7, 0x1p-6}) {
        Walk const walk{.k = k, .step = 4 * lattice, .jump = 0.02, .lattice = lattice};
        walk_over(customers, walk);
        walk_over(in_double, walk);
      }
    }
  }
}

/// Two customers at +1 and -1 keep the others at their scale: what centring makes of them stays tiny.
template <class T>
Customers<T> beside_outliers(std::size_t columns, double scale) {
  Draw const draw(47, Purpose::generate);
  return centre<T>(
      alone(),
      test::slice<T>(alone(), 1'000, columns,
                     [&](std::uint64_t row, std::size_t column) {
                       if (row < 2) return static_cast<T>(row == 0 ? 1 : -1);
                       auto const f = static_cast<std::uint32_t>(column);
                       return static_cast<T>(scale * (test::cloud(row, f) + 0.2 * draw.uniform(row, f)));
                     }),
      {}, Distance::euclidean);
}

TEST_P(AssignmentAt, is_the_plain_one_where_squares_are_denormal_or_vanish) {
  for (std::size_t const d : {1U, 3U}) {
    for (std::size_t const k : {5U, 20U}) {
      for (double const scale : {1e-18, 1e-20, 1e-21, 1e-22}) {
        walk_over(beside_outliers<float>(d, scale), {.k = k, .step = 0.1 * scale, .jump = 0.01});
        walk_over(beside_outliers<double>(d, scale), {.k = k, .step = 0.1 * scale, .jump = 0.01});
      }
      for (double const scale : {1e-45, 1e-157}) {
        walk_over(beside_outliers<double>(d, scale), {.k = k, .step = 0.1 * scale, .jump = 0.01});
      }
    }
  }
}

TEST_P(AssignmentAt, is_the_plain_one_after_centroids_were_far_beyond_the_customers) {
  auto const customers = centre<float>(alone(), test::slice_as<float>(alone(), {Content::uniform, 1'500, 3}),
                                       {}, Distance::euclidean);
  for (float const away : {1e3F, 1e19F, 3e38F}) {
    for (std::size_t const k : {4U, 30U}) {
      auto path = make_path(customers, {.k = k, .step = 1e-3, .jump = 0.01});
      for (std::size_t const i : {0U, 1U, 8U}) path[i][0] = away;
      auto const expected = plain(customers, path);
      for (auto const pruning : {Pruning::never, Pruning::automatic, Pruning::always}) {
        expect_plain(customers, path, expected, pruning);
      }
    }
  }
}

}  // namespace
}  // namespace tessera::cluster
