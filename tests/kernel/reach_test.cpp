// SPDX-License-Identifier: Apache-2.0
// Reaches under attack: centroids move as unkindly as they may, and no label may change.
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "levels.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

class Reach : public test::AtLevelWithReaches {};
INSTANTIATE_TEST_SUITE_P(Levels, Reach, testing::ValuesIn(simd_levels()),
                         [](auto const& level) { return level.param; });

/// Rows and centroids for an attack. Lengths are in units of `scale`.
struct Scene {
  std::size_t columns;
  std::size_t k;
  double offset;  // of every coordinate
  double apart;   // centroids lie within this of the offset
  double spread;  // rows lie within this of a centroid, or of the middle between two
  double scale = 1;
  double far = 0;  // the last centroid lies this far from the others
};

template <class T>
struct Points {
  std::vector<T> rows, centroids;
};

template <class T>
Points<T> make_points(Scene const& scene, std::size_t n) {
  Draw const draw(21, Purpose::generate);
  std::size_t const d = scene.columns;
  Points<T> out;
  std::vector<double> centre(scene.k * d);
  for (std::size_t i = 0; i < centre.size(); ++i) {
    bool const is_far = scene.far != 0 && i / d + 1 == scene.k;
    centre[i] = scene.offset + scene.apart * (2 * draw.uniform(i, 1) - 1) + (is_far ? scene.far : 0.0);
  }
  for (double const value : centre) out.centroids.push_back(static_cast<T>(value * scene.scale));
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t const a = draw.below(scene.k, i, 2), b = draw.below(scene.k, i, 3);
    double const share = i % 2 == 0 ? 0 : 0.5;
    for (std::size_t f = 0; f < d; ++f) {
      double const middle = (1 - share) * centre[a * d + f] + share * centre[b * d + f];
      double const noise = scene.spread * (2 * draw.uniform(i * d + f, 4) - 1);
      out.rows.push_back(static_cast<T>((middle + noise) * scene.scale));
    }
  }
  return out;
}

template <class T>
double length_between(T const* a, T const* b, std::size_t d) {
  // long double: a double's squares underflow
  long double squares = 0;
  for (std::size_t f = 0; f < d; ++f) {
    auto const difference = static_cast<long double>(a[f]) - static_cast<long double>(b[f]);
    squares += difference * difference;
  }
  return static_cast<double>(std::sqrt(squares) * (1 + 1e-15L));
}

/// Moves c by `way` along the line through x: towards it, or away from it where way < 0.
template <class T>
void move_towards(T* c, T const* x, std::size_t d, double way) {
  double const length = length_between(c, x, d);
  if (length == 0) return;
  for (std::size_t f = 0; f < d; ++f) {
    auto const from = static_cast<double>(c[f]);
    c[f] = static_cast<T>(from + way * ((static_cast<double>(x[f]) - from) / length));
  }
}

/// For each row, its centroid flees and another one draws near, as far as the row's reach allows. Returns
/// how many attacks there were.
template <class T>
std::size_t attack(Scene const& scene) {
  std::size_t const n = 60, d = scene.columns, k = scene.k;
  auto const points = make_points<T>(scene, n);
  Centroids<T> const before(points.centroids, d);
  std::vector<std::int32_t> label(n);
  std::vector<float> reach(n), radius(n);
  NearestScan<T> const scan{&before, label.data(), reach.data(), radius.data()};
  scan_nearest<T>(points.rows.data(), nullptr, n, {&scan, 1});
  std::size_t attacks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    T const* const x = points.rows.data() + i * d;
    auto const own = static_cast<std::size_t>(label[i]);
    EXPECT_LE(length_between(x, points.centroids.data() + own * d, d),
              static_cast<double>(radius[i]) * (1 + 1e-14))
        << "row " << i;
    for (std::size_t j = 0; j < k; ++j) {
      if (j == own || !(reach[i] > 0)) continue;
      for (double const share : {0.0, 0.3, 1.0}) {
        auto moved = points.centroids;
        T* const a = moved.data() + own * d;
        T* const b = moved.data() + j * d;
        auto const allowed = static_cast<double>(reach[i]);
        double way = allowed, done = 0;
        for (double less = 0x1p-24; less < 0.1; less *= 2) {  // rounding may have added to the way
          std::copy_n(points.centroids.data() + own * d, d, a);
          std::copy_n(points.centroids.data() + j * d, d, b);
          move_towards(a, x, d, -share * way);
          move_towards(b, x, d, (1 - share) * way);
          done = length_between(a, points.centroids.data() + own * d, d) +
                 length_between(b, points.centroids.data() + j * d, d);
          if (done < allowed) break;
          way = allowed * (1 - less);
        }
        if (done >= allowed) continue;
        std::vector<std::int32_t> after(1);
        reference::nearest<T>({x, d}, Centroids<T>(moved, d), after);
        ++attacks;
        EXPECT_EQ(after[0], label[i]) << "row " << i << " in reach " << reach[i] << " of centroid " << j
                                      << ", share " << share << ", d " << d << ", scale " << scene.scale
                                      << ", offset " << scene.offset << ", spread " << scene.spread;
      }
    }
  }
  return attacks;
}

TEST_P(Reach, holds_where_centroids_flee_and_draw_near) {
  std::size_t attacks = 0;
  for (std::size_t const d : {1U, 2U, 3U, 20U, 33U}) {
    for (double const spread : {0.0, 1e-6, 1e-3, 0.3}) {
      attacks += attack<float>({.columns = d, .k = 5, .offset = 0, .apart = 1, .spread = spread});
      attacks += attack<double>({.columns = d, .k = 5, .offset = 0, .apart = 1, .spread = spread});
    }
  }
  EXPECT_GT(attacks, 10'000U);
}

TEST_P(Reach, holds_where_rows_are_long_and_distances_short) {
  std::size_t attacks = 0;
  for (std::size_t const d : {1U, 3U, 20U}) {
    for (double const apart : {1e-1, 1e-2, 1e-3, 1e-4, 1e-6}) {
      attacks += attack<float>({.columns = d, .k = 4, .offset = 0.9, .apart = apart, .spread = apart / 10});
      attacks += attack<double>({.columns = d, .k = 4, .offset = 0.9, .apart = apart, .spread = apart / 10});
    }
  }
  EXPECT_GT(attacks, 1'000U);
}

TEST_P(Reach, holds_in_two_thousand_columns) {
  std::size_t attacks = 0;
  for (double const offset : {0.0, 0.5}) {
    attacks += attack<float>({.columns = 2000, .k = 3, .offset = offset, .apart = 0.5, .spread = 0.1});
    attacks += attack<double>({.columns = 2000, .k = 3, .offset = offset, .apart = 0.5, .spread = 0.1});
  }
  EXPECT_GT(attacks, 100U);
}

TEST_P(Reach, holds_where_squares_are_denormal_or_vanish) {
  std::size_t attacks = 0;
  for (std::size_t const d : {1U, 2U, 5U}) {
    for (double const scale :
         {1e-15, 1e-17, 1e-18, 3e-19, 1e-19, 3e-20, 1e-20, 3e-21, 1e-21, 3e-22, 1e-22, 1e-23, 1e-30, 1e-44}) {
      attacks +=
          attack<float>({.columns = d, .k = 4, .offset = 0, .apart = 1, .spread = 0.3, .scale = scale});
      attacks +=
          attack<double>({.columns = d, .k = 4, .offset = 0, .apart = 1, .spread = 0.3, .scale = scale});
    }
    for (double const scale : {1e-45, 3e-46, 1e-60, 1e-150, 1e-154, 1e-157, 1e-160, 1e-161, 1e-162, 1e-300}) {
      attacks +=
          attack<double>({.columns = d, .k = 4, .offset = 0, .apart = 1, .spread = 0.3, .scale = scale});
    }
  }
  EXPECT_GT(attacks, 1'000U);
}

TEST_P(Reach, holds_beside_centroids_that_are_far_away) {
  for (std::size_t const d : {1U, 3U, 20U}) {
    for (double const far : {1e3, 1e6, 1e12, 1e18, 1e19, 1e20, 1e38}) {
      attack<float>({.columns = d, .k = 4, .offset = 0, .apart = 0.5, .spread = 0.2, .far = far});
      attack<double>({.columns = d, .k = 4, .offset = 0, .apart = 0.5, .spread = 0.2, .far = far});
    }
    for (double const far : {1e40, 1e150, 1e160, 1e300}) {
      attack<double>({.columns = d, .k = 4, .offset = 0, .apart = 0.5, .spread = 0.2, .far = far});
    }
  }
}

}  // namespace
}  // namespace tessera
