// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_writer.hpp"

#include <array>
#include <cstddef>
#include <vector>

/// Rows as CSV text (RFC 4180), made in a buffer of a MiB that is handed on when it is full.
namespace tessera {

class CsvTableFormat : public TableWriter {
 public:
  explicit CsvTableFormat(TableLayout const& layout);

  void text(std::string_view value) final;
  void id(char letter, std::uint64_t number) final;
  void integer(std::int64_t value) final;
  void decimal(std::int64_t value) final;
  void date(std::int32_t day) final;
  void missing() final;
  void end_row() final;

 protected:
  /// Hands on what is in the buffer.
  void flush();

 private:
  virtual void drain(std::string_view text) = 0;
  /// Room for a separator and `bytes` more; writes the separator.
  char* begin_field(std::size_t bytes);
  void end_field(char const* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }

  std::vector<std::uint32_t> digits_;  ///< [fields]
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  std::size_t field_ = 0;
  /// Days come again: the last text of each remainder.
  struct DateText {
    std::int32_t day;
    std::array<char, 10> text;
  };
  std::vector<DateText> dates_;
};

}  // namespace tessera
