// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// A minimum share of customers, kept as a fraction of integers: `0.28 * 25` in floating point is more than
/// 7, and an itemset that 7 of 25 customers hold would be lost.
namespace tessera {

/// A share numerator/denominator of all rows, or an absolute count of rows.
class Share {
 public:
  /// Local. Reads "1%", "0.25%", "3/1000", "1 000"-free counts such as "250". Throws ConfigurationError that
  /// names `key` when the text is malformed, zero, or above the whole (101 %).
  [[nodiscard]] static Share parse(std::string_view text, std::string_view key);
  [[nodiscard]] static Share of_count(std::uint64_t count) noexcept { return Share(count, 0); }

  /// Local. The smallest count c with c / rows >= the share; at least 1.
  [[nodiscard]] std::uint64_t count_of(std::uint64_t rows) const noexcept;
  /// Local. As it is written in a configuration: "1/100" or "250".
  [[nodiscard]] std::string text() const;

  bool operator==(Share const&) const = default;

 private:
  Share(std::uint64_t numerator, std::uint64_t denominator) noexcept
      : numerator_(numerator), denominator_(denominator) {}
  std::uint64_t numerator_;
  std::uint64_t denominator_;  // 0: numerator_ is a count
};

}  // namespace tessera
