// SPDX-License-Identifier: Apache-2.0
#include "input_sample.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/csv_text.hpp"
#include "tessera/io/file_list.hpp"
#include "tessera/io/number_parser.hpp"
#include "tessera/io/record_file.hpp"
#include "tessera/io/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_set>

namespace tessera {

namespace {

constexpr std::array kGuesses{ColumnType::integer, ColumnType::real, ColumnType::date, ColumnType::datetime};

/// How the table's fields are read as each of them.
std::vector<NumberParser> parsers_of(TableSpec const& spec) {
  std::vector<NumberParser> parsers;
  for (auto const type : kGuesses) {
    ColumnSpec column;
    column.type = type;
    parsers.emplace_back(spec, column);
  }
  return parsers;
}

/// Narrows the type of one column, value by value.
class ColumnGuess {
 public:
  explicit ColumnGuess(std::vector<std::string> missing) : missing_tokens_(std::move(missing)) {
    fits_.fill(true);
  }

  void add(std::string_view text, std::span<NumberParser const> parsers) {
    if (missing_tokens_.contains(text)) {
      add_missing();
      return;
    }
    distinct_.emplace(text);
    for (std::size_t i = 0; i < parsers.size(); ++i) {
      fits_[i] = fits_[i] && !parsers[i].parse(trimmed(text)).problem;
    }
  }

  void add_missing() { ++missing_; }

  [[nodiscard]] SampledColumn result(std::string name) const {
    SampledColumn column{std::move(name), ColumnType::category, missing_, distinct_.size()};
    for (std::size_t i = kGuesses.size(); i-- > 0;) {
      if (fits_[i] && !distinct_.empty()) column.type = kGuesses[i];
    }
    return column;
  }

 private:
  MissingTokens missing_tokens_;
  std::array<bool, kGuesses.size()> fits_{};
  std::uint64_t missing_ = 0;
  std::unordered_set<std::string> distinct_;
};

std::vector<std::string> missing_tokens(TableSpec const& spec, std::string const& column) {
  for (auto const& declared : spec.columns) {
    if (declared.field() == column) return declared.missing;
  }
  return {""};
}

void read_sample(TableSpec const& spec, FileEntry const& file, CsvDialect const& dialect,
                 std::vector<std::string> const& names, InputSample& sample) {
  constexpr std::size_t kWindowBytes = 1 << 20;
  auto const parsers = parsers_of(spec);
  std::vector<ColumnGuess> guesses;
  for (auto const& name : names) guesses.emplace_back(missing_tokens(spec, name));
  CsvRecords records(open_content(file), file.path, dialect, {}, ~std::uint64_t{0}, kWindowBytes);
  CsvRecord record;
  TextDecoder decoder(dialect.encoding);
  std::string scratch, text;
  bool header = spec.header.empty();
  while (sample.records < kSampleRecords && records.next(record)) {
    if (header) {
      header = false;
      continue;
    }
    ++sample.records;
    if (record.fields() != names.size()) continue;  // a reject of the run; not this look's business
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto const field = record.field(i);
      bool const quoted = record.has_quote(i);
      if (quoted && !is_well_quoted(field)) continue;
      if (decoder.decode(quoted ? unquoted(field, scratch) : field, text)) guesses[i].add(text, parsers);
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) sample.columns.push_back(guesses[i].result(names[i]));
}

/// The same of typed records: each field that can be read, and throws where the table's own cannot.
void read_typed_sample(TableSpec const& spec, FileEntry const& file, InputSample& sample) {
  auto const parsers = parsers_of(spec);
  auto const records = open_record_file(spec, file);
  records->select(wanted_fields(spec));
  std::vector<FieldValues> values;
  std::string scratch;
  for (auto const& name : records->names()) {
    try {
      records->select({&name, 1});
    } catch (InputError const&) {
      continue;  // of a type that no column can be made of
    }
    ColumnGuess guess(missing_tokens(spec, name));
    std::uint64_t row = 0;
    while (row < std::min<std::uint64_t>(kSampleRecords, records->rows())) {
      auto const count = std::min({kSampleRecords - row, records->rows() - row, records->rows_together()});
      records->read(row, count, values);
      for (std::uint64_t i = 0; i < count; ++i) {
        if (values.front().is_missing(i)) {
          guess.add_missing();
        } else {
          guess.add(text_of(values.front(), i, scratch), parsers);
        }
      }
      row += count;
    }
    sample.records = std::max(sample.records, row);
    sample.columns.push_back(guess.result(name));
  }
}

}  // namespace

InputSample sample_input(Communicator const& comm, TableSpec const& spec) {
  auto const files = list_files(comm, spec.path, "table '" + spec.name + "'");
  InputSample sample;
  sample.files = files.size();
  for (auto const& file : files) sample.bytes += file.bytes;
  if (spec.format != TableFormat::csv) {
    together(comm, [&] {
      if (comm.rank() == 0) read_typed_sample(spec, files.front(), sample);
    });
    return sample;
  }
  auto const dialect = together(comm, [&] { return csv_dialect(spec); });
  auto const names = column_names(comm, spec, dialect, files);
  together(comm, [&] { return csv_layout(spec, names); });
  together(comm, [&] {
    if (comm.rank() == 0) read_sample(spec, files.front(), dialect, names, sample);
  });
  return sample;
}

}  // namespace tessera
