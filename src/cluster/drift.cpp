// SPDX-License-Identifier: Apache-2.0
#include "drift.hpp"

#include "tessera/kernel/squared_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace tessera::cluster {

namespace {

/// More than the roundings of a squared_distance, its root and a few operations more.
double up(std::size_t columns) noexcept {
  return 1 + static_cast<double>(columns + 16) * std::numeric_limits<double>::epsilon();
}

/// The larger of two, or what is no number: that has to show on a clock.
double worse(double a, double b) noexcept {
  return b <= a ? a : b;
}

/// The sum in float, rounded up.
float add_up(float a, double b) noexcept {
  double const sum = static_cast<double>(a) + b;
  auto const rounded = static_cast<float>(sum);
  return static_cast<double>(rounded) >= sum
             ? rounded
             : std::nextafter(rounded, std::numeric_limits<float>::infinity());
}

/// A lower bound of the distance of two points, in sums that vectorise.
template <class T>
double at_least_apart(T const* a, T const* b, std::size_t columns) noexcept {
  constexpr std::size_t kLanes = 8;
  T partial[kLanes] = {};
  std::size_t f = 0;
  for (; f + kLanes <= columns; f += kLanes) {
    for (std::size_t i = 0; i < kLanes; ++i) partial[i] += (a[f + i] - b[f + i]) * (a[f + i] - b[f + i]);
  }
  for (std::size_t i = 0; f + i < columns; ++i) partial[i] += (a[f + i] - b[f + i]) * (a[f + i] - b[f + i]);
  T sum = 0;
  for (T const value : partial) sum += value;
  double const error =
      static_cast<double>(columns + 4) * static_cast<double>(std::numeric_limits<T>::epsilon());
  // Squares below the normal numbers may have been rounded up by half a step each.
  double const steps =
      static_cast<double>(columns) * static_cast<double>(std::numeric_limits<T>::denorm_min());
  return std::sqrt(std::max(0.0, static_cast<double>(sum) - steps)) * std::max(0.0, 1 - error);
}

// Pairs cost k^2 columns operations, an assignment of all customers n k columns.
std::size_t pairs_worth_watching(std::size_t k, std::size_t rows) noexcept {
  constexpr std::size_t kMost = 4096;  // of which the table takes 128 MiB
  return k <= kMost && k <= rows / 64 ? k * k : 0;
}

}  // namespace

template <class T>
Drift<T>::Drift(std::size_t k, std::size_t rows)
    : clock_(k),
      radius_(k, std::numeric_limits<float>::infinity()),
      path_(k),
      norm_(k),
      charged_(pairs_worth_watching(k, rows)),
      step_(k) {}

template <class T>
void Drift<T>::restart() {
  std::fill(clock_.begin(), clock_.end(), 0.0F);
  std::fill(radius_.begin(), radius_.end(), 0.0F);
  std::fill(path_.begin(), path_.end(), 0.0);
  std::fill(charged_.begin(), charged_.end(), 0.0);
  fastest_ = 0;
}

template <class T>
void Drift<T>::step(std::span<T const> before, std::span<T const> after, std::size_t columns) {
  std::vector<T> const origin(columns);
  for (std::size_t j = 0; j < step_.size(); ++j) {
    auto const from = before.subspan(j * columns, columns), to = after.subspan(j * columns, columns);
    step_[j] = std::sqrt(squared_distance<T>(from, to)) * up(columns);
    if (step_[j] != 0) path_[j] = (path_[j] + step_[j]) * (1 + 0x1p-52);  // never rounded down
    radius_[j] = add_up(radius_[j], step_[j]);
    norm_[j] = std::sqrt(squared_distance<T>(to, origin)) * up(columns);
  }
}

template <class T>
double Drift<T>::largest_of_others(std::size_t a) const {
  double largest = 0;
  for (std::size_t j = 0; j < step_.size(); ++j) largest = j == a ? largest : worse(largest, step_[j]);
  return largest;
}

// With g the distance of two centroids and R the radius: the other's distance to a customer exceeds the own
// centroid's, even in rounded scores, when g > 2 R + e (6 |x|^2 / g + 4 |x| + g); see kernel/reach.hpp.
template <class T>
bool Drift<T>::is_near(std::span<T const> centroids, std::size_t columns, std::size_t a,
                       std::size_t j) const {
  double const apart =
      at_least_apart(centroids.data() + a * columns, centroids.data() + j * columns, columns);
  auto const radius = static_cast<double>(radius_[a]);
  double const length = norm_[a] + radius;
  double const error =
      static_cast<double>(columns + 2) * static_cast<double>(std::numeric_limits<T>::epsilon());
  return !(apart > 2 * radius + error * (6 * length * length / apart + 4 * length + apart));
}

template <class T>
double Drift<T>::charge_near(std::span<T const> centroids, std::size_t columns, std::size_t a) {
  std::size_t const k = clock_.size();
  double largest = 0;
  for (std::size_t j = 0; j < k; ++j) {
    double& charged = charged_[a * k + j];
    if (j == a || path_[j] == charged || !is_near(centroids, columns, a, j)) continue;
    largest = worse(largest, (path_[j] - charged) * up(columns));
    charged = path_[j];
  }
  return largest;
}

template <class T>
void Drift<T>::move(std::span<T const> before, std::span<T const> after, std::size_t columns) {
  step(before, after, columns);
  double fastest = 0;
  for (std::size_t a = 0; a < clock_.size(); ++a) {
    double const others = charged_.empty() ? largest_of_others(a) : charge_near(after, columns, a);
    float const now = add_up(clock_[a], step_[a] + others);
    fastest = worse(fastest, static_cast<double>(now) - static_cast<double>(clock_[a]));
    clock_[a] = now;
  }
  fastest_ = add_up(fastest_, fastest);
}

template class Drift<float>;
template class Drift<double>;

}  // namespace tessera::cluster
