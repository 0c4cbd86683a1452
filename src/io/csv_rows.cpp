// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_rows.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/io/csv_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "huge_pages.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// The key's own tokens where it is declared as a column too.
std::vector<std::string> key_tokens(TableSpec const& spec) {
  auto const found = std::find_if(spec.columns.begin(), spec.columns.end(),
                                  [&](ColumnSpec const& column) { return column.field() == spec.key; });
  return found == spec.columns.end() ? std::vector<std::string>{""} : found->missing;
}

}  // namespace

CsvRows::CsvRows(TableSpec const& spec, CsvLayout const& layout, KeyHasher const& hash,
                 std::uint64_t listed_rejects)
    : layout_(layout),
      hash_(hash),
      lanes_(hash),
      decoder_(spec.encoding),
      missing_key_(key_tokens(spec)),
      rejects_(listed_rejects) {
  table_.name = spec.name;
  table_.columns.resize(spec.columns.size());
  out_of_range_.resize(spec.columns.size());
  for (std::size_t column = 0; column < spec.columns.size(); ++column) declare(spec, column);
}

void CsvRows::declare(TableSpec const& spec, std::size_t index) {
  ColumnSpec const& declared = spec.columns[index];
  Column& column = table_.columns[index];
  column.name = declared.name;
  column.type = declared.type;
  std::size_t const field = layout_.columns[index];
  switch (declared.type) {
    case ColumnType::category:
      categories_.push_back(
          {field, index,
           MissingTokens(declared.part == FieldPart::sex ? trimmed_tokens(declared.missing)
                                                         : declared.missing),
           &column.data.emplace<CategoryColumn>(),
           LocalDictionary(fmt::format("column '{}' of table '{}'", declared.name, spec.name),
                           spec.max_categories),
           column_dates(spec, declared)});
      break;
    case ColumnType::id:
      (void)column_dates(spec, declared);
      ids_.push_back({field, MissingTokens(declared.missing), &column.data.emplace<KeyColumn>()});
      break;
    default:
      declare_number(spec, index);
  }
}

void CsvRows::reserve(std::size_t rows) {
  auto const make_room = [rows](auto& values) {
    values.reserve(rows);
    advise_huge_pages(values.data(), values.capacity() * sizeof values[0]);
  };
  make_room(table_.keys);
  for (auto& number : numbers_) make_room(*number.values);
  for (auto& category : categories_) make_room(category.column->codes);
  for (auto& id : ids_) make_room(id.column->keys);
}

void CsvRows::add(std::span<CsvRecord const> records, std::size_t file, TypedFields const* typed) {
  typed_ = typed;
  file_ = static_cast<std::uint32_t>(file);
  new_rejects_.clear();
  take_whole(records);
  parse_keys();
  for (auto const& number : numbers_) parse_numbers(number);
  for (auto const& category : categories_) check_category(category);
  std::sort(new_rejects_.begin(), new_rejects_.end(),
            [](Reject const& a, Reject const& b) { return a.record < b.record; });
  rejects_.add(new_rejects_);
  if (any_refused_) drop_refused();
  table_.keys.insert(table_.keys.end(), keys_.begin(), keys_.end());
  for (auto& category : categories_) add_category(category);
  for (auto& id : ids_) add_id(id);
  if (keeps_places_) {
    for (auto const& row : rows_) places_.push_back({row.number, file_});
  }
  if (keeps_ids_) {
    for (auto const& row : rows_) kept_ids_.add(text(row, *layout_.key));
  }
}

Table CsvRows::take(Communicator const& comm) {
  for (auto& category : categories_) category.dictionary.unite(comm, category.column->codes);
  Table taken;
  taken.name = table_.name;
  taken.keys = std::exchange(table_.keys, {});
  for (auto& column : table_.columns) {  // which stay where they are, because the fields point into them
    using Data = decltype(column.data);
    taken.columns.push_back(
        {column.name, column.type,
         std::visit([](auto& data) { return Data(std::exchange(data, {})); }, column.data)});
  }
  return taken;
}

std::vector<std::string> const& CsvRows::categories(std::size_t column) const {
  auto const found = std::find_if(categories_.begin(), categories_.end(),
                                  [&](CategoryField const& category) { return category.index == column; });
  if (found == categories_.end()) throw BugError(fmt::format("column {} is not a category", column));
  return found->dictionary.categories();
}

void CsvRows::hash_ordinals(std::uint64_t first_ordinal) {
  constexpr std::size_t kTogether = 64, kMostDigits = 20;
  char digits[kTogether][kMostDigits];
  for (std::size_t first = 0; first < table_.keys.size(); first += kTogether) {
    std::size_t const count = std::min(kTogether, table_.keys.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      Key& key = table_.keys[first + i];
      auto const end = std::to_chars(digits[i], digits[i] + kMostDigits, first_ordinal + key.low).ptr;
      hash_later({digits[i], static_cast<std::size_t>(end - digits[i])}, key);
    }
    hash_now();
  }
}

std::string_view CsvRows::text(CsvRecord const& record, std::size_t field) {
  std::string_view const raw =
      record.has_quote(field) ? unquoted(record.field(field), scratch_) : record.field(field);
  if (decoder_.is_utf8() || !record.has_special()) return raw;
  (void)decoder_.decode(raw, decoded_);  // valid, as the whole record is
  return decoded_;
}

/// Keeps the records that have all fields, and rejects the others.
void CsvRows::take_whole(std::span<CsvRecord const> records) {
  rows_.clear();
  keys_.clear();
  picked_.clear();
  for (auto const& record : records) {
    std::uint64_t const ordinal = records_++;
    if (!check_record(record)) continue;
    rows_.push_back(record);
    if (typed_ != nullptr) picked_.push_back(static_cast<std::uint32_t>(&record - records.data()));
    keys_.push_back({0, ordinal});
  }
  refused_.assign(rows_.size(), 0);
  any_refused_ = false;
}

bool CsvRows::check_record(CsvRecord const& record) {
  auto const rejected = [&](std::int32_t column, RejectReason reason) {
    reject(record, column, reason);
    return false;
  };
  if (record.has_special()) {
    if (record.text().find('\0') != std::string_view::npos) return rejected(-1, RejectReason::nul_byte);
    if (!decoder_.is_valid(record.text())) return rejected(-1, RejectReason::invalid_encoding);
  }
  if (record.fields() != layout_.fields) return rejected(-1, RejectReason::wrong_field_count);
  if ((record.flags & kernel::kMarkQuote) == 0) return true;
  for (std::size_t i = 0; i < record.fields(); ++i) {
    if (record.has_quote(i) && !is_well_quoted(record.field(i)))
      return rejected(column_at(i), RejectReason::stray_quote);
  }
  return true;
}

void CsvRows::parse_keys() {
  if (!layout_.key) return;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string_view const id = text(rows_[row], *layout_.key);
    if (is_missing(missing_key_, row, *layout_.key, id)) {
      refuse(row, column_at(*layout_.key), RejectReason::missing_key);
    } else {
      hash_later(id, keys_[row]);
    }
  }
  hash_now();
}

/// A token that means so, or a gap in typed values.
bool CsvRows::is_missing(MissingTokens const& tokens, std::size_t row, std::size_t field,
                         std::string_view value) const noexcept {
  return tokens.contains(value) || (typed_ != nullptr && typed_->missing[field][picked_[row]] != 0);
}

/// Moves the rows that are kept together.
void CsvRows::drop_refused() {
  std::size_t const rows = rows_.size();
  auto const drop = [&](auto* values) {
    std::size_t kept = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      if (refused_[row] == 0) values[kept++] = values[row];
    }
    return kept;
  };
  rows_.resize(drop(rows_.data()));
  keys_.resize(drop(keys_.data()));
  if (typed_ != nullptr) picked_.resize(drop(picked_.data()));
  for (auto const& number : numbers_) {
    std::size_t const before = number.values->size() - rows;
    number.values->resize(before + drop(number.values->data() + before));
  }
}

/// Refuses rows where the field does not tell what the column holds of it.
void CsvRows::check_category(CategoryField const& category) {
  if (!category.sex) return;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string_view const value = trimmed(text(rows_[row], category.field));
    if (is_missing(category.missing, row, category.field, value)) continue;
    auto const problem = category.sex->parse(value).problem;
    if (problem) refuse(row, static_cast<std::int32_t>(category.index), *problem);
  }
}

void CsvRows::add_category(CategoryField& category) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string_view value = text(rows_[row], category.field);
    if (category.sex) value = trimmed(value);
    std::int32_t code = kMissingCode;
    if (!is_missing(category.missing, row, category.field, value)) {
      if (category.sex) value = category.sex->parse(value).woman ? "female" : "male";
      code = category.dictionary.code_of(value);
    }
    category.column->codes.push_back(code);
  }
}

void CsvRows::add_id(IdField& id) {
  auto& keys = id.column->keys;
  std::size_t const before = keys.size();
  keys.resize(before + rows_.size());
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string_view const value = text(rows_[row], id.field);
    if (!is_missing(id.missing, row, id.field, value)) hash_later(value, keys[before + row].emplace());
  }
  hash_now();
}

/// `key` becomes the key of `id` now or when hash_now() is called.
void CsvRows::hash_later(std::string_view id, Key& key) {
  if (id.data() == scratch_.data() || id.data() == decoded_.data()) {  // soon another text is there
    key = hash_(id);
    return;
  }
  to_hash_.push_back(id);
  hashed_to_.push_back(&key);
}

void CsvRows::hash_now() {
  hashed_.resize(to_hash_.size());
  lanes_.hash(to_hash_, hashed_);
  for (std::size_t i = 0; i < hashed_.size(); ++i) *hashed_to_[i] = hashed_[i];
  to_hash_.clear();
  hashed_to_.clear();
}

/// The first reason for a row counts.
void CsvRows::refuse(std::size_t row, std::int32_t column, RejectReason reason) {
  if (std::exchange(refused_[row], std::uint8_t{1}) == 0) reject(rows_[row], column, reason);
  any_refused_ = true;
}

void CsvRows::reject(CsvRecord const& record, std::int32_t column, RejectReason reason) {
  new_rejects_.push_back({record.number, file_, column, reason});
}

std::int32_t CsvRows::column_at(std::size_t field) const noexcept {
  auto const found = std::find(layout_.columns.begin(), layout_.columns.end(), field);
  return found == layout_.columns.end() ? -1 : static_cast<std::int32_t>(found - layout_.columns.begin());
}

}  // namespace tessera
