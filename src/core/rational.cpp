// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/rational.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

namespace tessera {

namespace {

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// "12.5" as 125/10: decimal digits are integers over a power of ten.
std::optional<std::pair<std::uint64_t, std::uint64_t>> parse_decimal(std::string_view text) {
  auto const point = text.find('.');
  if (point == std::string_view::npos) {
    auto const whole = parse_count(text);
    if (!whole) return std::nullopt;
    return std::pair{*whole, std::uint64_t{1}};
  }
  std::string digits(text.substr(0, point));
  digits += text.substr(point + 1);
  auto const value = parse_count(digits);
  if (!value || digits.size() > 15) return std::nullopt;
  std::uint64_t denominator = 1;
  for (std::size_t i = point + 1; i < text.size(); ++i) denominator *= 10;
  return std::pair{*value, denominator};
}

}  // namespace

Share Share::parse(std::string_view text, std::string_view key) {
  auto const reject = [&](std::string_view problem) {
    return ConfigurationError(
        std::string(key) + " = \"" + std::string(text) + "\" " + std::string(problem),
        "it decides which itemsets are frequent",
        "write a share above 0 % and up to 100 % (\"1%\", \"3/1000\") or a count of rows (\"250\")");
  };
  std::string_view body = trimmed(text);
  std::uint64_t numerator = 0, denominator = 0;
  if (body.ends_with('%')) {
    auto const decimal = parse_decimal(trimmed(body.substr(0, body.size() - 1)));
    if (!decimal || decimal->second > 1'000'000'000'000'000) throw reject("is not a percentage");
    numerator = decimal->first;
    denominator = decimal->second * 100;
  } else if (auto const slash = body.find('/'); slash != std::string_view::npos) {
    auto const above = parse_count(trimmed(body.substr(0, slash)));
    auto const below = parse_count(trimmed(body.substr(slash + 1)));
    if (!above || !below || *below == 0) throw reject("is not a fraction of whole numbers");
    numerator = *above;
    denominator = *below;
  } else {
    auto const count = parse_count(body);
    if (!count) throw reject("is neither a percentage, a fraction nor a count");
    numerator = *count;
  }
  if (numerator == 0) throw reject("is zero");
  if (denominator != 0 && numerator > denominator) throw reject("is more than all rows");
  if (denominator == 0) return of_count(numerator);
  auto const divisor = std::gcd(numerator, denominator);
  return Share(numerator / divisor, denominator / divisor);
}

std::uint64_t Share::count_of(std::uint64_t rows) const noexcept {
  if (denominator_ == 0) return numerator_;
  auto const product = static_cast<unsigned __int128>(numerator_) * rows;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>((product + denominator_ - 1) / denominator_));
}

std::string Share::text() const {
  if (denominator_ == 0) return std::to_string(numerator_);
  return std::to_string(numerator_) + "/" + std::to_string(denominator_);
}

}  // namespace tessera
