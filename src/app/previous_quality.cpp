// SPDX-License-Identifier: Apache-2.0
#include "previous_quality.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/result_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "write_quality.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// The bins of all columns, one after another, as they are stored.
struct StoredBins {
  std::vector<std::int32_t> column;
  std::vector<std::uint8_t> kind;
  std::vector<double> lower;
  std::vector<std::string> category;
  std::vector<std::uint64_t> count;
};

InputError damaged(std::string const& path, std::string const& what) {
  return {fmt::format("quality.previous = \"{}\": {}", path, what),
          "drift is told against the distributions that an earlier run stored in /quality",
          "name the result file of a finished `tessera run`, or check the file with tessera verify"};
}

void add_bin(StoredBins const& bins, std::size_t i, BinCounts& out) {
  switch (static_cast<BinKind>(bins.kind[i])) {
    case BinKind::missing:
      out.missing = bins.count[i];
      return;
    case BinKind::rest:
      out.rest = bins.count[i];
      return;
    case BinKind::interval:
      out.lower.push_back(bins.lower[i]);
      break;
    case BinKind::category:
      out.category.push_back(bins.category[i]);
      break;
  }
  out.count.push_back(bins.count[i]);
}

/// NaN ascends to nothing.
template <class T>
bool ascends(std::vector<T> const& values) {
  return std::adjacent_find(values.begin(), values.end(), [](T const& a, T const& b) { return !(a < b); }) ==
         values.end();
}

/// Whether the bins can be counted in: all of one kind, in ascending order, and beginning where numbers do.
bool is_sound(BinCounts const& bins) {
  if (!bins.lower.empty() && !bins.category.empty()) return false;
  bool const begins = bins.lower.empty() || bins.lower.front() == -std::numeric_limits<double>::infinity();
  return begins && ascends(bins.lower) && ascends(bins.category);
}

std::vector<PreviousColumn> columns_of(std::string const& path, std::vector<std::string> const& tables,
                                       std::vector<std::int32_t> const& table,
                                       std::vector<std::string> const& names, StoredBins const& bins) {
  std::vector<PreviousColumn> all;
  if (table.size() != names.size()) throw damaged(path, "/quality/columns are not of one length");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (table[i] < 0 || static_cast<std::size_t>(table[i]) >= tables.size())
      throw damaged(path, "/quality/columns/table names no table");
    all.push_back({tables[static_cast<std::size_t>(table[i])], names[i], {}});
  }
  auto const size = bins.column.size();
  if (bins.kind.size() != size || bins.lower.size() != size || bins.category.size() != size ||
      bins.count.size() != size) {
    throw damaged(path, "/quality/bins are not of one length");
  }
  std::vector<char> has_bins(all.size());
  for (std::size_t i = 0; i < size; ++i) {
    bool const known = bins.column[i] >= 0 && static_cast<std::size_t>(bins.column[i]) < all.size() &&
                       bins.kind[i] <= static_cast<std::uint8_t>(BinKind::rest);
    if (!known) throw damaged(path, "/quality/bins are of unknown columns or kinds");
    auto const column = static_cast<std::size_t>(bins.column[i]);
    add_bin(bins, i, all[column].distribution);
    has_bins[column] = 1;
  }
  std::vector<PreviousColumn> out;
  for (std::size_t column = 0; column < all.size(); ++column) {
    if (!is_sound(all[column].distribution)) throw damaged(path, "/quality/bins are not in order");
    if (has_bins[column] != 0) out.push_back(std::move(all[column]));
  }
  return out;
}

}  // namespace

std::vector<PreviousColumn> load_previous_quality(Communicator const& comm, std::string const& path) {
  if (path.empty()) return {};
  ResultReader const reader(comm, path);
  together(comm, [&] {
    if (!reader.has("/quality/bins/count")) throw damaged(path, "the file has no /quality");
  });
  StoredBins bins;
  bins.column = reader.read<std::int32_t>("/quality/bins/column");
  bins.kind = reader.read<std::uint8_t>("/quality/bins/kind");
  bins.lower = reader.read<double>("/quality/bins/lower");
  bins.category = reader.read_strings("/quality/bins/category");
  bins.count = reader.read<std::uint64_t>("/quality/bins/count");
  auto const tables = reader.read_strings("/quality/tables/name");
  auto const table = reader.read<std::int32_t>("/quality/columns/table");
  auto const names = reader.read_strings("/quality/columns/name");
  return together(comm, [&] { return columns_of(path, tables, table, names, bins); });
}

void tell_drift(Communicator const& comm, Table const& customers, std::vector<PreviousColumn> const& previous,
                TableQuality& quality) {
  for (auto& column : quality.columns) {
    auto const before = std::find_if(previous.begin(), previous.end(), [&](PreviousColumn const& earlier) {
      return earlier.table == quality.name && earlier.name == column.name;
    });
    if (before == previous.end() || column.type == ColumnType::id) continue;
    auto const now = counted_again(comm, customers.column(column.name), before->distribution);
    column.drift = drift_between(before->distribution, now);
  }
}

}  // namespace tessera
