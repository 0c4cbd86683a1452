// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

/// Rows that were set aside, with the place and the reason, never with the value.
namespace tessera {

enum class RejectReason : std::uint8_t {
  wrong_field_count,
  stray_quote,
  nul_byte,
  invalid_encoding,
  missing_key,
  not_a_number,
  not_an_integer,
  number_overflow,
  not_finite,
  not_a_date,
  below_minimum,
  above_maximum,
  unknown_customer,
  unknown_link,
  impossible_date,
};

/// Local. The reason in words, as stored in `/rejects/reason_name`.
[[nodiscard]] std::string_view to_string(RejectReason reason) noexcept;
/// Local. All reasons in the order of their codes.
[[nodiscard]] std::vector<std::string_view> reject_reasons();

struct Reject {
  std::uint64_t record;  ///< 1-based record of the file, the header included: a spreadsheet's line number
  std::uint32_t file;    ///< index into the table's files in path order
  std::int32_t column;   ///< index into the table's columns; -1: the record as a whole
  RejectReason reason;
};

}  // namespace tessera
