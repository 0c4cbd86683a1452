// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/parse_field.hpp"

#include <chrono>

namespace tessera {

namespace {

/// The number that the digits of text[from, from + length) write, or -1.
int digits(std::string_view text, std::size_t from, std::size_t length) noexcept {
  int value = 0;
  for (char const c : text.substr(from, length)) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

ParsedField days(std::string_view text) noexcept {
  ParsedField const no_date{0, RejectReason::not_a_date};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return no_date;
  int const year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) return no_date;
  std::chrono::year_month_day const date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {0, RejectReason::impossible_date};
  return {static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()), std::nullopt};
}

ParsedField seconds(std::string_view text) noexcept {
  ParsedField const no_time{0, RejectReason::not_a_date};
  bool const with_seconds = text.size() == 8;
  if ((!with_seconds && text.size() != 5) || text[2] != ':' || (with_seconds && text[5] != ':'))
    return no_time;
  int const hour = digits(text, 0, 2), minute = digits(text, 3, 2);
  int const second = with_seconds ? digits(text, 6, 2) : 0;
  if (hour < 0 || minute < 0 || second < 0) return no_time;
  if (hour > 23 || minute > 59 || second > 59) return {0, RejectReason::impossible_date};
  return {3600.0 * hour + 60.0 * minute + second, std::nullopt};
}

}  // namespace

ParsedField parse_date(std::string_view text) noexcept {
  return days(text);
}

ParsedField parse_datetime(std::string_view text) noexcept {
  if (text.size() <= 11 || (text[10] != ' ' && text[10] != 'T')) return {0, RejectReason::not_a_date};
  auto const date = days(text.substr(0, 10)), time = seconds(text.substr(11));
  if (date.problem) return date;
  if (time.problem) return time;
  return {86400.0 * date.value + time.value, std::nullopt};
}

}  // namespace tessera
