// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

/// The quarters of a synthetic bank. Days are days since 1970-01-01, as everywhere.
namespace tessera::generate {

/// The last quarter of every synthetic bank.
inline constexpr int kLastYear = 2026, kLastQuarter = 3;

struct Quarter {
  int year = kLastYear;
  int number = kLastQuarter;  ///< 1 to 4

  /// Local. 2026Q3.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::int32_t first_day() const;
  [[nodiscard]] std::int32_t last_day() const { return month_ends()[2]; }
  [[nodiscard]] int days() const { return last_day() - first_day() + 1; }
  /// Local. The last day of each month.
  [[nodiscard]] std::array<std::int32_t, 3> month_ends() const;
};

/// Local. The quarter `steps` before the last one.
[[nodiscard]] Quarter quarter_before_last(unsigned steps);
/// Local. A day of the calendar; month 1 to 12.
[[nodiscard]] std::int32_t day_of(int year, int month, int day);
/// Local. 0 Monday to 6 Sunday.
[[nodiscard]] int weekday(std::int32_t day) noexcept;
/// Local. The day itself, or the Friday before a weekend: when wages are paid.
[[nodiscard]] std::int32_t banking_day(std::int32_t day) noexcept;

}  // namespace tessera::generate
