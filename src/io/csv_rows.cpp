// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_rows.hpp"

#include "tessera/core/narrow.hpp"
#include "tessera/io/csv_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

std::vector<std::string> trimmed_tokens(std::vector<std::string> tokens) {
  for (auto& token : tokens) token = std::string(trimmed(token));
  return tokens;
}

/// The key's own tokens where it is declared as a column too.
std::vector<std::string> key_tokens(TableSpec const& spec) {
  auto const found = std::find_if(spec.columns.begin(), spec.columns.end(),
                                  [&](ColumnSpec const& column) { return column.name == spec.key; });
  return found == spec.columns.end() ? std::vector<std::string>{""} : found->missing;
}

ParsedField parse(ColumnType type, std::string_view text) noexcept {
  switch (type) {
    case ColumnType::integer:
      return parse_integer(text);
    case ColumnType::date:
      return parse_date(text);
    case ColumnType::datetime:
      return parse_datetime(text);
    default:
      return parse_real(text);
  }
}

}  // namespace

CsvRows::CsvRows(TableSpec const& spec, CsvLayout const& layout, KeyHasher const& hash)
    : layout_(layout), hash_(hash), missing_key_(key_tokens(spec)) {
  table_.name = spec.name;
  table_.columns.resize(spec.columns.size());
  for (std::size_t column = 0; column < spec.columns.size(); ++column) declare(spec, column);
}

void CsvRows::declare(TableSpec const& spec, std::size_t index) {
  ColumnSpec const& declared = spec.columns[index];
  Column& column = table_.columns[index];
  column.name = declared.name;
  column.type = declared.type;
  std::size_t const field = layout_.columns[index];
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (declared.type) {
    case ColumnType::category:
      categories_.push_back(
          {field, MissingTokens(declared.missing), &column.data.emplace<CategoryColumn>(),
           LocalDictionary(fmt::format("column '{}' of table '{}'", declared.name, spec.name),
                           spec.max_categories)});
      break;
    case ColumnType::id:
      ids_.push_back({field, MissingTokens(declared.missing), &column.data.emplace<KeyColumn>()});
      break;
    default:
      numbers_.push_back({field, narrow<std::int32_t>(index), declared.type,
                          declared.min.value_or(-kInfinity), declared.max.value_or(kInfinity),
                          MissingTokens(trimmed_tokens(declared.missing)),
                          &column.data.emplace<NumberColumn>().values, 0});
  }
}

void CsvRows::reserve(std::size_t rows) {
  table_.keys.reserve(rows);
  for (auto& number : numbers_) number.values->reserve(rows);
  for (auto& category : categories_) category.column->codes.reserve(rows);
  for (auto& id : ids_) id.column->keys.reserve(rows);
}

void CsvRows::add(CsvRecord const& record, std::size_t file) {
  file_ = static_cast<std::uint32_t>(file);
  key_ = {0, records_++};
  if (!check_record(record) || !parse_key(record) || !parse_numbers(record)) return;
  table_.keys.push_back(key_);
  for (auto& number : numbers_) number.values->push_back(number.value);
  for (auto& category : categories_) {
    std::string_view const value = text(record, category.field);
    category.column->codes.push_back(category.missing.contains(value) ? kMissingCode
                                                                      : category.dictionary.code_of(value));
  }
  for (auto& id : ids_) {
    std::string_view const value = text(record, id.field);
    id.column->keys.push_back(id.missing.contains(value) ? std::nullopt : std::optional(hash_(value)));
  }
}

Table CsvRows::finish(Communicator const& comm, std::uint64_t first_ordinal) {
  if (!layout_.key) {
    for (auto& key : table_.keys) key = hash_.of_ordinal(first_ordinal + key.low);
  }
  for (auto& category : categories_) category.dictionary.unite(comm, *category.column);
  return std::move(table_);
}

std::string_view CsvRows::text(CsvRecord const& record, std::size_t field) {
  return record.has_quote(field) ? unquoted(record.field(field), scratch_) : record.field(field);
}

bool CsvRows::check_record(CsvRecord const& record) {
  if (record.has_special()) {
    if (record.text().find('\0') != std::string_view::npos) return reject(record, -1, RejectReason::nul_byte);
    if (!is_utf8(record.text())) return reject(record, -1, RejectReason::invalid_utf8);
  }
  if (record.fields() != layout_.fields) return reject(record, -1, RejectReason::wrong_field_count);
  if ((record.flags & kernel::kMarkQuote) == 0) return true;
  for (std::size_t i = 0; i < record.fields(); ++i) {
    if (record.has_quote(i) && !is_well_quoted(record.field(i))) {
      return reject(record, column_at(i), RejectReason::stray_quote);
    }
  }
  return true;
}

bool CsvRows::parse_key(CsvRecord const& record) {
  if (!layout_.key) return true;
  std::string_view const id = text(record, *layout_.key);
  if (missing_key_.contains(id)) return reject(record, column_at(*layout_.key), RejectReason::missing_key);
  key_ = hash_(id);
  return true;
}

bool CsvRows::parse_numbers(CsvRecord const& record) {
  for (auto& number : numbers_) {
    std::string_view const value = trimmed(text(record, number.field));
    if (number.missing.contains(value)) {
      number.value = kMissingNumber;
      continue;
    }
    auto const parsed = parse(number.type, value);
    if (parsed.problem) return reject(record, number.column, *parsed.problem);
    if (parsed.value < number.min) return reject(record, number.column, RejectReason::below_minimum);
    if (parsed.value > number.max) return reject(record, number.column, RejectReason::above_maximum);
    number.value = parsed.value;
  }
  return true;
}

bool CsvRows::reject(CsvRecord const& record, std::int32_t column, RejectReason reason) {
  rejects_.push_back({record.number, file_, column, reason});
  return false;
}

std::int32_t CsvRows::column_at(std::size_t field) const noexcept {
  auto const found = std::find(layout_.columns.begin(), layout_.columns.end(), field);
  return found == layout_.columns.end() ? -1 : static_cast<std::int32_t>(found - layout_.columns.begin());
}

}  // namespace tessera
