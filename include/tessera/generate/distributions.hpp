// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// From uniform bits to the distributions of a bank. Elementary functions in double: the same bits with the
/// same C library.
namespace tessera::generate {

/// Local. The quantile function of the standard normal distribution for 0 < p < 1, to about 1e-7: Wichura,
/// "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988), PPND7.
[[nodiscard]] double normal_quantile(double p) noexcept;

/// Local. 1 / (1 + exp(-x)).
[[nodiscard]] double logistic(double x) noexcept;
/// Local. The inverse of logistic: log(p / (1 - p)).
[[nodiscard]] double logit(double p) noexcept;

/// Local. The mean of a log-normal variable of this median and deviation of the logarithm.
[[nodiscard]] double lognormal_mean(double median, double sigma) noexcept;

/// Weights turned into 4,096 equal slots, so that 12 random bits choose: probabilities are rounded to 1/4096.
class SlotTable {
 public:
  static constexpr unsigned kBits = 12;
  /// At most 256 weights, 0 or more, not all 0.
  explicit SlotTable(std::span<double const> weights);
  [[nodiscard]] std::uint8_t operator[](std::uint64_t bits) const noexcept {
    return slots_[bits & (slots_.size() - 1)];
  }
  /// Local. The probability of a choice, as rounded.
  [[nodiscard]] double share(std::uint8_t choice) const noexcept;

 private:
  std::array<std::uint8_t, std::size_t{1} << kBits> slots_;
};

/// Local. The first index whose running sum of weights exceeds u * (their sum); 0 <= u < 1.
[[nodiscard]] std::size_t pick(std::span<double const> weights, double u) noexcept;

}  // namespace tessera::generate
