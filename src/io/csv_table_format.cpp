// SPDX-License-Identifier: Apache-2.0
#include "csv_table_format.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <charconv>

#include "iso_date.hpp"

namespace tessera {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kDates = 128;       // more than a quarter has
constexpr std::size_t kNumberBytes = 24;  // the longest integer, with sign and point

bool needs_quotes(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; });
}

}  // namespace

CsvTableFormat::CsvTableFormat(TableLayout const& layout)
    : buffer_(kBufferBytes), dates_(kDates, {0, iso_date(0)}) {
  for (auto const& field : layout.fields) digits_.push_back(field.digits);
}

char* CsvTableFormat::begin_field(std::size_t bytes) {
  if (buffer_.size() - used_ < bytes + 2) {  // the separator and the row's end
    flush();
    if (buffer_.size() < bytes + 2) buffer_.resize(bytes + 2);
  }
  if (field_++ > 0) buffer_[used_++] = ',';
  return buffer_.data() + used_;
}

void CsvTableFormat::flush() {
  drain(std::string_view(buffer_.data(), used_));
  used_ = 0;
}

void CsvTableFormat::text(std::string_view value) {
  if (!needs_quotes(value)) {
    char* const out = begin_field(value.size());
    end_field(std::copy(value.begin(), value.end(), out));
    return;
  }
  char* out = begin_field(2 * value.size() + 2);
  *out++ = '"';
  for (char const c : value) {
    if (c == '"') *out++ = '"';
    *out++ = c;
  }
  *out++ = '"';
  end_field(out);
}

void CsvTableFormat::id(char letter, std::uint64_t number) {
  char* const out = begin_field(kNumberBytes);
  *out = letter;
  end_field(std::to_chars(out + 1, out + kNumberBytes, number).ptr);
}

void CsvTableFormat::integer(std::int64_t value) {
  char* const out = begin_field(kNumberBytes);
  end_field(std::to_chars(out, out + kNumberBytes, value).ptr);
}

void CsvTableFormat::decimal(std::int64_t value) {
  auto const digits = digits_[field_];
  char* out = begin_field(kNumberBytes + digits);
  if (value < 0) *out++ = '-';
  auto magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::array<char, 20> fraction;
  for (auto i = digits; i > 0; --i) {
    fraction[i - 1] = static_cast<char>('0' + magnitude % 10);
    magnitude /= 10;
  }
  out = std::to_chars(out, out + kNumberBytes, magnitude).ptr;
  *out++ = '.';
  end_field(std::copy(fraction.begin(), fraction.begin() + digits, out));
}

void CsvTableFormat::date(std::int32_t day) {
  auto& date = dates_[static_cast<std::uint32_t>(day) % kDates];
  if (date.day != day) date = {day, iso_date(day)};
  char* const out = begin_field(date.text.size());
  end_field(std::copy(date.text.begin(), date.text.end(), out));
}

void CsvTableFormat::missing() {
  end_field(begin_field(0));
}

void CsvTableFormat::end_row() {
  if (field_ != digits_.size())
    throw BugError("a row of " + std::to_string(field_) + " fields of " + std::to_string(digits_.size()));
  buffer_[used_++] = '\n';
  field_ = 0;
  ++rows_;
}

}  // namespace tessera
