// SPDX-License-Identifier: Apache-2.0
#include "../src/cluster/drift.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/due_rows.hpp"
#include "tessera/kernel/nearest.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "kernel/levels.hpp"
#include <gtest/gtest.h>

namespace tessera::cluster {
namespace {

/// Steps of the centroids in units of the scene's size.
struct Walk {
  std::size_t rows, columns, k;
  double step;               // of the fastest centroid; others are up to 10^6 times slower
  double jump = 0;           // how often a centroid jumps onto a row, as refilled ones do
  double size = 1;           // of the scene
  double offset = 0;         // of the scene's middle from the origin
  double start_away = 0;     // how far from the scene centroid 0 starts
  std::size_t restarts = 0;  // all deadlines are set anew every so many steps; 0: never
};

/// Customers with deadlines, and centroids that walk at random.
template <class T>
class Scene {
 public:
  explicit Scene(Walk const& walk)
      : walk_(walk),
        rows_(walk.rows * walk.columns),
        centroids_(walk.k * walk.columns),
        drift_(walk.k, walk.rows),
        label_(walk.rows),
        deadline_(walk.rows) {
    std::size_t const d = walk.columns;
    for (std::size_t i = 0; i < centroids_.size(); ++i) {
      centroids_[i] = place(2 * draw_.uniform(i, 1) - 1 + (i < d ? walk.start_away : 0.0));
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto const home = draw_.below(walk.k, i / d, 2) * d + i % d;
      double const noise = (draw_.uniform(i, 3) - 0.5) * (i / d % 3 == 0 ? 1 : 0.05);
      double const middle = home < d ? 0 : (static_cast<double>(centroids_[home]) - walk.offset) / walk.size;
      rows_[i] = place(middle + noise);
    }
    restart();
  }

  /// Moves the centroids; returns how many labels were taken to be what they had been.
  std::size_t advance(std::uint32_t iteration) {
    auto const before = centroids_;
    step(iteration);
    drift_.move(before, centroids_, walk_.columns);
    if (walk_.restarts != 0 && iteration % walk_.restarts == 0) {
      restart();
    } else {
      scan(due());
    }
    return walk_.rows - scanned_;
  }

  [[nodiscard]] std::vector<std::int32_t> const& labels() const { return label_; }
  [[nodiscard]] std::vector<std::int32_t> plain_labels() const {
    std::vector<std::int32_t> out(walk_.rows);
    nearest<T>(rows_, Centroids<T>(centroids_, walk_.columns), out);
    return out;
  }

 private:
  [[nodiscard]] T place(double x) const { return static_cast<T>(walk_.offset + walk_.size * x); }

  void step(std::uint32_t iteration) {
    std::size_t const d = walk_.columns;
    for (std::size_t j = 0; j < walk_.k; ++j) {
      double const speed = walk_.size * walk_.step * std::pow(10, -6 * draw_.uniform(j, 4));
      bool const jumps = draw_.uniform(j, 1000 + 2 * iteration) < walk_.jump || (j == 0 && iteration == 1);
      std::size_t const row = draw_.below(walk_.rows, j, 1000 + 2 * iteration);
      for (std::size_t f = 0; f < d; ++f) {
        auto const to = static_cast<double>(centroids_[j * d + f]) +
                        speed * (2 * draw_.uniform(j * d + f, 1001 + 2 * iteration) - 1);
        centroids_[j * d + f] = jumps ? rows_[row * d + f] : static_cast<T>(to);
      }
    }
  }

  void restart() {
    drift_.restart();
    std::vector<std::uint32_t> all(walk_.rows);
    std::iota(all.begin(), all.end(), 0U);
    scan(all);
  }

  [[nodiscard]] std::vector<std::uint32_t> due() {
    std::vector<float> block((walk_.rows + kDueBlock - 1) / kDueBlock);
    std::vector<std::uint32_t> out(walk_.rows + kDuePadding);
    out.resize(due_rows({label_, deadline_, block}, drift_.clock(), drift_.fastest(), out.data()));
    return out;
  }

  void scan(std::vector<std::uint32_t> const& listed) {
    Centroids<T> const centroids(centroids_, walk_.columns);
    std::vector<std::int32_t> label(listed.size());
    std::vector<float> reach(listed.size()), radius(listed.size());
    NearestScan<T> const model{&centroids, label.data(), reach.data(), radius.data()};
    scan_nearest<T>(rows_.data(), listed.data(), listed.size(), {&model, 1});
    for (std::size_t i = 0; i < listed.size(); ++i) {
      auto const own = static_cast<std::size_t>(label[i]);
      float const sum = drift_.clock()[own] + reach[i];
      label_[listed[i]] = label[i];
      deadline_[listed[i]] = sum - sum * std::numeric_limits<float>::epsilon();
      drift_.include(own, radius[i]);
    }
    scanned_ = listed.size();
  }

  Walk walk_;
  Draw draw_{31, Purpose::generate};
  std::vector<T> rows_, centroids_;
  Drift<T> drift_;
  std::vector<std::int32_t> label_;
  std::vector<float> deadline_;
  std::size_t scanned_ = 0;
};

/// Returns the share of labels that needed no look.
template <class T>
double expect_plain_labels(Walk const& walk) {
  constexpr std::uint32_t kSteps = 25;
  Scene<T> scene(walk);
  double kept = 0;
  for (std::uint32_t iteration = 1; iteration <= kSteps; ++iteration) {
    kept += static_cast<double>(scene.advance(iteration));
    EXPECT_EQ(scene.labels(), scene.plain_labels())
        << "step " << iteration << " of " << walk.step << ", size " << walk.size << ", offset " << walk.offset
        << ", d " << walk.columns << ", k " << walk.k;
    if (testing::Test::HasFailure()) break;
  }
  return kept / (kSteps * static_cast<double>(walk.rows));
}

// k = 40 is more than a 64th of the rows, so that all centroids count; with the others only near ones do.
constexpr std::size_t kCounts[] = {2, 7, 23, 40};

TEST(Drift, proves_only_labels_that_are_the_plain_ones) {
  double kept = 0, walks = 0;
  for (std::size_t const k : kCounts) {
    for (std::size_t const d : {1U, 2U, 3U, 20U, 33U}) {
      for (double const step : {1e-5, 1e-3, 3e-2}) {
        kept += expect_plain_labels<float>({.rows = 1'500, .columns = d, .k = k, .step = step});
        kept += expect_plain_labels<double>({.rows = 1'500, .columns = d, .k = k, .step = step});
        walks += 2;
      }
    }
  }
  if (test::gives_reaches()) {
    EXPECT_GT(kept / walks, 0.4);
  }
}

TEST(Drift, takes_jumps_into_account_of_centroids_that_were_far) {
  double kept = 0, walks = 0;
  for (std::size_t const k : kCounts) {
    for (std::size_t const d : {1U, 3U, 20U}) {
      Walk walk{.rows = 1'500, .columns = d, .k = k, .step = 1e-3, .jump = 0.3 / static_cast<double>(k)};
      for (std::size_t const restarts : {0U, 5U}) {
        walk.restarts = restarts;
        kept += expect_plain_labels<float>(walk) + expect_plain_labels<double>(walk);
        walks += 2;
      }
    }
  }
  if (test::gives_reaches()) {
    EXPECT_GT(kept / walks, 0.2);
  }
}

TEST(Drift, holds_far_from_the_origin_where_ties_are_frequent) {
  for (std::size_t const k : kCounts) {
    for (std::size_t const d : {1U, 2U, 20U}) {
      for (double const size : {1e-2, 1e-4, 1e-6}) {
        Walk const walk{.rows = 1'500, .columns = d, .k = k, .step = 1e-2, .size = size, .offset = 0.7};
        expect_plain_labels<float>(walk);
        expect_plain_labels<double>(walk);
      }
    }
  }
}

TEST(Drift, holds_where_squares_are_denormal) {
  for (std::size_t const k : {7U, 40U}) {
    for (std::size_t const d : {1U, 5U}) {
      for (double const size : {1e-19, 1e-20, 1e-21, 1e-22, 1e-43}) {
        Walk const walk{.rows = 1'500, .columns = d, .k = k, .step = 1e-2, .jump = 0.02, .size = size};
        expect_plain_labels<float>(walk);
        expect_plain_labels<double>(walk);
      }
      for (double const size : {1e-45, 1e-154, 1e-158, 1e-161}) {
        expect_plain_labels<double>(
            {.rows = 1'500, .columns = d, .k = k, .step = 1e-2, .jump = 0.02, .size = size});
      }
    }
  }
}

TEST(Drift, tells_small_moves_apart_again_after_a_long_way_and_a_restart) {
  for (std::size_t const k : {7U, 40U}) {
    for (double const away : {1e8, 1e20, 1e38}) {
      Walk walk{.rows = 1'500, .columns = 3, .k = k, .step = 1e-3, .start_away = away, .restarts = 2};
      double const kept = expect_plain_labels<float>(walk);
      if (test::gives_reaches()) {
        EXPECT_GT(kept, 0.2) << away;
      }
      walk.restarts = 0;
      expect_plain_labels<float>(walk);
      walk.start_away = away * away * away * away;
      expect_plain_labels<double>(walk);
    }
  }
}

TEST(Drift, knows_that_customers_are_farther_from_a_centroid_that_leaves_them) {
  // A customer at 0 belongs to the first centroid. When that one goes to 0.3, the other one arrives at -0.15:
  // more than twice as far from it as the customer was, but nearer to the customer.
  Drift<double> drift(2, 128);
  drift.restart();
  drift.include(0, 0.1F);
  drift.move(std::vector{0.1, 10.0}, std::vector{0.3, -0.15}, 1);
  EXPECT_GE(drift.clock()[0], 10.15F);
}

TEST(Drift, leaves_out_the_moves_of_centroids_that_stay_far) {
  Drift<double> drift(2, 128), few_rows(2, 127);
  for (auto* const it : {&drift, &few_rows}) {
    it->restart();
    it->include(0, 0.1F);
    it->include(1, 0.1F);
    it->move(std::vector{0.1, 10.0}, std::vector{0.125, 9.0}, 1);
  }
  EXPECT_NEAR(drift.clock()[0], 0.025, 1e-6);
  EXPECT_NEAR(few_rows.clock()[0], 1.025, 1e-6);
  EXPECT_NEAR(drift.clock()[1], 1, 1e-6);
  EXPECT_GE(drift.fastest(), 1.0F);
  // ... until one comes near: then its whole way counts.
  drift.move(std::vector{0.125, 9.0}, std::vector{0.125, 0.25}, 1);
  EXPECT_NEAR(drift.clock()[0], 0.025 + 9.75, 1e-5);
}

}  // namespace
}  // namespace tessera::cluster
