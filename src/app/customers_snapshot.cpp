// SPDX-License-Identifier: Apache-2.0
#include "customers_snapshot.hpp"

#include "tessera/core/archive.hpp"
#include "tessera/data/redistribute.hpp"
#include "tessera/io/result_file.hpp"
#include "tessera/io/result_reader.hpp"
#include "tessera/io/verify_digests.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace tessera {

template <class Archive, Same<InputFile> Value>
void fields(Archive& archive, Value& file) {
  archive(file.path, file.bytes, file.records, file.digest);
}
template <class Archive, Same<TableRead> Value>
void fields(Archive& archive, Value& read) {
  archive(read.table.name, read.files, read.records, read.rejected, read.out_of_range);
}
template <class Archive, Same<OtherTables> Value>
void fields(Archive& archive, Value& others) {
  archive(others.read, others.warnings);
}
template <class Archive, Same<BinCounts> Value>
void fields(Archive& archive, Value& bins) {
  archive(bins.lower, bins.category, bins.count, bins.missing, bins.rest);
}
template <class Archive, Same<ColumnQuality> Value>
void fields(Archive& archive, Value& column) {
  archive(column.name, column.type, column.out_of_range, column.rejected, column.cleaned, column.folded,
          column.missing, column.distinct, column.distribution, column.drift);
}
template <class Archive, Same<RejectCount> Value>
void fields(Archive& archive, Value& count) {
  archive(count.column, count.reason, count.records);
}
template <class Archive, Same<TableQuality> Value>
void fields(Archive& archive, Value& quality) {
  archive(quality.name, quality.records, quality.rejected, quality.duplicates, quality.rows, quality.columns,
          quality.rejects);
}

namespace {

/// What a column has besides its rows.
struct ColumnHead {
  std::string name;
  ColumnType type = ColumnType::real;
  std::uint64_t kind = 0;  ///< of Column::data
  std::vector<std::string> categories;
};
template <class Archive, Same<ColumnHead> Value>
void fields(Archive& archive, Value& head) {
  archive(head.name, head.type, head.kind, head.categories);
}

/// All that every rank knows alike.
struct Head {
  std::string table;
  std::uint64_t duplicates = 0;
  TableQuality quality;
  TableRead read;
  OtherTables others;
  std::vector<ColumnHead> columns;
};
template <class Archive, Same<Head> Value>
void fields(Archive& archive, Value& head) {
  archive(head.table, head.duplicates, head.quality, head.read, head.others, head.columns);
}

constexpr char kHead[] = "/head";
Description const kRows{"as the run that was stopped had it", "1", "customers"};

Head head_of(PreparedCustomers const& customers) {
  Head head{customers.placed.table.name, customers.placed.duplicates, customers.quality, {}, {}, {}};
  auto const facts_of = [](TableRead const& read) {
    TableRead facts;
    facts.table.name = read.table.name;
    facts.files = read.files;
    facts.records = read.records;
    facts.rejected = read.rejected;
    facts.out_of_range = read.out_of_range;
    return facts;
  };
  head.read = facts_of(customers.read);
  for (auto const& other : customers.others.read) head.others.read.push_back(facts_of(other));
  head.others.warnings = customers.others.warnings;
  for (auto const& column : customers.placed.table.columns) {
    auto& of = head.columns.emplace_back();
    of.name = column.name;
    of.type = column.type;
    of.kind = column.data.index();
    if (auto const* const category = std::get_if<CategoryColumn>(&column.data))
      of.categories = category->categories;
  }
  return head;
}

std::string column_dataset(std::size_t column, std::string_view part) {
  return fmt::format("/column/{}/{}", column, part);
}

/// One part of each row of `of`, as a dataset.
template <class T, class From, class Part>
void write_part(ResultFile& file, std::string const& dataset, RowBlocks const& blocks,
                std::vector<From> const& of, Part const& part) {
  std::vector<T> values(of.size());
  std::transform(of.begin(), of.end(), values.begin(), part);
  file.write_rows(dataset, blocks, std::span<T const>(values), {}, kRows);
}

void write_column(ResultFile& file, std::size_t number, Column const& column, RowBlocks const& blocks) {
  if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
    file.write_rows(column_dataset(number, "value"), blocks, std::span<double const>(numbers->values), {},
                    kRows);
  } else if (auto const* const categories = std::get_if<CategoryColumn>(&column.data)) {
    file.write_rows(column_dataset(number, "value"), blocks, std::span<std::int32_t const>(categories->codes),
                    {}, kRows);
  } else {
    auto const& keys = std::get<KeyColumn>(column.data).keys;
    using MaybeKey = std::optional<Key>;
    write_part<std::uint8_t>(file, column_dataset(number, "present"), blocks, keys,
                             [](MaybeKey const& key) { return static_cast<std::uint8_t>(key.has_value()); });
    write_part<std::uint64_t>(file, column_dataset(number, "high"), blocks, keys,
                              [](MaybeKey const& key) { return key ? key->high : 0; });
    write_part<std::uint64_t>(file, column_dataset(number, "low"), blocks, keys,
                              [](MaybeKey const& key) { return key ? key->low : 0; });
  }
}

void read_column(ResultReader const& reader, std::size_t number, ColumnHead const& head,
                 RowBlocks const& blocks, Column& column) {
  column.name = head.name;
  column.type = head.type;
  if (head.kind == 0) {
    column.data = NumberColumn{reader.read_rows<double>(column_dataset(number, "value"), blocks)};
  } else if (head.kind == 1) {
    column.data = CategoryColumn{reader.read_rows<std::int32_t>(column_dataset(number, "value"), blocks),
                                 head.categories};
  } else {
    auto const present = reader.read_rows<std::uint8_t>(column_dataset(number, "present"), blocks);
    auto const high = reader.read_rows<std::uint64_t>(column_dataset(number, "high"), blocks);
    auto const low = reader.read_rows<std::uint64_t>(column_dataset(number, "low"), blocks);
    KeyColumn keys;
    keys.keys.resize(present.size());
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (present[i] != 0) keys.keys[i] = Key{high[i], low[i]};
    }
    column.data = std::move(keys);
  }
}

std::string rejects_dataset(std::size_t table) {
  return fmt::format("/rejects/{}", table);
}
constexpr std::size_t kRejectWords = 4;

void write_rejects(Communicator const& comm, ResultFile& file, std::size_t table,
                   std::vector<Reject> const& rejects) {
  auto const regular = to_regular_blocks(comm, std::span<Reject const>(rejects));
  std::vector<std::uint64_t> words;
  for (auto const& reject : regular.values) {
    words.insert(words.end(), {reject.record, reject.file, static_cast<std::uint64_t>(reject.column + 1),
                               static_cast<std::uint64_t>(reject.reason)});
  }
  file.write_rows(rejects_dataset(table), regular.blocks, std::span<std::uint64_t const>(words),
                  {kRejectWords}, {"record, file, column + 1, reason", "1", "rejects x 4"});
}

std::vector<Reject> read_rejects(ResultReader const& reader, std::size_t table) {
  auto const words =
      reader.read_rows<std::uint64_t>(rejects_dataset(table), reader.row_blocks(rejects_dataset(table)));
  std::vector<Reject> rejects;
  for (std::size_t i = 0; i < words.size(); i += kRejectWords) {
    rejects.push_back({words[i], static_cast<std::uint32_t>(words[i + 1]),
                       static_cast<std::int32_t>(words[i + 2]) - 1, static_cast<RejectReason>(words[i + 3])});
  }
  return rejects;
}

bool is_whole(ResultReader const& reader) {
  auto const checks = check_digests(reader);
  return std::all_of(checks.begin(), checks.end(),
                     [](DatasetCheck const& check) { return check.state == DigestState::ok; });
}

}  // namespace

void write_snapshot(Communicator const& comm, std::string const& path, PreparedCustomers const& customers) {
  ResultFile file(comm, path, Existing::replace);
  auto const head = saved(head_of(customers));
  std::span<std::uint8_t const> const bytes(reinterpret_cast<std::uint8_t const*>(head.data()), head.size());
  file.write(kHead, bytes, {bytes.size()}, {"what every rank knows alike", "1", "bytes"});
  auto const& table = customers.placed.table;
  write_part<std::uint64_t>(file, "/key/high", table.blocks, table.keys,
                            [](Key const& key) { return key.high; });
  write_part<std::uint64_t>(file, "/key/low", table.blocks, table.keys,
                            [](Key const& key) { return key.low; });
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    write_column(file, i, table.columns[i], table.blocks);
  write_rejects(comm, file, 0, customers.read.rejects);
  for (std::size_t t = 0; t < customers.others.read.size(); ++t)
    write_rejects(comm, file, t + 1, customers.others.read[t].rejects);
  file.commit();
}

std::optional<PreparedCustomers> read_snapshot(Communicator const& comm, std::string const& path) try {
  ResultReader const reader(comm, path);
  if (!is_whole(reader)) return std::nullopt;
  auto const bytes = reader.read<std::uint8_t>(kHead);
  auto head = loaded<Head>(std::as_bytes(std::span(bytes)));
  PreparedCustomers out;
  out.placed.duplicates = head.duplicates;
  out.quality = std::move(head.quality);
  out.read = std::move(head.read);
  out.others = std::move(head.others);
  auto& table = out.placed.table;
  table.name = std::move(head.table);
  table.blocks = reader.row_blocks("/key/high");
  auto const high = reader.read_rows<std::uint64_t>("/key/high", table.blocks);
  auto const low = reader.read_rows<std::uint64_t>("/key/low", table.blocks);
  table.keys.resize(high.size());
  for (std::size_t i = 0; i < high.size(); ++i) table.keys[i] = {high[i], low[i]};
  table.columns.resize(head.columns.size());
  for (std::size_t i = 0; i < head.columns.size(); ++i)
    read_column(reader, i, head.columns[i], table.blocks, table.columns[i]);
  out.read.rejects = read_rejects(reader, 0);
  for (std::size_t t = 0; t < out.others.read.size(); ++t)
    out.others.read[t].rejects = read_rejects(reader, t + 1);
  return out;
} catch (Error const& error) {
  if (error.code() != ExitCode::input) throw;
  return std::nullopt;  // damaged, or there is none
}

}  // namespace tessera
