// SPDX-License-Identifier: Apache-2.0
#include "readme.hpp"

#include "tessera/core/version.hpp"
#include "tessera/generate/anomalies.hpp"
#include "tessera/generate/credit_line.hpp"
#include "tessera/generate/sequences.hpp"
#include "tessera/generate/tables.hpp"

#include "truth.hpp"
#include <fmt/format.h>

namespace tessera::generate {

namespace {

std::string type_of(TableField const& field) {
  switch (field.type) {
    case FieldType::text:
      return "text";
    case FieldType::integer:
      return "integer";
    case FieldType::decimal:
      return fmt::format("decimal, {} places", field.digits);
    case FieldType::date:
      return "date";
  }
  return "";
}

void describe(std::string& out, TableLayout const& layout) {
  out += fmt::format(
      "\n### {}\nA row is {}.\n\n| column | type | may be missing | meaning |\n|---|---|---|---|\n",
      layout.name, layout.meaning);
  for (auto const& field : layout.fields) {
    out += fmt::format("| {} | {} | {} | {} |\n", field.name, type_of(field), field.optional ? "yes" : "",
                       field.meaning);
  }
}

}  // namespace

std::string readme_of(BankSpec const& spec, BankFiles const& files, std::vector<TableTotal> const& totals) {
  std::string out = fmt::format(
      "# A synthetic bank\n"
      "Made by `tessera generate --customers {} --seed {} --quarters {} --transactions-per-customer {} "
      "--parts {} "
      "--difficulty {} --format {}` (Tessera {}). Nobody in it exists. The same options make the same bytes "
      "on any "
      "number of ranks.\n\n"
      "`QUARTER/TABLE/part-NUMBER`: each part has a run of customers. `truth/`: what was planted. "
      "`segments.toml`, `features.toml`: configurations for `tessera run`.\n",
      spec.customers, spec.seed, spec.quarters, spec.transactions_per_customer, files.parts,
      spec.difficulty == Difficulty::easy ? "easy" : "realistic",
      files.format == TableFileFormat::csv ? "csv" : "hdf5", version());
  out +=
      files.format == TableFileFormat::csv
          ? "CSV: comma, header, `.` before decimals, dates as 2026-09-30, missing values empty.\n"
          : "HDF5: a group named like the table with one dataset a column; dates and ids are text, missing "
            "numbers NaN, missing texts empty.\n";
  out += "\n## Rows\n| quarter | table | rows |\n|---|---|---|\n";
  for (auto const& total : totals)
    out += fmt::format("| {} | {} | {} |\n", total.quarter, total.table, total.rows);
  out += "\n## Tables\n";
  for (auto const& table : tables()) describe(out, table.layout());
  out += "\n## Truth\n";
  for (auto const& layout : truth_layouts(spec)) describe(out, layout);
  out += fmt::format(
      "\n## What was planted\n"
      "Segments: {} archetypes; customers move between quarters as `truth/migration.csv` says, leave as "
      "`truth/churn.csv` says, and new ones come.\n"
      "Anomalies: {} % of customers a quarter. Sequences: steps {} to {} days apart; each step also occurs "
      "alone.\n"
      "Default within a year: logistic({} + {} utilisation + {} days_past_due + {} arrears {} ln(income / "
      "2000)) of "
      "the last quarter's last month, with the income that the customer may not tell.\n"
      "Distributions and their sources: docs/synthetic-bank.md of Tessera.\n",
      kSegments, 100 * kAnomalyShare, kLeastGap, kMostGap, kRiskLaw.intercept, kRiskLaw.utilisation,
      kRiskLaw.days_past_due, kRiskLaw.arrears, kRiskLaw.log_income);
  return out;
}

}  // namespace tessera::generate
