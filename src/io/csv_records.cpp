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
constexpr std::size_t kBeyondBytes = 64 << 10;   // read at a time behind the stretch, where little is wanted
constexpr std::size_t kBytesBefore = 16;         // the window: for kernels that load from the end of a field
constexpr std::size_t kTextTogether = 24 << 10;  // bytes of the records that are handed out together
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
    if (take_next(record)) return true;
  }
  return false;
}

std::span<CsvRecord const> CsvRecords::next_together(std::size_t most) {
  together_.clear();
  CsvRecord record;
  if (!next(record)) return {};
  std::uint32_t const first = record.begin;
  std::size_t const limit = std::min(most, kMostTogether);
  together_.push_back(record);
  while (together_.size() < limit && begin_ - first < kTextTogether && !done_ && find_marked_line_end()) {
    if ((marks_[cursor_ - 1] & kernel::kMarkPosition) - begin_ > dialect_.max_record_bytes) {
      --cursor_;  // too long, most likely: an error, which comes when those before it have been handed out
      break;
    }
    if (take_next(record)) together_.push_back(record);
  }
  return together_;
}

/// The record whose line end was found; false where it is empty or belongs to the stretch before.
bool CsvRecords::take_next(CsvRecord& record) {
  ++number_;
  std::uint32_t const line_end = marks_[cursor_ - 1] & kernel::kMarkPosition;
  done_ = done_ || position_ - filled_ + line_end >= end_;
  bool const ours = !std::exchange(skipping_, false);
  if (ours) take(record);
  begin_ = line_end + 1;
  fields_ = cursor_ - first_mark_;
  first_mark_ = cursor_;
  flags_ = 0;
  return ours && record.begin != record.end;
}

/// Goes on behind the marks that were looked at. Most records have as many fields as the one before.
bool CsvRecords::find_marked_line_end() {
  if (cursor_ == first_mark_ && fields_ > 0 && marked_ - cursor_ >= fields_) {
    auto const* const marks = marks_.get() + cursor_;
    std::uint32_t const last = marks[fields_ - 1];
    std::uint32_t others = 0;
    for (std::size_t i = 0; i + 1 < fields_; ++i) others |= marks[i];
    if ((last & ~others & kernel::kMarkLineEnd) != 0) {
      flags_ = others | last;
      cursor_ += fields_;
      return true;
    }
  }
  while (cursor_ < marked_) {
    std::uint32_t const mark = marks_[cursor_++];
    flags_ |= mark;
    if ((mark & kernel::kMarkLineEnd) != 0) return true;
  }
  return false;
}

bool CsvRecords::find_line_end() {
  while (!find_marked_line_end()) {
    if (!refill()) return close_last_line();
  }
  return true;
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
  std::size_t const got = source_->read({window_ + filled_, wanted});
  source_ended_ = got < wanted;
  marked_ += kernel::csv_marks({window_ + filled_, got}, filled_, dialect_.delimiter, dialect_.quotes, carry_,
                               marks_.get() + marked_);
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
  auto const window = [&](char* to) { std::memmove(to, window_ + begin_, held); };
  auto const marks = [&](std::uint32_t* to) {
    std::transform(marks_.get() + first_mark_, marks_.get() + marked_, to,
                   [&](auto mark) { return mark - begin_; });
  };
  if (held + bytes > capacity_) {
    std::size_t const capacity = std::max(held + bytes, 2 * capacity_);
    auto larger_window = std::make_unique_for_overwrite<char[]>(kBytesBefore + capacity);
    std::fill_n(larger_window.get(), kBytesBefore, '\0');
    auto larger_marks = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    if (capacity_ > 0) {
      window(larger_window.get() + kBytesBefore);
      marks(larger_marks.get());
    }
    buffer_ = std::move(larger_window);
    window_ = buffer_.get() + kBytesBefore;
    marks_ = std::move(larger_marks);
    capacity_ = capacity;
  } else if (begin_ > 0) {
    window(window_);
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
  record.window = window_;
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
