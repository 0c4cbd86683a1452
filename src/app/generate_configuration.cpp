// SPDX-License-Identifier: Apache-2.0
#include "generate_configuration.hpp"

#include "tessera/generate/segments.hpp"

#include "quote.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::string_view kColumns = R"(
[table.column.birth_date]
type = "date"
[table.column.since]
type = "date"
[table.column.income]
type = "int"
min = 0
[table.column.balance_avg]
type = "float"
[table.column.transactions]
type = "int"
[table.column.logins_90d]
type = "int"
[table.column.card_share]
type = "float"
min = 0
max = 1
[table.column.utilisation]
type = "float"
min = 0
max = 1
[table.column.sex]
[table.column.region]
[table.column.job]
[table.column.education]
[table.column.marital]
[table.column.channel_pref]
)";

constexpr std::string_view kFeatures = R"(
[[feature]]
column = "birth_date"
[[feature]]
column = "income"
transform = "log1p"
[[feature]]
column = "balance_avg"
transform = "rank"
[[feature]]
column = "logins_90d"
transform = "log1p"
[[feature]]
column = "utilisation"
)";

constexpr std::string_view kMining = R"(
[itemsets]
min_support = "1%"
kind = "closed"
max_length = 4

[rules]
min_confidence = 0.4
min_lift = 1.2
min_improvement = 0.05
)";

}  // namespace

std::string segments_configuration(generate::BankSpec const& bank, generate::BankFiles const& files) {
  auto const quarter = bank.quarter(bank.quarters - 1);
  auto const path = files.folder + "/" + generate::part_name(quarter.name(), "customers", files.format, -1);
  std::string flags, items;
  for (auto const& product : generate::kProductNames) {
    flags += fmt::format("[table.column.{}]\n", product);
    items += fmt::format(", \"{}\"", product);
  }
  return fmt::format(
      "# Segments of a synthetic bank's customers in {0}; truth/segments.csv has the planted ones.\n"
      "# Another quarter: change as_of and path.\n"
      "[run]\nname = \"Synthetic bank {0}\"\nas_of = {1}-{2:02}-30\nseed = 42\noutput = {3}\n\n"
      "[[table]]\nname = \"customers\"\npath = [{4}]\n{5}key = \"customer_id\"\n{6}{7}{8}\n"
      "[kmeans]\nk = {9}\nrestarts = 8\n\n"
      "[items]\ncolumns = [\"sex\", \"job\", \"education\", \"marital\", \"channel_pref\"{10}]\n{11}",
      quarter.name(), quarter.year, 3 * quarter.number, quote(files.folder + "/segments.h5"), quote(path),
      files.format == TableFileFormat::csv ? "" : "format = \"hdf5\"\ndataset = \"/customers\"\n", kColumns,
      flags, kFeatures, generate::kSegments, items, kMining);
}

}  // namespace tessera
