// SPDX-License-Identifier: Apache-2.0
#include "plan_workload.hpp"

#include "tessera/core/key.hpp"
#include "tessera/prep/aggregate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "customer_view.hpp"
#include "feature_count.hpp"

namespace tessera::plan {

namespace {

// Text of a field with its delimiter, where nobody says how long records are.
constexpr double kNumberText = 9, kCategoryText = 9, kIdText = 13;

double column_bytes(ColumnType type) {
  switch (type) {
    case ColumnType::category:
      return sizeof(std::int32_t);
    case ColumnType::id:
      return sizeof(std::optional<Key>);
    default:
      return sizeof(double);
  }
}

double text_bytes(ColumnType type) {
  switch (type) {
    case ColumnType::category:
      return kCategoryText;
    case ColumnType::id:
      return kIdText;
    default:
      return kNumberText;
  }
}

/// What becomes of the other tables, and what of the customers' view is written.
void tell_view(Configuration const& configuration, Workload& out) {
  auto const columns = customer_view(configuration).columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    double const bytes = column_bytes(columns[i].type);
    if (i >= configuration.customers().columns.size()) out.view_bytes += bytes;
    bool const written = configuration.run.write_features && columns[i].type != ColumnType::id &&
                         !is_sensitive_in_view(configuration, columns[i].name);
    if (written) out.result_bytes += bytes;
  }
  out.other_tables = configuration.tables.size() - 1;
  for (auto const& table : configuration.tables) {
    auto const fold = AggregateFold(table, aggregates_of(configuration, table), 0);
    out.accumulator_bytes = std::max(out.accumulator_bytes, static_cast<double>(fold.bytes_a_customer()));
  }
}

}  // namespace

Workload workload_of(Configuration const& configuration, double customers) {
  Workload out;
  out.customers = customers;
  out.columns = most_features(configuration);
  out.built_columns = built_features(configuration);
  if (out.columns > 0) out.k = configuration.kmeans.k;
  out.restarts = configuration.kmeans.restarts;
  out.together = configuration.kmeans.together;
  out.iterations = std::min<std::uint64_t>(out.iterations, configuration.kmeans.max_iterations);
  out.init = configuration.kmeans.init;
  if (configuration.kmeans_precision == Precision::twice) out.value_bytes = sizeof(double);
  // In the precision of the matrix, and in double for the segments' means.
  if (!configuration.kmeans_weight.empty()) out.weight_bytes = out.value_bytes + sizeof(double);

  auto const& table = configuration.customers();
  out.table_columns = static_cast<double>(table.columns.size());
  out.table_bytes = out.widest_column = kKeyBytes;
  out.input_bytes = table.key.empty() ? 0 : kIdText;
  for (auto const& column : table.columns) {
    out.table_bytes += column_bytes(column.type);
    out.widest_column = std::max(out.widest_column, column_bytes(column.type));
    out.input_bytes += text_bytes(column.type);
  }
  tell_view(configuration, out);
  std::size_t const items = configuration.items.columns.size() + configuration.items.bins.size();
  if (items > 0) {
    out.basket_bytes = sizeof(std::size_t) + sizeof(std::int32_t) * static_cast<double>(items);
    out.mining_bytes = static_cast<double>(configuration.itemsets.max_memory);
  }
  out.result_bytes += kKeyBytes + (out.columns > 0 ? kBestModelBytes : 0.0);
  return out;
}

Workload workload_of_matrix(double customers, std::uint64_t columns, std::vector<std::uint64_t> k,
                            double value_bytes) {
  Workload out;
  out.customers = customers;
  out.columns = out.built_columns = columns;
  out.k = std::move(k);
  out.value_bytes = value_bytes;
  out.input_bytes = value_bytes * static_cast<double>(columns);
  out.result_bytes = kBestModelBytes;
  return out;
}

}  // namespace tessera::plan
