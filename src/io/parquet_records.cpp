// SPDX-License-Identifier: Apache-2.0
#ifdef TESSERA_PARQUET

#include "parquet_records.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <algorithm>
#include <utility>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/util/config.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>

namespace tessera {

namespace {

InputError unreadable(std::string const& path, std::string const& reason) {
  return {fmt::format("cannot read the Parquet file {}: {}", path, reason), "it is an input of this job",
          "check that it is the right file and whole"};
}

/// How a column's values are taken out of its arrays.
struct StoredColumn {
  std::string name;
  int index = 0;  ///< of the leaf
  FieldValues::Kind kind = FieldValues::Kind::reals;
  FieldValues::Unit unit = FieldValues::Unit::none;
  std::int64_t ticks = 1;  ///< a second, of a timestamp
};

template <class Array, class Out>
void append_numbers(arrow::Array const& array, std::vector<Out>& out) {
  auto const& typed = static_cast<Array const&>(array);
  for (std::int64_t i = 0; i < typed.length(); ++i)
    out.push_back(typed.IsNull(i) ? Out{} : static_cast<Out>(typed.Value(i)));
}

std::int64_t ticks_of(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    default:
      return 1'000'000'000;
  }
}

/// Rounded down: seconds before 1970 too.
std::int64_t whole_seconds(std::int64_t ticks, std::int64_t a_second) {
  std::int64_t const seconds = ticks / a_second;
  return ticks % a_second < 0 ? seconds - 1 : seconds;
}

class ParquetRecords : public RecordFile {
 public:
  ParquetRecords(TableSpec const& spec, FileEntry const& entry)
      : path_(entry.path), longest_(spec.max_record_bytes) {
    reading([&] { open(); });
  }

  std::uint64_t rows() const override { return offset_.back(); }
  std::vector<std::string> const& names() const override { return names_; }
  std::uint64_t rows_together() const override { return 1 << 16; }
  std::uint64_t piece_begin(std::uint64_t row) const override { return offset_[group_of(row)]; }

  void select(std::span<std::string const> fields) override {
    reading([&] {
      columns_.clear();
      for (auto const& name : fields) columns_.push_back(column_of(name));
    });
    group_ = kNone;
  }

  void read(std::uint64_t first, std::uint64_t count, std::vector<FieldValues>& fields) override {
    reading([&] {
      fields.assign(columns_.size(), {});
      held_.clear();
      for (std::uint64_t row = first; row < first + count;) {
        std::size_t const group = group_of(row);
        load(group);
        held_.push_back(table_);
        std::uint64_t const end = std::min(first + count, offset_[group + 1]);
        auto const slice = table_->Slice(static_cast<std::int64_t>(row - offset_[group]),
                                         static_cast<std::int64_t>(end - row));
        for (std::size_t i = 0; i < columns_.size(); ++i)
          append(columns_[i], *slice->column(static_cast<int>(i)), fields[i]);
        row = end;
      }
    });
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  static constexpr std::uint64_t kMostRows = std::uint64_t{1} << 48;  // so that those of all parts add up

  template <class Work>
  void reading(Work const& work) {
    try {
      work();
    } catch (parquet::ParquetException const& failure) {
      throw unreadable(path_, failure.what());
    }
  }

  void check(arrow::Status const& status) const {
    if (!status.ok()) throw unreadable(path_, status.ToString());
  }

  void open() {
    auto opened = arrow::io::ReadableFile::Open(path_);
    check(opened.status());
    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(*opened));
    check(builder.Build(&reader_));
    reader_->set_use_threads(false);
    auto const metadata = reader_->parquet_reader()->metadata();
    check(reader_->GetSchema(&schema_));
    for (auto const& field : schema_->fields()) names_.push_back(field->name());
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      auto const rows = metadata->RowGroup(group)->num_rows();
      if (rows < 0 || static_cast<std::uint64_t>(rows) > kMostRows - offset_.back())
        throw unreadable(path_, "its row groups have an impossible number of rows");
      offset_.push_back(offset_.back() + static_cast<std::uint64_t>(rows));
    }
  }

  [[nodiscard]] std::size_t group_of(std::uint64_t row) const {
    auto const behind = std::upper_bound(offset_.begin(), offset_.end(), row);
    return static_cast<std::size_t>(behind - offset_.begin()) - 1;
  }

  StoredColumn column_of(std::string const& name) const {
    auto const found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      throw unreadable(path_, names_.empty() ? "it has no columns"
                                             : fmt::format("it has no column '{}'; the nearest is '{}'", name,
                                                           nearest_name(name, names_)));
    }
    StoredColumn column;
    column.name = name;
    auto const* const schema = reader_->parquet_reader()->metadata()->schema();
    column.index = schema->ColumnIndex(name);
    auto type = schema_->field(static_cast<int>(found - names_.begin()))->type();
    if (type->id() == arrow::Type::DICTIONARY)
      type = static_cast<arrow::DictionaryType const&>(*type).value_type();
    if (column.index < 0 || !describe(*type, column))
      throw unreadable(path_, fmt::format("the column '{}' holds values of type {}", name, type->ToString()));
    return column;
  }

  static bool describe(arrow::DataType const& type, StoredColumn& column) {
    using Kind = FieldValues::Kind;
    switch (type.id()) {
      case arrow::Type::BOOL:
      case arrow::Type::INT8:
      case arrow::Type::INT16:
      case arrow::Type::INT32:
      case arrow::Type::INT64:
      case arrow::Type::UINT8:
      case arrow::Type::UINT16:
      case arrow::Type::UINT32:
        column.kind = Kind::integers;
        return true;
      case arrow::Type::UINT64:
        column.kind = Kind::naturals;
        return true;
      case arrow::Type::FLOAT:
      case arrow::Type::DOUBLE:
        column.kind = Kind::reals;
        return true;
      case arrow::Type::STRING:
      case arrow::Type::LARGE_STRING:
      case arrow::Type::BINARY:
      case arrow::Type::LARGE_BINARY:
        column.kind = Kind::texts;
        return true;
      case arrow::Type::DATE32:
        column.kind = Kind::integers;
        column.unit = FieldValues::Unit::days;
        return true;
      case arrow::Type::TIMESTAMP:
        column.kind = Kind::integers;
        column.unit = FieldValues::Unit::seconds;
        column.ticks = ticks_of(static_cast<arrow::TimestampType const&>(type).unit());
        return true;
      default:
        return false;
    }
  }

  /// The selected columns of a row group, whole: it is what Parquet is unpacked by.
  void load(std::size_t group) {
    if (group_ == group) return;
    table_.reset();
    std::vector<int> indices;
    for (auto const& column : columns_) indices.push_back(column.index);
#if ARROW_VERSION_MAJOR >= 24
    auto read = reader_->ReadRowGroup(static_cast<int>(group), indices);
    check(read.status());
    table_ = *read;
#else
    check(reader_->ReadRowGroup(static_cast<int>(group), indices, &table_));
#endif
    if (static_cast<std::uint64_t>(table_->num_rows()) != offset_[group + 1] - offset_[group])
      throw unreadable(path_, fmt::format("row group {} has another number of rows than it says", group));
    std::vector<int> places;  // whatever order they come in
    for (auto const& column : columns_) {
      places.push_back(table_->schema()->GetFieldIndex(column.name));
      if (places.back() < 0)
        throw unreadable(path_, fmt::format("the column '{}' is there twice, or not at all", column.name));
    }
    auto selected = table_->SelectColumns(places);
    check(selected.status());
    table_ = *selected;
    group_ = group;
  }

  void append(StoredColumn const& column, arrow::ChunkedArray const& values, FieldValues& out) {
    out.kind = column.kind;
    out.unit = column.unit;
    for (auto const& chunk : values.chunks()) append_chunk(column, *chunk, out);
  }

  void append_chunk(StoredColumn const& column, arrow::Array const& array, FieldValues& out) {
    for (std::int64_t i = 0; i < array.length(); ++i) out.missing.push_back(array.IsNull(i) ? 1 : 0);
    switch (array.type_id()) {
      case arrow::Type::BOOL:
        out.names = {{0, "false"}, {1, "true"}};
        return append_numbers<arrow::BooleanArray>(array, out.integers);
      case arrow::Type::INT8:
        return append_numbers<arrow::Int8Array>(array, out.integers);
      case arrow::Type::INT16:
        return append_numbers<arrow::Int16Array>(array, out.integers);
      case arrow::Type::INT32:
        return append_numbers<arrow::Int32Array>(array, out.integers);
      case arrow::Type::INT64:
        return append_numbers<arrow::Int64Array>(array, out.integers);
      case arrow::Type::UINT8:
        return append_numbers<arrow::UInt8Array>(array, out.integers);
      case arrow::Type::UINT16:
        return append_numbers<arrow::UInt16Array>(array, out.integers);
      case arrow::Type::UINT32:
        return append_numbers<arrow::UInt32Array>(array, out.integers);
      case arrow::Type::UINT64:
        return append_numbers<arrow::UInt64Array>(array, out.integers);
      case arrow::Type::FLOAT:
        return append_numbers<arrow::FloatArray>(array, out.reals);
      case arrow::Type::DOUBLE:
        return append_numbers<arrow::DoubleArray>(array, out.reals);
      case arrow::Type::DATE32:
        return append_numbers<arrow::Date32Array>(array, out.integers);
      case arrow::Type::TIMESTAMP: {
        std::size_t const before = out.integers.size();
        append_numbers<arrow::TimestampArray>(array, out.integers);
        for (std::size_t i = before; i < out.integers.size(); ++i)
          out.integers[i] = whole_seconds(out.integers[i], column.ticks);
        return;
      }
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
        return append_texts<arrow::BinaryArray>(array, out.texts);
      case arrow::Type::LARGE_STRING:
      case arrow::Type::LARGE_BINARY:
        return append_texts<arrow::LargeBinaryArray>(array, out.texts);
      case arrow::Type::DICTIONARY:
        return append_words(static_cast<arrow::DictionaryArray const&>(array), out);
      default:
        throw unreadable(path_, "values of type " + array.type()->ToString());
    }
  }

  template <class Array>
  void append_texts(arrow::Array const& array, std::vector<std::string_view>& out) const {
    auto const& typed = static_cast<Array const&>(array);
    for (std::int64_t i = 0; i < typed.length(); ++i) out.push_back(text_at(typed, i));
  }

  void append_words(arrow::DictionaryArray const& array, FieldValues& out) const {
    arrow::Array const& words = *array.dictionary();
    switch (words.type_id()) {
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
        return append_meant(array, static_cast<arrow::BinaryArray const&>(words), out.texts);
      case arrow::Type::LARGE_STRING:
      case arrow::Type::LARGE_BINARY:
        return append_meant(array, static_cast<arrow::LargeBinaryArray const&>(words), out.texts);
      default:
        throw unreadable(path_, "a dictionary that is not of texts");
    }
  }

  /// The words that the codes mean; of a dictionary, which may be larger than what is read, no others are
  /// looked at.
  template <class Array>
  void append_meant(arrow::DictionaryArray const& array, Array const& words,
                    std::vector<std::string_view>& out) const {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsNull(i)) {
        out.emplace_back();
        continue;
      }
      auto const code = array.GetValueIndex(i);
      if (code < 0 || code >= words.length())
        throw unreadable(path_, "a code that its dictionary does not have");
      out.push_back(text_at(words, code));
    }
  }

  /// Empty where there is none.
  template <class Array>
  std::string_view text_at(Array const& texts, std::int64_t i) const {
    if (texts.IsNull(i)) return {};
    auto const text = texts.GetView(i);
    if (text.size() > longest_)
      throw unreadable(
          path_, fmt::format("a text of {} bytes, more than max_record_bytes = {}", text.size(), longest_));
    return {text.data(), text.size()};
  }

  std::string path_;
  std::uint64_t longest_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::string> names_;
  std::vector<std::uint64_t> offset_{0};             // [row groups + 1]
  std::vector<StoredColumn> columns_;                // selected
  std::size_t group_ = kNone;                        // loaded
  std::shared_ptr<arrow::Table> table_;              // its selected columns
  std::vector<std::shared_ptr<arrow::Table>> held_;  // what the texts last read are in
};

}  // namespace

std::unique_ptr<RecordFile> open_parquet_records(TableSpec const& spec, FileEntry const& file) {
  return std::make_unique<ParquetRecords>(spec, file);
}

}  // namespace tessera

#endif
