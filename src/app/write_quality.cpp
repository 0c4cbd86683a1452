// SPDX-License-Identifier: Apache-2.0
#include "write_quality.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "choices.hpp"
#include "write_lists.hpp"

namespace tessera {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// The features as they were made from columns, scores left out.
std::vector<Feature> made_features(Findings const& found) {
  std::vector<Feature> out;
  for (auto const& feature : found.reduction ? found.reduction->inputs : found.features.features) {
    if (feature.kind == FeatureKind::value) out.push_back(feature);
  }
  return out;
}

void write_tables(ResultFile& file, std::vector<TableQuality> const& tables) {
  auto const list = [&](std::string const& name, auto&& field, std::string const& text,
                        std::string const& units) {
    write_list(file, "/quality/tables/" + name, collect(tables, field), {text, units, "tables"});
  };
  list("name", &TableQuality::name, "tables", "1");
  list("records", &TableQuality::records, "data records read", "records");
  list("rejected", &TableQuality::rejected, "records set aside", "records");
  list("duplicates", &TableQuality::duplicates, "rows dropped because another has the same id", "rows");
  list("rows", &TableQuality::rows, "rows that are left", "rows");
}

/// Customers of each column whose missing value some feature imputes.
std::vector<std::uint64_t> imputed_in(std::vector<ColumnQuality> const& columns,
                                      std::vector<Feature> const& features) {
  std::vector<std::uint64_t> out;
  for (auto const& column : columns) {
    bool const used = std::any_of(features.begin(), features.end(),
                                  [&](Feature const& feature) { return feature.spec.column == column.name; });
    out.push_back(used ? column.missing : 0);
  }
  return out;
}

void write_columns(ResultFile& file, std::vector<ColumnQuality> const& columns,
                   std::vector<Feature> const& features) {
  auto const put = [&](std::string const& name, auto const& values, std::string const& text,
                       std::string const& units) {
    write_list(file, "/quality/columns/" + name, values, {text, units, "columns"});
  };
  auto const list = [&](std::string const& name, auto&& field, std::string const& text,
                        std::string const& units) { put(name, collect(columns, field), text, units); };
  put("table", std::vector<std::int32_t>(columns.size(), 0), "index into /quality/tables/name", "1");
  list("name", &ColumnQuality::name, "columns", "1");
  list(
      "type",
      [](ColumnQuality const& c) { return std::string(schema::name_of(schema::kColumnTypes, c.type)); },
      "type of the column", "1");
  list("missing", &ColumnQuality::missing, "rows without a value in the end", "rows");
  list("out_of_range", &ColumnQuality::out_of_range, "values read outside [min, max]", "records");
  list("rejected", &ColumnQuality::rejected, "records rejected for this column", "records");
  list("distinct", &ColumnQuality::distinct, "different values in the end, exactly", "values");
  list("cleaned", &ColumnQuality::cleaned, "rows whose category was trimmed, folded, mapped or made missing",
       "rows");
  list("folded", &ColumnQuality::folded, "rows whose rare category became another", "rows");
  put("imputed", imputed_in(columns, features), "rows whose missing value a feature imputes", "rows");
  list(
      "drift", [](ColumnQuality const& c) { return c.drift.value_or(kUnknown); },
      "population stability index since the previous run; NaN: not known", "1");
}

void write_rejects(ResultFile& file, std::vector<RejectCount> const& rejects) {
  auto const list = [&](std::string const& name, auto&& field, std::string const& text,
                        std::string const& units) {
    write_list(file, "/quality/rejects/" + name, collect(rejects, field), {text, units, "kinds of rejects"});
  };
  list(
      "column", [](RejectCount const& r) { return r.column; },
      "index into /quality/columns/name; -1: the record as a whole", "1");
  list(
      "reason", [](RejectCount const& r) { return std::string(to_string(r.reason)); }, "why", "1");
  list(
      "records", [](RejectCount const& r) { return r.records; }, "records set aside", "records");
}

void write_bins(ResultFile& file, std::vector<ColumnQuality> const& columns) {
  std::vector<std::int32_t> column;
  std::vector<std::uint8_t> kind;
  std::vector<double> lower;
  std::vector<std::string> category;
  std::vector<std::uint64_t> count;
  auto const add = [&](std::size_t c, BinKind of, double edge, std::string const& value, std::uint64_t rows) {
    column.push_back(static_cast<std::int32_t>(c));
    kind.push_back(static_cast<std::uint8_t>(of));
    lower.push_back(edge);
    category.push_back(value);
    count.push_back(rows);
  };
  for (std::size_t c = 0; c < columns.size(); ++c) {
    auto const& bins = columns[c].distribution;
    if (columns[c].type == ColumnType::id) continue;
    add(c, BinKind::missing, kUnknown, "", bins.missing);
    for (std::size_t b = 0; b < bins.lower.size(); ++b)
      add(c, BinKind::interval, bins.lower[b], "", bins.count[b]);
    for (std::size_t b = 0; b < bins.category.size(); ++b)
      add(c, BinKind::category, kUnknown, bins.category[b], bins.count[b]);
    add(c, BinKind::rest, kUnknown, "", bins.rest);
  }
  auto const list = [&](std::string const& name, auto const& values, std::string const& text,
                        std::string const& units) {
    write_list(file, "/quality/bins/" + name, values, {text, units, "bins"});
  };
  list("column", column, "index into /quality/columns/name", "1");
  list("kind", kind, "0: missing; 1: from lower to the next bin's; 2: category; 3: all other values", "1");
  list("lower", lower, "inclusive lower edge, a decile; NaN for other kinds", "raw");
  list("category", category, "value of a category column; empty for other kinds", "1");
  list("count", count, "customers", "customers");
}

void write_feature_counts(ResultFile& file, std::vector<Feature> const& features) {
  auto const list = [&](std::string const& name, auto&& field, std::string const& text,
                        std::string const& units) {
    write_list(file, "/quality/features/" + name, collect(features, field), {text, units, "features"});
  };
  list(
      "name", [](Feature const& f) { return f.spec.name; }, "features made of a column", "1");
  list(
      "column", [](Feature const& f) { return f.spec.column; }, "their columns", "1");
  list(
      "imputed", [](Feature const& f) { return f.raw.missing; }, "customers whose value is imputed",
      "customers");
  list("winsorised", &Feature::winsorised, "customers whose value was moved to a quantile", "customers");
}

}  // namespace

void write_quality(ResultFile& file, Findings const& found, Configuration const& configuration) {
  auto const features = made_features(found);
  write_tables(file, {found.quality});
  write_columns(file, found.quality.columns, features);
  write_rejects(file, found.quality.rejects);
  write_bins(file, found.quality.columns);
  if (!features.empty()) write_feature_counts(file, features);
  if (!configuration.quality.previous.empty())
    file.attribute("/quality", "previous", configuration.quality.previous);
}

}  // namespace tessera
