// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fixed_point.hpp"

#include <algorithm>
#include <bit>

namespace tessera {

FixedPoint FixedPoint::for_sum(double max_magnitude, std::uint64_t count) noexcept {
  int magnitude_bits = 0;  // max_magnitude <= 2^magnitude_bits
  std::frexp(max_magnitude, &magnitude_bits);
  int const count_bits = static_cast<int>(std::bit_width(count));
  // +-1000 keeps both the scale and its inverse normal; beyond that the values themselves are not.
  return FixedPoint(std::clamp(62 - count_bits - magnitude_bits, -1000, 1000));
}

}  // namespace tessera
