// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/varimax.hpp"

#include <cmath>

namespace tessera {

namespace {

constexpr int kMaxSweeps = 1000;
constexpr double kStill = 1e-12;  // radians

/// Lengths of the rows; 1 for a row of zeros.
std::vector<double> row_lengths(std::span<double const> loading, std::size_t components) {
  std::vector<double> out;
  for (std::size_t row = 0; row < loading.size(); row += components) {
    double sum = 0;
    for (std::size_t c = 0; c < components; ++c) sum += loading[row + c] * loading[row + c];
    out.push_back(sum > 0 ? std::sqrt(sum) : 1.0);
  }
  return out;
}

/// The angle by which the plane of two components is best turned.
double best_angle(std::span<double const> loading, std::size_t components, std::size_t a, std::size_t b) {
  double u_sum = 0, v_sum = 0, square = 0, product = 0;
  for (std::size_t row = 0; row < loading.size(); row += components) {
    double const x = loading[row + a], y = loading[row + b];
    double const u = x * x - y * y, v = 2 * x * y;
    u_sum += u;
    v_sum += v;
    square += u * u - v * v;
    product += 2 * u * v;
  }
  auto const rows = static_cast<double>(loading.size() / components);
  return 0.25 *
         std::atan2(product - 2 * u_sum * v_sum / rows, square - (u_sum * u_sum - v_sum * v_sum) / rows);
}

void turn(std::span<double> matrix, std::size_t columns, std::size_t a, std::size_t b, double angle) {
  double const cosine = std::cos(angle), sine = std::sin(angle);
  for (std::size_t row = 0; row < matrix.size(); row += columns) {
    double const x = matrix[row + a], y = matrix[row + b];
    matrix[row + a] = x * cosine + y * sine;
    matrix[row + b] = y * cosine - x * sine;
  }
}

}  // namespace

std::vector<double> rotate_varimax(std::span<double> loading, std::size_t components) {
  std::vector<double> rotation(components * components, 0.0);
  for (std::size_t c = 0; c < components; ++c) rotation[c * components + c] = 1.0;
  auto const length = row_lengths(loading, components);
  for (std::size_t i = 0; i < loading.size(); ++i) loading[i] /= length[i / components];
  bool still = false;
  for (int sweep = 0; sweep < kMaxSweeps && !still; ++sweep) {
    still = true;
    for (std::size_t a = 0; a < components; ++a) {
      for (std::size_t b = a + 1; b < components; ++b) {
        double const angle = best_angle(loading, components, a, b);
        if (std::abs(angle) <= kStill) continue;
        turn(loading, components, a, b, angle);
        turn(rotation, components, a, b, angle);
        still = false;
      }
    }
  }
  for (std::size_t i = 0; i < loading.size(); ++i) loading[i] *= length[i / components];
  return rotation;
}

}  // namespace tessera
