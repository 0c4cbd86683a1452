// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/calendar.hpp"

#include <chrono>

namespace tessera::generate {

std::string Quarter::name() const {
  return std::to_string(year) + "Q" + std::to_string(number);
}

std::int32_t Quarter::first_day() const {
  return day_of(year, 3 * number - 2, 1);
}

std::array<std::int32_t, 3> Quarter::month_ends() const {
  std::array<std::int32_t, 3> ends{};
  for (int m = 0; m < 3; ++m) {
    int const next = 3 * number - 1 + m;  // the month after
    ends[static_cast<std::size_t>(m)] = (next > 12 ? day_of(year + 1, 1, 1) : day_of(year, next, 1)) - 1;
  }
  return ends;
}

Quarter quarter_before_last(unsigned steps) {
  int const index = 4 * kLastYear + kLastQuarter - 1 - static_cast<int>(steps);
  return {index / 4, index % 4 + 1};
}

std::int32_t day_of(int year, int month, int day) {
  std::chrono::year_month_day const date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

int weekday(std::int32_t day) noexcept {
  return ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
}

std::int32_t banking_day(std::int32_t day) noexcept {
  int const of_week = weekday(day);
  return of_week > 4 ? day - (of_week - 4) : day;
}

}  // namespace tessera::generate
