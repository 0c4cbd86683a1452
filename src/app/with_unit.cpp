// SPDX-License-Identifier: Apache-2.0
#include "with_unit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace tessera {

std::string with_unit(double amount, std::string_view unit) {
  constexpr std::array<std::string_view, 7> kPrefixes{"", "k", "M", "G", "T", "P", "E"};
  constexpr double kRoundsUp = 999.5;
  std::size_t prefix = 0;
  for (; std::abs(amount) >= kRoundsUp && prefix + 1 < kPrefixes.size(); ++prefix) amount /= 1000;
  return fmt::format("{:.3g} {}{}", amount, kPrefixes[prefix], unit);
}

std::string as_duration(double seconds) {
  constexpr double kLongest = 1e9;  // so that any number can be shown
  auto const whole = static_cast<std::int64_t>(seconds > 0 ? std::min(seconds, kLongest) : 0.0);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace tessera
