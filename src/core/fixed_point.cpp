// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fixed_point.hpp"

#include <algorithm>
#include <bit>

namespace tessera {

FixedPoint FixedPoint::for_sum(double max_magnitude, std::uint64_t count) noexcept {
  int magnitude_bits = 0;  // max_magnitude <= 2^magnitude_bits
  std::frexp(max_magnitude, &magnitude_bits);
  int const count_bits = static_cast<int>(std::bit_width(count));
  // -1023 holds the largest doubles 2^61 times over, and its inverse is still finite; 1000 keeps the inverse
  // normal.
  return FixedPoint(std::clamp(62 - count_bits - magnitude_bits, -1023, 1000));
}

}  // namespace tessera
