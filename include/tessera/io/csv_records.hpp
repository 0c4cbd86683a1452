// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_dialect.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The records of a stretch of a CSV file, one after the other, with bounded memory.
///
/// A record ends at a '\n' (a '\r' before it belongs to the line end) behind an even number of quotes since
/// the start of the file, or at the end of the file. It belongs to the stretch that holds the line end before
/// it, the first record to the stretch that holds the first byte; so every record belongs to one stretch,
/// however the file is cut.
namespace tessera {

/// One record in the reader's window, valid until the next is asked for. The 16 bytes before the window can
/// be read, whatever they are.
struct CsvRecord {
  std::uint64_t number = 0;  ///< 1-based in its file; empty lines and the header count too
  char const* window = nullptr;
  std::uint32_t begin = 0, end = 0;      ///< of the record in the window
  std::span<std::uint32_t const> marks;  ///< [fields] ends of the fields (kernel::csv_marks)
  std::uint32_t flags = 0;               ///< of all marks together

  [[nodiscard]] std::string_view text() const noexcept { return {window + begin, end - begin}; }
  [[nodiscard]] std::size_t fields() const noexcept { return marks.size(); }
  [[nodiscard]] std::string_view field(std::size_t i) const noexcept {
    std::uint32_t const from = i == 0 ? begin : (marks[i - 1] & kernel::kMarkPosition) + 1;
    std::uint32_t const to = i + 1 == marks.size() ? end : marks[i] & kernel::kMarkPosition;
    return {window + from, to - from};
  }
  /// A quote, which is not an ordinary character, stands in the field.
  [[nodiscard]] bool has_quote(std::size_t i) const noexcept { return (marks[i] & kernel::kMarkQuote) != 0; }
  /// A NUL or a byte above 0x7F stands in the record.
  [[nodiscard]] bool has_special() const noexcept { return (flags & kernel::kMarkSpecial) != 0; }
};

/// Where a stretch begins, and what stands before it.
struct CsvStart {
  std::uint64_t offset = 0;        ///< in the content of the file
  std::uint64_t lines_before = 0;  ///< records that end before it
  bool in_quotes = false;
};

class CsvRecords {
 public:
  /// `source` continues at start.offset. `end`: of the stretch in the content; beyond it, only the last
  /// record is read on. `path` is for messages.
  CsvRecords(std::unique_ptr<ByteSource> source, std::string path, CsvDialect const& dialect,
             CsvStart const& start, std::uint64_t end, std::size_t window_bytes);

  /// Local. The next record that is not empty; false when there is none left. Throws InputError with file and
  /// record for a record above the limit and for a quote that is open at the end of the file.
  bool next(CsvRecord& record);

  /// Local. The next records that are not empty, valid until the next are asked for: at least one while any
  /// is left, at most kMostTogether or `most`, all of one window. They are few enough to stay in the
  /// first-level cache.
  [[nodiscard]] std::span<CsvRecord const> next_together(std::size_t most = kMostTogether);
  static constexpr std::size_t kMostTogether = 64;

  /// Content bytes read so far, counted from the start of the file.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

 private:
  bool take_next(CsvRecord& record);
  bool find_marked_line_end();
  bool find_line_end();
  bool refill();
  bool close_last_line();
  void make_room(std::size_t bytes);
  void take(CsvRecord& record) const;
  [[noreturn]] void too_long(std::uint64_t number) const;

  std::unique_ptr<ByteSource> source_;
  std::string path_;
  CsvDialect dialect_;
  std::uint64_t end_;
  std::size_t window_bytes_;

  std::unique_ptr<char[]> buffer_;  // the window, with bytes before it that can be read
  char* window_ = nullptr;
  std::unique_ptr<std::uint32_t[]> marks_;  // as many as the window has bytes
  std::size_t capacity_ = 0;
  std::uint32_t begin_ = 0, filled_ = 0;                  // of the record in hand; of the window
  std::size_t first_mark_ = 0, cursor_ = 0, marked_ = 0;  // of the record in hand; to look at next; all
  std::uint32_t flags_ = 0;                               // of the record in hand
  std::size_t fields_ = 0;                                // of the record before
  kernel::CsvCarry carry_;

  std::uint64_t position_;
  std::uint64_t number_;  // records that ended
  bool skipping_;         // the record in hand belongs to the stretch before
  bool source_ended_ = false;
  bool done_ = false;
  std::vector<CsvRecord> together_;
};

}  // namespace tessera
