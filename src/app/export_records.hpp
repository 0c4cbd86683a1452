// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Records as text: lines of comma-separated values (RFC 4180) or of JSON objects. Real numbers are as short
/// as they can be read back to the bit; what is missing, or in JSON not finite, is empty or null.
namespace tessera {

enum class ExportFormat { csv, jsonl, spmf };

/// Local. A value of a CSV record, quoted where it has to be.
[[nodiscard]] std::string csv_text(std::string_view text);

class Records {
 public:
  /// `format` is csv or jsonl.
  Records(ExportFormat format, std::vector<std::string> const& columns);

  /// The line of column names; empty for JSON.
  [[nodiscard]] std::string const& header() const noexcept { return header_; }

  // The values of a record, column by column; the last one ends its line.
  void count(std::int64_t value);
  void count(std::uint64_t value);
  void real(double value);
  void real(float value);
  void text(std::string_view value);
  /// A value that is CSV or JSON already.
  void raw(std::string_view value);
  void missing();

  [[nodiscard]] bool is_json() const noexcept { return format_ == ExportFormat::jsonl; }
  /// The whole records since the last call.
  [[nodiscard]] std::string take();

 private:
  template <class Real>
  void put_real(Real value);
  void begin();
  void end();

  ExportFormat format_;
  std::string header_;
  std::vector<std::string> before_;  ///< [columns] what stands before each value
  std::size_t column_ = 0;
  std::string out_;
};

}  // namespace tessera
