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

std::optional<double> days(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int const year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<double> seconds(std::string_view text) noexcept {
  bool const with_seconds = text.size() == 8;
  if ((!with_seconds && text.size() != 5) || text[2] != ':' || (with_seconds && text[5] != ':'))
    return std::nullopt;
  int const hour = digits(text, 0, 2), minute = digits(text, 3, 2);
  int const second = with_seconds ? digits(text, 6, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  return 3600.0 * hour + 60.0 * minute + second;
}

}  // namespace

ParsedField parse_date(std::string_view text) noexcept {
  auto const date = days(text);
  return date ? ParsedField{*date, std::nullopt} : ParsedField{0, RejectReason::not_a_date};
}

ParsedField parse_datetime(std::string_view text) noexcept {
  if (text.size() > 11 && (text[10] == ' ' || text[10] == 'T')) {
    auto const date = days(text.substr(0, 10));
    auto const time = seconds(text.substr(11));
    if (date && time) return {86400.0 * *date + *time, std::nullopt};
  }
  return {0, RejectReason::not_a_date};
}

}  // namespace tessera
