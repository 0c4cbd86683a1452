// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/table_stream.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "cleaned_categories.hpp"
#include "table_parser.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// What cannot be read in rounds: the key of a row without an id is its ordinal, known when all is read.
TableSpec const& with_key(TableSpec const& spec) {
  if (!spec.key.empty()) return spec;
  throw ConfigurationError(fmt::format("table '{}' has no key", spec.name),
                           "its rows have to be brought to their customers",
                           "set key to the column that says whose a row is");
}

}  // namespace

struct TableStream::State {
  State(Communicator const& ranks, TableSpec const& table, KeyHasher const& hash, Progress& progress,
        StreamOptions const& options)
      : comm(ranks),
        spec(table),
        rows_a_round(std::max<std::uint64_t>(1, options.rows_a_round)),
        parser(open_table(comm, with_key(spec), hash, progress, options.portions, options.listed_rejects)) {
    parser->rows().keep_places();
    for (std::size_t column = 0; column < spec.columns.size(); ++column) {
      if (spec.columns[column].type == ColumnType::category)
        cleaned.try_emplace(column, spec.columns[column]);
    }
  }

  Communicator comm;
  TableSpec spec;
  std::uint64_t rows_a_round;
  std::unique_ptr<TableParser> parser;
  std::vector<RowPlace> places;                              // [rows of the last round]
  std::map<std::size_t, detail::CleanedCategories> cleaned;  // by column
};

TableStream::TableStream(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                         Progress& progress, StreamOptions const& options)
    : state_(std::make_unique<State>(comm, spec, hash, progress, options)) {}

TableStream::~TableStream() = default;

bool TableStream::next(Table& rows) {
  State& s = *state_;
  rows = {};
  s.places = {};
  auto const parsed = together(s.comm, [&] { return s.parser->parse(s.rows_a_round); });
  bool const any = all_reduce(s.comm, parsed, Reduce::maximum) > 0;
  if (!any) return false;
  s.places = s.parser->rows().take_places();
  rows = s.parser->rows().take(s.comm);
  together(s.comm, [&] {
    for (auto& [column, values] : s.cleaned) {
      values.clean(std::get<CategoryColumn>(rows.columns[column].data), s.parser->rows().categories(column));
    }
  });
  return true;
}

std::vector<std::string> const& TableStream::categories(std::size_t column) const {
  return state_->cleaned.at(column).categories();
}

void TableStream::reject(std::span<std::uint32_t const> rows, RejectReason reason) {
  State& s = *state_;
  std::vector<Reject> rejects;
  rejects.reserve(rows.size());
  for (auto const row : rows) {
    RowPlace const& place = s.places[row];
    rejects.push_back({place.record, place.file, s.parser->rows().key_column(), reason});
  }
  s.parser->rows().rejects().add(rejects);
}

TableRead TableStream::finish() {
  return state_->parser->finish();
}

}  // namespace tessera
