// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/distributions.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <string>

namespace tessera::generate {

double normal_quantile(double p) noexcept {
  double const q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    double const r = 0.180625 - q * q;
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
           (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
  }
  double r = std::sqrt(-std::log(q < 0 ? p : 1.0 - p));
  double z;
  if (r <= 5.0) {
    r -= 1.6;
    z = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
        ((0.12021132975 * r + 0.73700164250) * r + 1.0);
  } else {
    r -= 5.0;
    z = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
        ((0.012258202635 * r + 0.24197894225) * r + 1.0);
  }
  return q < 0 ? -z : z;
}

double logistic(double x) noexcept {
  return 1.0 / (1.0 + std::exp(-x));
}

double logit(double p) noexcept {
  return std::log(p / (1.0 - p));
}

double lognormal_mean(double median, double sigma) noexcept {
  return median * std::exp(0.5 * sigma * sigma);
}

SlotTable::SlotTable(std::span<double const> weights) {
  if (weights.empty() || weights.size() > 256)
    throw BugError("a slot table of " + std::to_string(weights.size()) + " weights");
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    double const u = (static_cast<double>(i) + 0.5) / static_cast<double>(slots_.size());
    slots_[i] = static_cast<std::uint8_t>(pick(weights, u));
  }
}

double SlotTable::share(std::uint8_t choice) const noexcept {
  std::size_t slots = 0;
  for (auto const slot : slots_) slots += slot == choice ? 1 : 0;
  return static_cast<double>(slots) / static_cast<double>(slots_.size());
}

std::size_t pick(std::span<double const> weights, double u) noexcept {
  double total = 0;
  for (double const weight : weights) total += weight;
  double const aim = u * total;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    sum += weights[i];
    if (aim < sum) return i;
  }
  return weights.size() - 1;
}

}  // namespace tessera::generate
