// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>

namespace tessera {

/// Local. A count as people write it: 41,188.
template <std::integral T>
[[nodiscard]] std::string with_commas(T count) {
  std::string digits = std::to_string(count);
  std::size_t const sign = digits.front() == '-' ? 1 : 0;
  for (std::size_t i = digits.size(); i > 3 + sign; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace tessera
