// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/parse_field.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fast_float/fast_float.h>

namespace tessera {

namespace {

/// Digits with at most one point among them and at most 15 in all; anything else is left to the general
/// parser.
std::optional<double> short_decimal(std::string_view text) noexcept {
  constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr std::ptrdiff_t kMostDigits = 15;
  char const* c = text.data();
  char const* const end = c + text.size();
  bool const negative = c != end && *c == '-';
  if (negative) ++c;
  std::int64_t digits = 0;
  auto const read_digits = [&] {
    char const* const first = c;
    for (; c != end && static_cast<unsigned char>(*c - '0') <= 9; ++c) digits = 10 * digits + (*c - '0');
    return c - first;
  };
  if (end - c > kMostDigits + 1) return std::nullopt;
  std::ptrdiff_t const whole = read_digits();
  std::ptrdiff_t fraction = 0;
  if (c != end && *c == '.') {
    ++c;
    fraction = read_digits();
  }
  if (c != end || whole + fraction == 0 || whole + fraction > kMostDigits) return std::nullopt;
  double const magnitude = static_cast<double>(digits) / kPowers[fraction];
  return negative ? -magnitude : magnitude;
}

}  // namespace

ParsedField parse_integer(std::string_view text) noexcept {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 53;
  bool const negative = text.starts_with('-');
  std::string_view const digits = negative || text.starts_with('+') ? text.substr(1) : text;
  std::uint64_t value = 0;
  for (char const c : digits) {
    auto const digit = static_cast<unsigned>(c) - '0';
    if (digit > 9) {
      ParsedField real = parse_real(text);
      if (!real.problem) real.problem = RejectReason::not_an_integer;
      return real;
    }
    value = std::min(10 * value + digit, kLargest + 1);  // stays above the limit once it is
  }
  if (digits.empty()) return {0, RejectReason::not_a_number};
  if (value > kLargest) return {0, RejectReason::number_overflow};
  auto const magnitude = static_cast<double>(value);
  return {negative && value != 0 ? -magnitude : magnitude, std::nullopt};
}

ParsedField parse_real(std::string_view text) noexcept {
  if (auto const value = short_decimal(text)) return {*value, std::nullopt};
  bool const plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  if (text.empty() || (plus && text.front() == '-')) return {0, RejectReason::not_a_number};
  double value;
  auto const [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {0, RejectReason::not_a_number};
  if (!std::isfinite(value)) {
    bool const spelled_out = text.find_first_of("nN") != std::string_view::npos;  // "inf", "nan"
    return {0, spelled_out ? RejectReason::not_finite : RejectReason::number_overflow};
  }
  return {value, std::nullopt};
}

std::vector<std::string> trimmed_tokens(std::vector<std::string> tokens) {
  for (auto& token : tokens) token = std::string(trimmed(token));
  return tokens;
}

MissingTokens::MissingTokens(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  for (auto const& token : tokens_) lengths_ |= std::uint64_t{1} << std::min<std::size_t>(token.size(), 63);
}

bool MissingTokens::matches(std::string_view text) const noexcept {
  return std::any_of(tokens_.begin(), tokens_.end(), [&](auto const& token) { return token == text; });
}

}  // namespace tessera
