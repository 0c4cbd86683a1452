// SPDX-License-Identifier: Apache-2.0
#include "customer_view.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/parse_field.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tessera {

std::int32_t days_of(std::string const& date) {
  auto const parsed = parse_date(date);
  if (parsed.problem) throw BugError(fmt::format("the configuration's date {} is none", date));
  return static_cast<std::int32_t>(parsed.value);
}

AggregateSpec aggregate_spec(Configuration const& configuration, FeatureSection const& feature) {
  AggregateSpec out;
  out.name = feature.name;
  out.kind = feature.aggregate;
  out.column = feature.column;
  out.where = feature.where;
  out.category = feature.category;
  auto const& as_of = feature.as_of.empty() ? configuration.run.as_of : feature.as_of;
  if (!as_of.empty()) out.as_of = days_of(as_of);
  out.window_days = feature.window_days;
  out.against_days = feature.against_days;
  return out;
}

std::vector<AggregateSpec> aggregates_of(Configuration const& configuration, TableSpec const& table) {
  std::vector<AggregateSpec> out;
  for (auto const& feature : configuration.features) {
    if (feature.aggregate != Aggregate::none && feature.table == table.name)
      out.push_back(aggregate_spec(configuration, feature));
  }
  return out;
}

std::string const& view_column(FeatureSection const& feature) {
  return feature.is_derived() || feature.aggregate != Aggregate::none ? feature.name : feature.column;
}

bool makes_columns(Configuration const& configuration) {
  auto const& features = configuration.features;
  return std::any_of(features.begin(), features.end(), [](FeatureSection const& feature) {
    return feature.is_derived() || feature.aggregate != Aggregate::none;
  });
}

std::vector<DerivedSpec> derived_features(Configuration const& configuration) {
  auto const column = [&](std::string const& operand) {
    for (auto const& feature : configuration.features) {
      if (feature.name == operand) return view_column(feature);
    }
    return operand;
  };
  std::vector<DerivedSpec> out;
  for (auto const& feature : configuration.features) {
    if (!feature.is_derived()) continue;
    auto& spec = out.emplace_back();
    spec.name = feature.name;
    spec.best = feature.best;
    if (!feature.quintile.empty()) {
      spec.kind = Derivation::quintile;
      spec.operands = {column(feature.quintile)};
      continue;
    }
    spec.kind = feature.ratio.empty() ? Derivation::difference : Derivation::ratio;
    for (auto const& operand : feature.ratio.empty() ? feature.difference : feature.ratio)
      spec.operands.push_back(column(operand));
  }
  return out;
}

std::vector<FeatureSpec> clustered_features(Configuration const& configuration) {
  std::vector<FeatureSpec> out;
  for (auto const& feature : configuration.features) {
    if (!feature.cluster) continue;
    auto& spec = out.emplace_back(feature);
    spec.column = view_column(feature);
    spec.table = configuration.customers().name;
  }
  return out;
}

bool is_sensitive_in_view(Configuration const& configuration, std::string const& column) {
  auto const& customers = configuration.customers();
  for (auto const& feature : configuration.features) {
    if (feature.name != column) continue;
    if (feature.aggregate == Aggregate::none) continue;
    auto const sensitive = [&](std::string const& of) {
      return is_sensitive(configuration, feature.table, of);
    };
    return sensitive(feature.column) ||
           std::any_of(feature.where.begin(), feature.where.end(),
                       [&](Condition const& condition) { return sensitive(condition.column); });
  }
  for (auto const& derived : derived_features(configuration)) {
    if (derived.name != column) continue;
    return std::any_of(derived.operands.begin(), derived.operands.end(), [&](std::string const& operand) {
      return is_sensitive_in_view(configuration, operand);
    });
  }
  return is_sensitive(configuration, customers.name, column);
}

TableSpec customer_view(Configuration const& configuration) {
  auto out = configuration.customers();
  for (auto const& feature : configuration.features) {
    ColumnSpec column;
    column.name = feature.name;
    column.type = feature.quintile.empty() ? ColumnType::real : ColumnType::integer;
    if (feature.aggregate == Aggregate::none && !feature.is_derived()) continue;
    if (feature.aggregate != Aggregate::none) {
      auto const& tables = configuration.tables;
      auto const table = std::find_if(tables.begin(), tables.end(),
                                      [&](TableSpec const& t) { return t.name == feature.table; });
      column.type = aggregate_type(*table, aggregate_spec(configuration, feature));
    }
    out.columns.push_back(std::move(column));
  }
  return out;
}

}  // namespace tessera
