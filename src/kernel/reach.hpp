// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

namespace tessera {

/// How far rounding reaches, for the reaches of NearestScan.
///
/// A score is a chain of d + 1 roundings of terms that sum up to at most B = |c|^2/2 + |x||c|, so it errs by
/// at most e B with e = (d + 2) u, u the unit roundoff; |x|^2 errs by e |x|^2. With |c| <= |x| + D, D the
/// true distance, the square |x|^2 + 2 s errs by at most 8 e (|x|^2 + D^2): `score_error` and `up`, `down`.
///
/// Centroid a has the lower *score* than j for certain when D_j^2 - D_a^2 exceeds twice the errors of both
/// scores, for which with S = D_a + D_j it is enough that D_j - D_a > e (6 |x|^2 / S + 4 |x| + S). While the
/// moves sum up to less than half the lower bound L of D_j, S stays above L/2 and below 3/2 L + U:
/// `tie` (|x|^2 / L + |x| + L + U) with tie = 12 e.
template <class T>
struct ReachConstants {
  explicit ReachConstants(std::size_t columns) {
    // Bounds are kept in float: a double's scores are better than what becomes of its bounds.
    constexpr T kFloat =
        std::max(std::numeric_limits<T>::epsilon(), T{std::numeric_limits<float>::epsilon()});
    T const e = static_cast<T>(columns + 2) * std::numeric_limits<T>::epsilon() / 2;
    score_error = T{8.5} * e;
    up = 1 + T{9} * e + 4 * kFloat;
    down = 1 - T{9} * e - 4 * kFloat;
    tie = T{12.5} * e;
  }
  T score_error, up, down, tie;
};

}  // namespace tessera
