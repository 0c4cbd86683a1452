// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_records.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kBeyondBytes = 64 << 10;  // read at a time behind the stretch, where little is wanted
}  // namespace

CsvRecords::CsvRecords(std::unique_ptr<ByteSource> source, std::string path, CsvDialect const& dialect,
                       CsvStart const& start, std::uint64_t end, std::size_t window_bytes)
    : source_(std::move(source)),
      path_(std::move(path)),
      dialect_(dialect),
      end_(end),
      window_bytes_(window_bytes),
      carry_{start.in_quotes, 0},
      position_(start.offset),
      number_(start.lines_before),
      skipping_(start.offset > 0) {}

bool CsvRecords::next(CsvRecord& record) {
  while (!done_ && find_line_end()) {
    ++number_;
    std::uint32_t const line_end = marks_[cursor_ - 1] & kernel::kMarkPosition;
    done_ = done_ || position_ - filled_ + line_end >= end_;
    bool const ours = !std::exchange(skipping_, false);
    if (ours) take(record);
    begin_ = line_end + 1;
    first_mark_ = cursor_;
    flags_ = 0;
    if (ours && record.begin != record.end) return true;
  }
  return false;
}

bool CsvRecords::find_line_end() {
  for (;;) {
    while (cursor_ < marked_) {
      std::uint32_t const mark = marks_[cursor_++];
      flags_ |= mark;
      if ((mark & kernel::kMarkLineEnd) != 0) return true;
    }
    if (!refill()) return close_last_line();
  }
}

/// Reads and marks the next portion behind the record in hand; false at the end of the file or of the work.
bool CsvRecords::refill() {
  if (skipping_) {
    if (position_ >= end_) return false;
    begin_ = filled_;
    first_mark_ = cursor_;
  } else if (filled_ - begin_ > dialect_.max_record_bytes + 1) {  // + 1: its last byte may be a '\r' to drop
    too_long(number_ + 1);
  }
  if (source_ended_) return false;

  std::size_t const wanted =
      position_ < end_ ? static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes_, end_ - position_))
                       : std::min(window_bytes_, kBeyondBytes);
  make_room(wanted);
  std::size_t const got = source_->read({window_.get() + filled_, wanted});
  source_ended_ = got < wanted;
  marked_ += kernel::csv_marks({window_.get() + filled_, got}, filled_, dialect_.delimiter, dialect_.quotes,
                               carry_, marks_.get() + marked_);
  filled_ += static_cast<std::uint32_t>(got);
  position_ += got;
  return true;
}

/// A last line without a line end is a record too.
bool CsvRecords::close_last_line() {
  if (skipping_ || begin_ >= filled_) return false;
  if (carry_.in_quotes) {
    throw InputError(
        fmt::format("a quote that opens in record {} of '{}' is never closed", number_ + 1, path_),
        "everything behind it would be read as one field",
        "close the quote, or set 'quoted = false' where quotes are ordinary characters");
  }
  make_room(1);
  marks_[marked_++] = filled_ | kernel::kMarkLineEnd | std::exchange(carry_.flags, 0);
  flags_ |= marks_[cursor_++];
  done_ = true;
  return true;
}

/// Moves the record in hand to the front of the window and has room for more behind it.
void CsvRecords::make_room(std::size_t bytes) {
  std::size_t const held = filled_ - begin_;
  std::size_t const held_marks = marked_ - first_mark_;
  auto const window = [&](char* to) { std::memmove(to, window_.get() + begin_, held); };
  auto const marks = [&](std::uint32_t* to) {
    std::transform(marks_.get() + first_mark_, marks_.get() + marked_, to,
                   [&](auto mark) { return mark - begin_; });
  };
  if (held + bytes > capacity_) {
    std::size_t const capacity = std::max(held + bytes, 2 * capacity_);
    auto larger_window = std::make_unique_for_overwrite<char[]>(capacity);
    auto larger_marks = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    if (capacity_ > 0) {
      window(larger_window.get());
      marks(larger_marks.get());
    }
    window_ = std::move(larger_window);
    marks_ = std::move(larger_marks);
    capacity_ = capacity;
  } else if (begin_ > 0) {
    window(window_.get());
    marks(marks_.get());
  }
  cursor_ -= first_mark_;
  marked_ = held_marks;
  first_mark_ = 0;
  filled_ = static_cast<std::uint32_t>(held);
  begin_ = 0;
}

void CsvRecords::take(CsvRecord& record) const {
  std::uint32_t const line_end = marks_[cursor_ - 1] & kernel::kMarkPosition;
  record.number = number_;
  record.window = window_.get();
  record.begin = begin_;
  record.end = line_end;
  record.marks = {marks_.get() + first_mark_, cursor_ - first_mark_};
  record.flags = flags_;
  bool const terminated = line_end < filled_;
  if (terminated && record.end > record.begin && window_[record.end - 1] == '\r') --record.end;
  if (record.end - record.begin > dialect_.max_record_bytes) too_long(number_);
  if (number_ == 1 && record.text().starts_with(kByteOrderMark)) {
    record.begin += static_cast<std::uint32_t>(kByteOrderMark.size());
  }
}

void CsvRecords::too_long(std::uint64_t number) const {
  throw InputError(
      fmt::format("record {} of '{}' is longer than {} bytes", number, path_, dialect_.max_record_bytes),
      "most likely a quote or a line end is lost, and records run together",
      "repair the file; set 'quoted = false' where quotes are ordinary characters, or raise "
      "'max_record_bytes'");
}

}  // namespace tessera
