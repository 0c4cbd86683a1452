// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

/// Fixed-point numbers in int64 for sums that must not depend on order, where a full ExactSum would be too
/// slow: values are rounded once to a common grid, then only integers are added.
namespace tessera {

/// A grid 2^-shift on which a stated number of values of a stated magnitude can be added in int64.
class FixedPoint {
 public:
  /// Local. The finest grid on which `count` values of magnitude at most `max_magnitude` (finite, >= 0)
  /// cannot overflow: count * max_magnitude * 2^shift < 2^62.
  [[nodiscard]] static FixedPoint for_sum(double max_magnitude, std::uint64_t count) noexcept;

  /// Local. The nearest grid point (ties to even), counted in grid steps.
  [[nodiscard]] std::int64_t encode(double value) const noexcept { return std::llrint(value * scale_); }
  /// Local. A sum of grid steps as a double.
  [[nodiscard]] double decode(std::int64_t steps) const noexcept {
    return static_cast<double>(steps) * inverse_scale_;
  }
  /// Grid steps per unit: a power of two.
  [[nodiscard]] double scale() const noexcept { return scale_; }

 private:
  explicit FixedPoint(int shift) noexcept
      : scale_(std::ldexp(1.0, shift)), inverse_scale_(std::ldexp(1.0, -shift)) {}
  double scale_, inverse_scale_;
};

}  // namespace tessera
