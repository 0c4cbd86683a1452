// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/date_pattern.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// 1 to 12, or 0 where the three letters name no month.
int month_of(std::string_view name) noexcept {
  for (int month = 0; month < 12; ++month) {
    auto const expected = kMonths.substr(3 * static_cast<std::size_t>(month), 3);
    auto const same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); };
    if (std::equal(name.begin(), name.end(), expected.begin(), expected.end(), same)) return month + 1;
  }
  return 0;
}

ConfigurationError bad_pattern(std::string_view pattern, std::string const& what,
                               std::string const& problem) {
  return {fmt::format("{} = \"{}\" {}", what, pattern, problem),
          "every field of the column is read by it, and each must give one day",
          "use %Y or %y, %m or %b, and %d, each once, with %H, %M and %S where there is a time: "
          "\"%d.%m.%Y %H:%M\""};
}

}  // namespace

DatePattern::DatePattern(std::string_view pattern, int century_pivot, std::string const& what)
    : century_pivot_(century_pivot) {
  if (century_pivot < 0 || century_pivot > 100) {
    throw ConfigurationError(
        fmt::format("{}: century_pivot = {} (must be 0 to 100)", what, century_pivot),
        "two-digit years below it are of this century, the others of the last",
        "set it between the last two digits of the youngest and of the oldest year in the column");
  }
  if (pattern == kBirthNumber) {
    add_birth_number();
  } else {
    compile(pattern, what);
    check(pattern, what);
  }
  set_widths();
}

void DatePattern::add_birth_number() {
  for (Part const part : {Part::short_year, Part::month_and_sex, Part::day})
    elements_.push_back({.part = part});
}

void DatePattern::compile(std::string_view pattern, std::string const& what) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      elements_.push_back({.part = Part::literal, .literal = pattern[i]});
      continue;
    }
    char const directive = ++i < pattern.size() ? pattern[i] : '\0';
    constexpr std::string_view kDirectives = "YymbdHMS";
    constexpr Part kParts[] = {Part::year, Part::short_year, Part::month,  Part::month_name,
                               Part::day,  Part::hour,       Part::minute, Part::second};
    auto const at = kDirectives.find(directive);
    if (directive == '%') {
      elements_.push_back({.part = Part::literal, .literal = '%'});
    } else if (directive == '\0' || at == std::string_view::npos) {
      throw bad_pattern(pattern, what, fmt::format("(there is no directive {})", pattern.substr(i - 1, 2)));
    } else {
      elements_.push_back({.part = kParts[at]});
      has_time_ = has_time_ || directive == 'H';
    }
  }
}

/// One digit will do where it is clear which digits belong together: 1/2/2026, but 260102.
void DatePattern::set_widths() {
  auto const is_number = [&](std::size_t i) {
    return i < elements_.size() &&
           (elements_[i].part == Part::literal ? is_digit(elements_[i].literal)
                                               : elements_[i].part != Part::month_name);
  };
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    auto& element = elements_[i];
    element.most = element.part == Part::year ? 4 : 2;  // of a name: read in another way
    bool const alone = !is_number(i - 1) && !is_number(i + 1);
    bool const is_year = element.part == Part::year || element.part == Part::short_year;
    element.fewest = alone && !is_year ? 1 : element.most;
  }
}

void DatePattern::check(std::string_view pattern, std::string const& what) const {
  auto const count = [&](std::initializer_list<Part> parts) {
    return std::count_if(elements_.begin(), elements_.end(), [&](Element const& element) {
      return std::find(parts.begin(), parts.end(), element.part) != parts.end();
    });
  };
  if (count({Part::year, Part::short_year}) != 1) throw bad_pattern(pattern, what, "(needs one year)");
  if (count({Part::month, Part::month_name}) != 1) throw bad_pattern(pattern, what, "(needs one month)");
  if (count({Part::day}) != 1) throw bad_pattern(pattern, what, "(needs one day)");
  auto const hours = count({Part::hour}), minutes = count({Part::minute}), seconds = count({Part::second});
  if (hours > 1 || minutes > hours || seconds > minutes)
    throw bad_pattern(pattern, what, "(a time is %H, %H with %M, or %H with %M and %S)");
}

std::size_t DatePattern::fixed_digits() const noexcept {
  std::size_t digits = 0;
  for (auto const& element : elements_) {
    if (element.part == Part::literal || element.part == Part::month_name || element.fewest != element.most)
      return 0;
    digits += element.most;
  }
  return digits;
}

PatternDate DatePattern::parse(std::string_view text) const noexcept {
  PatternDate const no_date{.problem = RejectReason::not_a_date};
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  bool woman = false;
  char const* c = text.data();
  char const* const end = c + text.size();
  for (auto const& element : elements_) {
    if (element.part == Part::literal) {
      if (c == end || *c != element.literal) return no_date;
      ++c;
      continue;
    }
    if (element.part == Part::month_name) {
      if (end - c < 3 || (month = month_of({c, 3})) == 0) return no_date;
      c += 3;
      continue;
    }
    int value = 0, digits = 0;
    for (; digits < element.most && c != end && is_digit(*c); ++digits, ++c) value = 10 * value + (*c - '0');
    if (digits < element.fewest) return no_date;
    switch (element.part) {
      case Part::year:
        year = value;
        break;
      case Part::short_year:
        year = value + (value < century_pivot_ ? 2000 : 1900);
        break;
      case Part::month_and_sex:
        woman = value > 50;
        month = woman ? value - 50 : value;
        break;
      case Part::month:
        month = value;
        break;
      case Part::day:
        day = value;
        break;
      case Part::hour:
        hour = value;
        break;
      case Part::minute:
        minute = value;
        break;
      default:
        second = value;
    }
  }
  if (c != end) return no_date;
  std::chrono::year_month_day const date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59)
    return {.problem = RejectReason::impossible_date};
  return {.days = std::chrono::sys_days(date).time_since_epoch().count(),
          .seconds = 3600 * hour + 60 * minute + second,
          .woman = woman};
}

}  // namespace tessera
