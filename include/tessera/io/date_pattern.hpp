// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/rejects.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Dates written in the order and with the marks of a pattern, as "%d.%m.%Y".
namespace tessera {

/// What a field says by its pattern.
struct PatternDate {
  std::int64_t days = 0;                  ///< since 1970-01-01
  std::int32_t seconds = 0;               ///< of the day
  bool woman = false;                     ///< of a birth number; otherwise false
  std::optional<RejectReason> problem{};  ///< set: there is no date
};

class DatePattern {
 public:
  /// `pattern` is made of %Y (four digits), %y (two), %m, %d, %H, %M, %S (two; one is enough where neither
  /// neighbour is a number too), %b (Jan to Dec, in any case), %% and ordinary characters, which stand for
  /// themselves. It gives year, month and day, each once. The pattern "birth_number" is %y%m%d with 50 added
  /// to the month of women. Two-digit years below `century_pivot` (0 to 100) are of this century, the others
  /// of the last: 0 puts all into 1900 to 1999. Throws ConfigurationError, which calls the pattern `what`.
  DatePattern(std::string_view pattern, int century_pivot, std::string const& what);

  /// Local. A field that does not follow the pattern is not_a_date; a day that the calendar does not have, or
  /// a time that the day does not have (leap seconds too), is an impossible_date.
  [[nodiscard]] PatternDate parse(std::string_view text) const noexcept;

  [[nodiscard]] bool has_time() const noexcept { return has_time_; }

  /// How many digits a field has where it is nothing but digits, each place fixed; otherwise 0.
  [[nodiscard]] std::size_t fixed_digits() const noexcept;

  /// The name of the pattern that tells dates of birth and sex.
  static constexpr std::string_view kBirthNumber = "birth_number";
  /// POSIX strptime: 69 to 99 are of the last century.
  static constexpr int kDefaultPivot = 69;

 private:
  enum class Part : std::uint8_t {
    literal,
    year,
    short_year,
    month,
    month_and_sex,
    month_name,
    day,
    hour,
    minute,
    second
  };
  struct Element {
    Part part;
    char literal = 0;
    std::uint8_t fewest = 0, most = 0;  // digits
  };

  void compile(std::string_view pattern, std::string const& what);
  void add_birth_number();
  void set_widths();
  void check(std::string_view pattern, std::string const& what) const;

  std::vector<Element> elements_;
  int century_pivot_;
  bool has_time_ = false;
};

}  // namespace tessera
