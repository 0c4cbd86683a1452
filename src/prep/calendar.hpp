// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

/// Days and calendar months of the values of date columns.
namespace tessera::detail {

inline constexpr double kSecondsADay = 86400.0;
inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

/// The day (since 1970-01-01) of a value of a date or datetime column; kNoDay where it is missing.
[[nodiscard]] inline std::int32_t day_of(double value, ColumnType type) noexcept {
  if (std::isnan(value)) return kNoDay;
  return static_cast<std::int32_t>(type == ColumnType::datetime ? std::floor(value / kSecondsADay) : value);
}

/// Months since January of year 0 (proleptic Gregorian calendar). Hinnant, "chrono-compatible low-level date
/// algorithms", civil_from_days: years begin in March, so that leap days come last.
[[nodiscard]] inline std::int32_t month_of(std::int32_t day) noexcept {
  std::int32_t const shifted = day + 719468;  // days since 0000-03-01
  std::int32_t const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  std::int32_t const of_era = shifted - era * 146097;
  std::int32_t const year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  std::int32_t const of_year = of_era - (365 * year + year / 4 - year / 100);
  return (era * 400 + year) * 12 + (5 * of_year + 2) / 153 + 2;
}

}  // namespace tessera::detail
