// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/dice.hpp"

#include "tessera/generate/distributions.hpp"

#include <cmath>

namespace tessera::generate {

double Dice::normal() noexcept {
  // The middle of one of 2^52 equal pieces: neither 0 nor 1.
  return normal_quantile((static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52);
}

std::uint64_t Dice::poisson(double mean) noexcept {
  constexpr double kMostByInversion = 30;
  if (mean >= kMostByInversion) {
    double const count = std::floor(mean + std::sqrt(mean) * normal() + 0.5);
    return count > 0 ? static_cast<std::uint64_t>(count) : 0;
  }
  double const u = uniform();
  double probability = std::exp(-mean), sum = probability;
  std::uint64_t count = 0;
  while (u >= sum && probability > 0) {
    ++count;
    probability *= mean / static_cast<double>(count);
    sum += probability;
  }
  return count;
}

std::size_t Dice::choose(std::span<double const> weights) noexcept {
  return pick(weights, uniform());
}

}  // namespace tessera::generate
