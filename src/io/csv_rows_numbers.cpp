// SPDX-License-Identifier: Apache-2.0
// Columns of numbers and dates: parsed some rows at a time, held to their range.
#include "tessera/core/narrow.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/csv_text.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tessera {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The values of the tokens that are numbers themselves.
std::vector<double> numbers_among(std::vector<std::string> const& tokens, NumberParser const& parser) {
  std::vector<double> numbers;
  for (auto const& token : tokens) {
    auto const parsed = parser.parse(token);
    if (!parsed.problem) numbers.push_back(parsed.value);
  }
  return numbers;
}

}  // namespace

void CsvRows::declare_number(TableSpec const& spec, std::size_t index) {
  ColumnSpec const& declared = spec.columns[index];
  NumberParser const parser(spec, declared);
  auto const missing = trimmed_tokens(declared.missing);
  numbers_.push_back({layout_.columns[index], narrow<std::int32_t>(index), parser,
                      declared.min.value_or(-kInfinity), declared.max.value_or(kInfinity),
                      declared.out_of_range, MissingTokens(missing), numbers_among(missing, parser),
                      &table_.columns[index].data.emplace<NumberColumn>().values});
}

void CsvRows::parse_numbers(NumberField const& number) {
  std::size_t const before = number.values->size(), rows = rows_.size();
  number.values->resize(before + rows);
  double* const values = number.values->data() + before;
  auto const typed = typed_ == nullptr ? std::span<double const>()
                                       : typed_->numbers[static_cast<std::size_t>(number.column)];
  if (!typed.empty()) {
    take_numbers(number, typed, values);
  } else {
    std::size_t const odd = read_numbers(number, values);
    for (std::size_t i = 0; i < odd; ++i) values[odd_[i]] = parse_number(number, odd_[i]);
    for (double const missing : number.missing_numbers) {
      for (std::size_t row = 0; row < rows; ++row) {
        if (values[row] == missing) values[row] = parse_number(number, row);
      }
    }
  }
  hold_to_range(number, values);
}

void CsvRows::hold_to_range(NumberField const& number, double* values) {
  if (number.min == -kInfinity && number.max == kInfinity) return;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    bool const below = values[row] < number.min;
    if (!below && !(values[row] > number.max)) continue;
    ++out_of_range_[static_cast<std::size_t>(number.column)];
    switch (number.out_of_range) {
      case OutOfRange::reject:
        refuse(row, number.column, below ? RejectReason::below_minimum : RejectReason::above_maximum);
        break;
      case OutOfRange::missing:
        values[row] = kMissingNumber;
        break;
      case OutOfRange::clamp:
        values[row] = below ? number.min : number.max;
        break;
    }
  }
}

/// Reads what is a plain short number. Returns how many rows are not, and which in odd_.
std::size_t CsvRows::read_numbers(NumberField const& number, double* values) {
  std::size_t const rows = rows_.size(), field = number.field;
  odd_.resize(rows);
  if (!number.parser.short_decimals()) {
    std::iota(odd_.begin(), odd_.end(), 0U);
    return rows;
  }
  texts_.resize(rows);
  auto* text = texts_.data();
  for (auto const& record : rows_) {
    // the quotes around it are not part of the number; in vain, if there are some inside
    std::uint32_t const quote = record.has_quote(field) ? 1 : 0;
    std::string_view const whole = record.field(field);
    text++->assign(whole.data() + whole.size() - quote, static_cast<std::uint32_t>(whole.size()) - 2 * quote);
  }
  return kernel::read_decimals(texts_, *number.parser.short_decimals(), number.parser.decimal_mark(), values,
                               odd_.data());
}

/// The number in one row, missing where it is or where the row is refused.
double CsvRows::parse_number(NumberField const& number, std::size_t row) {
  std::string_view const value = trimmed(text(rows_[row], number.field));
  if (is_missing(number.missing, row, number.field, value)) return kMissingNumber;
  auto const parsed = number.parser.parse(value);
  if (!parsed.problem) return parsed.value;
  refuse(row, number.column, *parsed.problem);
  return kMissingNumber;
}

/// Numbers that are stored as such; tokens that are numbers stand for "no value" by what they are worth.
void CsvRows::take_numbers(NumberField const& number, std::span<double const> typed, double* values) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    auto const parsed = number.parser.take(typed[picked_[row]]);
    bool const missing = std::find(number.missing_numbers.begin(), number.missing_numbers.end(),
                                   parsed.value) != number.missing_numbers.end();
    values[row] = parsed.problem || missing ? kMissingNumber : parsed.value;
    if (parsed.problem) refuse(row, number.column, *parsed.problem);
  }
}

}  // namespace tessera
