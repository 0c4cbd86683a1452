// SPDX-License-Identifier: Apache-2.0
#include "record_text.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/number_parser.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::uint64_t kRowsTogether = 4096;
constexpr std::size_t kTextTogether = 1 << 24;  // and one record more: below what a mark addresses
constexpr std::size_t kBytesBefore = 16;        // CsvRecord promises them

bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

/// Whether the column takes what is stored as it is. A number is a day or a second where no pattern says
/// otherwise.
bool takes_numbers(ColumnSpec const& column, FieldValues const& values) {
  if (!is_number(column.type) || values.kind == FieldValues::Kind::texts) return false;
  return column.date_format.empty() || values.unit != FieldValues::Unit::none;
}

/// In the column's own unit.
double in_unit_of(ColumnType type, FieldValues::Unit unit, double value) {
  if (type == ColumnType::date && unit == FieldValues::Unit::seconds) return std::floor(value / 86400.0);
  if (type == ColumnType::datetime && unit == FieldValues::Unit::days) return 86400.0 * value;
  return value;
}

double number_at(ColumnType type, FieldValues const& values, std::uint64_t row) {
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  constexpr double kTooLarge = 0x1p54;  // what rounds to 2^53 is no integer that a double holds
  if (values.is_missing(row)) return kMissingNumber;
  if (values.kind == FieldValues::Kind::reals) return values.reals[row];
  std::int64_t const value = values.integers[row];
  if (values.kind == FieldValues::Kind::naturals) {
    auto const natural = static_cast<std::uint64_t>(value);
    return type == ColumnType::integer && natural > static_cast<std::uint64_t>(kLargest)
               ? kTooLarge
               : static_cast<double>(natural);
  }
  if (type == ColumnType::integer && value > kLargest) return kTooLarge;
  if (type == ColumnType::integer && value < -kLargest) return -kTooLarge;
  return static_cast<double>(value);
}

bool has_special(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == '\0' || static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

RecordText::RecordText(TableSpec const& spec, std::vector<std::string> fields)
    : spec_(spec),
      fields_(std::move(fields)),
      as_text_(fields_.size()),
      digits_(fields_.size()),
      numbers_(spec.columns.size()),
      missing_(fields_.size()),
      number_spans_(spec.columns.size()),
      missing_spans_(fields_.size()) {
  auto const index_of = [&](std::string const& name) {
    return static_cast<std::size_t>(std::find(fields_.begin(), fields_.end(), name) - fields_.begin());
  };
  std::vector<std::uint8_t> as_is(fields_.size());  // the text is a value, so nothing is filled up
  for (auto const& column : spec.columns) {
    std::size_t const field = field_of_.emplace_back(index_of(column.field()));
    auto const pattern = column_dates(spec, column);
    as_text_[field] |= static_cast<std::uint8_t>(!is_number(column.type) || pattern.has_value());
    if (pattern) {
      digits_[field] = std::max(digits_[field], pattern->fixed_digits());
    } else if (!is_number(column.type)) {
      as_is[field] = 1;
    }
  }
  if (!spec.key.empty()) as_text_[index_of(spec.key)] = as_is[index_of(spec.key)] = 1;
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    if (as_is[field] != 0) digits_[field] = 0;
  }
}

/// Rows from `first` on; returns where to go on.
std::uint64_t RecordText::fill(std::span<FieldValues const> values, std::uint64_t first, std::uint64_t rows,
                               std::uint64_t first_number, std::string const& path) {
  std::uint64_t const end = std::min(rows, first + kRowsTogether);
  window_.assign(kBytesBefore, '\0');
  marks_.clear();
  records_.clear();
  for (std::size_t field = 0; field < fields_.size(); ++field) missing_[field].clear();
  std::uint64_t row = first;
  for (; row < end && window_.size() < kTextTogether; ++row) {
    CsvRecord& record = records_.emplace_back();
    record.number = first_number + row;
    append_record(values, row, record, path);
  }
  for (std::size_t i = 0; i < records_.size(); ++i) {  // nothing moves any more
    records_[i].window = window_.data();
    records_[i].marks = std::span(marks_).subspan(i * fields_.size(), fields_.size());
  }
  fill_numbers(values, first, row - first);
  for (std::size_t field = 0; field < fields_.size(); ++field) missing_spans_[field] = missing_[field];
  typed_ = {number_spans_, missing_spans_};
  return row;
}

void RecordText::append_record(std::span<FieldValues const> values, std::uint64_t row, CsvRecord& record,
                               std::string const& path) {
  record.begin = static_cast<std::uint32_t>(window_.size());
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    if (field > 0) window_ += ',';
    std::size_t const begin = window_.size();
    append_text(values[field], field, row);
    if (window_.size() - record.begin > spec_.max_record_bytes) {
      throw InputError(fmt::format("the texts of record {} of '{}' take more than {} bytes", record.number,
                                   path, spec_.max_record_bytes),
                       "a record is held in memory as a whole",
                       "repair the file, read fewer of its text columns, or raise 'max_record_bytes'");
    }
    missing_[field].push_back(static_cast<std::uint8_t>(values[field].is_missing(row)));
    bool const special = has_special(std::string_view(window_).substr(begin));
    auto const mark = static_cast<std::uint32_t>(window_.size()) | (special ? kernel::kMarkSpecial : 0);
    marks_.push_back(mark);
    record.flags |= mark & kernel::kMarkSpecial;
  }
  record.end = static_cast<std::uint32_t>(window_.size());
}

void RecordText::fill_numbers(std::span<FieldValues const> values, std::uint64_t first, std::uint64_t count) {
  for (std::size_t column = 0; column < spec_.columns.size(); ++column) {
    ColumnType const type = spec_.columns[column].type;
    FieldValues const& field = values[field_of_[column]];
    number_spans_[column] = {};
    if (!takes_numbers(spec_.columns[column], field)) continue;
    auto& numbers = numbers_[column];
    numbers.resize(count);
    for (std::uint64_t i = 0; i < count; ++i)
      numbers[i] = in_unit_of(type, field.unit, number_at(type, field, first + i));
    number_spans_[column] = numbers;
  }
}

void RecordText::append_text(FieldValues const& values, std::size_t field, std::uint64_t row) {
  if (as_text_[field] == 0 && values.kind != FieldValues::Kind::texts) return;
  std::string_view const text = text_of(values, row, scratch_);
  if (values.kind != FieldValues::Kind::texts && !text.empty() && text.size() < digits_[field])
    window_.append(digits_[field] - text.size(), '0');
  window_ += text;
}

}  // namespace tessera
