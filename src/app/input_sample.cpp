// SPDX-License-Identifier: Apache-2.0
#include "input_sample.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/csv_text.hpp"
#include "tessera/io/file_list.hpp"
#include "tessera/io/parse_field.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace tessera {

namespace {

using Parser = ParsedField (*)(std::string_view);
constexpr std::array<std::pair<ColumnType, Parser>, 4> kParsers{
    {{ColumnType::integer, [](std::string_view text) { return parse_integer(text); }},
     {ColumnType::real, [](std::string_view text) { return parse_real(text); }},
     {ColumnType::date, [](std::string_view text) { return parse_date(text); }},
     {ColumnType::datetime, [](std::string_view text) { return parse_datetime(text); }}}};

/// Narrows the type of one column, value by value.
class ColumnGuess {
 public:
  explicit ColumnGuess(std::vector<std::string> missing) : missing_tokens_(std::move(missing)) {
    fits_.fill(true);
  }

  void add(std::string_view text) {
    if (missing_tokens_.contains(text)) {
      ++missing_;
      return;
    }
    distinct_.emplace(text);
    for (std::size_t i = 0; i < kParsers.size(); ++i) {
      fits_[i] = fits_[i] && !kParsers[i].second(trimmed(text)).problem;
    }
  }

  [[nodiscard]] SampledColumn result(std::string name) const {
    SampledColumn column{std::move(name), ColumnType::category, missing_, distinct_.size()};
    for (std::size_t i = kParsers.size(); i-- > 0;) {
      if (fits_[i] && !distinct_.empty()) column.type = kParsers[i].first;
    }
    return column;
  }

 private:
  MissingTokens missing_tokens_;
  std::array<bool, kParsers.size()> fits_{};
  std::uint64_t missing_ = 0;
  std::unordered_set<std::string> distinct_;
};

std::vector<std::string> missing_tokens(TableSpec const& spec, std::string const& column) {
  for (auto const& declared : spec.columns) {
    if (declared.name == column) return declared.missing;
  }
  return {""};
}

void read_sample(TableSpec const& spec, FileEntry const& file, CsvDialect const& dialect,
                 std::vector<std::string> const& names, InputSample& sample) {
  constexpr std::size_t kWindowBytes = 1 << 20;
  std::vector<ColumnGuess> guesses;
  for (auto const& name : names) guesses.emplace_back(missing_tokens(spec, name));
  CsvRecords records(open_content(file), file.path, dialect, {}, ~std::uint64_t{0}, kWindowBytes);
  CsvRecord record;
  std::string scratch;
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
      if (!record.has_quote(i)) {
        guesses[i].add(field);
      } else if (is_well_quoted(field)) {
        guesses[i].add(unquoted(field, scratch));
      }
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) sample.columns.push_back(guesses[i].result(names[i]));
}

}  // namespace

InputSample sample_input(Communicator const& comm, TableSpec const& spec) {
  auto const files = list_files(comm, spec.path, "table '" + spec.name + "'");
  auto const dialect = together(comm, [&] { return csv_dialect(spec); });
  auto const names = column_names(comm, spec, dialect, files);
  together(comm, [&] { return csv_layout(spec, names); });
  InputSample sample;
  sample.files = files.size();
  for (auto const& file : files) sample.bytes += file.bytes;
  together(comm, [&] {
    if (comm.rank() == 0) read_sample(spec, files.front(), dialect, names, sample);
  });
  return sample;
}

}  // namespace tessera
