// SPDX-License-Identifier: Apache-2.0
#include "iso_date.hpp"

#include <chrono>

namespace tessera {

std::array<char, 10> iso_date(std::int32_t day) noexcept {
  std::chrono::year_month_day const date{std::chrono::sys_days(std::chrono::days(day))};
  auto const digit = [](int value) { return static_cast<char>('0' + value % 10); };
  int const year = static_cast<int>(date.year());
  int const month = static_cast<int>(static_cast<unsigned>(date.month()));
  int const of_month = static_cast<int>(static_cast<unsigned>(date.day()));
  return {digit(year / 1000),
          digit(year / 100),
          digit(year / 10),
          digit(year),
          '-',
          digit(month / 10),
          digit(month),
          '-',
          digit(of_month / 10),
          digit(of_month)};
}

}  // namespace tessera
