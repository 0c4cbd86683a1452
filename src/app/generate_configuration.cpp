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

constexpr std::string_view kCustomerColumns = R"([table.column.birth_date]
type = "date"
[table.column.logins_90d]
type = "int"
[table.column.job]
[table.column.channel_pref]
)";

constexpr std::string_view kTransactionColumns = R"(date = "date"
[table.column.date]
type = "date"
[table.column.amount]
type = "float"
[table.column.balance]
type = "float"
[table.column.type]
[table.column.channel]
[table.column.category]
)";

constexpr std::string_view kCreditColumns = R"(date = "month"
[table.column.month]
type = "date"
[table.column.limit]
type = "float"
[table.column.used]
type = "float"
[table.column.days_past_due]
type = "int"
)";

constexpr std::string_view kAggregates = R"(
[[feature]]
column = "birth_date"
[[feature]]
column = "logins_90d"
transform = "log1p"
[[feature]]
name = "income_92d"
table = "transactions"
aggregate = "sum"
column = "amount"
where = { type = ["salary", "pension", "invoice"] }
window_days = 92
transform = "log1p"
[[feature]]
name = "balance_mean"
table = "transactions"
aggregate = "time_mean"
column = "balance"
window_days = 92
transform = "rank"
[[feature]]
name = "used"
table = "credit"
aggregate = "sum"
column = "used"
cluster = false
[[feature]]
name = "limit"
table = "credit"
aggregate = "sum"
column = "limit"
cluster = false
[[feature]]
name = "utilisation"
ratio = ["used", "limit"]
impute = "constant"
impute_value = 0
[[feature]]
name = "payments_92d"
table = "transactions"
aggregate = "count"
where = { type = ["card", "atm", "transfer"] }
window_days = 92
transform = "log1p"
cluster = false
[[feature]]
name = "spending_trend"
table = "transactions"
aggregate = "trend"
column = "amount"
where = { type = ["card", "atm", "transfer"] }
window_days = 92
cluster = false
[[feature]]
name = "online_share"
table = "transactions"
aggregate = "share"
column = "channel"
category = ["web", "mobile"]
cluster = false
[[feature]]
name = "worst_days_past_due"
table = "credit"
aggregate = "max"
column = "days_past_due"
cluster = false
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

/// [run] and what is not about columns.
std::string head(generate::BankSpec const& bank, generate::BankFiles const& files, std::string_view result) {
  auto const quarter = bank.quarter(bank.quarters - 1);
  return fmt::format("[run]\nname = \"Synthetic bank {0}\"\nas_of = {1}-{2:02}-30\nseed = 42\noutput = {3}\n",
                     quarter.name(), quarter.year, 3 * quarter.number,
                     quote(files.folder + "/" + std::string(result)));
}

/// A table of the last quarter, up to its columns.
std::string table(generate::BankSpec const& bank, generate::BankFiles const& files, std::string_view name) {
  auto const quarter = bank.quarter(bank.quarters - 1).name();
  return fmt::format("\n[[table]]\nname = \"{0}\"\npath = [{1}]\n{2}key = \"customer_id\"\n", name,
                     quote(files.folder + "/" + generate::part_name(quarter, name, files.format, -1)),
                     files.format == TableFileFormat::csv
                         ? ""
                         : fmt::format("format = \"hdf5\"\ndataset = \"/{}\"\n", name));
}

std::string kmeans() {
  return fmt::format("\n[kmeans]\nk = {}\nrestarts = 8\n", generate::kSegments);
}

}  // namespace

std::string segments_configuration(generate::BankSpec const& bank, generate::BankFiles const& files) {
  std::string flags, items;
  for (auto const& product : generate::kProductNames) {
    flags += fmt::format("[table.column.{}]\n", product);
    items += fmt::format(", \"{}\"", product);
  }
  return "# Segments by the customers table alone; truth/segments.csv has the planted ones.\n"
         "# Another quarter: change as_of and path.\n" +
         head(bank, files, "segments.h5") + table(bank, files, "customers") + std::string(kColumns) + flags +
         std::string(kFeatures) + kmeans() +
         fmt::format(
             "\n[items]\ncolumns = [\"sex\", \"job\", \"education\", \"marital\", \"channel_pref\"{}]\n{}",
             items, kMining);
}

std::string features_configuration(generate::BankSpec const& bank, generate::BankFiles const& files) {
  return "# Segments by aggregates of transactions and credit; truth/segments.csv has the planted ones.\n" +
         head(bank, files, "features.h5") + table(bank, files, "customers") + std::string(kCustomerColumns) +
         table(bank, files, "transactions") + std::string(kTransactionColumns) +
         table(bank, files, "credit") + std::string(kCreditColumns) + std::string(kAggregates) + kmeans() +
         "\n[items]\ncolumns = [\"job\", \"channel_pref\"]\n";
}

}  // namespace tessera
