// SPDX-License-Identifier: Apache-2.0
#include "feature_source.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "columns.hpp"
#include "feature_checks.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

CategoryColumn const& categories(Table const& customers, FeatureSpec const& spec) {
  return categories_of(customers, spec.column, "feature " + spec.name);
}

/// *Collective.* The raw column of a feature that is one number a customer.
std::vector<double> raw_values(Communicator const& comm, Table const& customers,
                               FeatureSource const& source) {
  auto const& spec = *source.spec;
  return together(comm, [&] {
    if (spec.encode == Encode::frequency) return frequencies(categories(customers, spec), source.shares);
    auto const values = numbers_of(customers, spec.column, "feature " + spec.name);
    return std::vector<double>(values.begin(), values.end());
  });
}

/// *Collective.* 1 where the column has no value.
std::vector<double> missing_ones(Communicator const& comm, Table const& customers, FeatureSpec const& spec) {
  return together(comm, [&] {
    std::vector<double> out;
    out.reserve(customers.rows());
    if (spec.encode == Encode::none) {
      for (double const value : numbers_of(customers, spec.column, spec.name))
        out.push_back(std::isnan(value) ? 1.0 : 0.0);
    } else {
      for (auto const code : categories(customers, spec).codes)
        out.push_back(code == kMissingCode ? 1.0 : 0.0);
    }
    return out;
  });
}

/// *Collective.* Whether some customer has no category.
bool any_missing(Communicator const& comm, CategoryColumn const& column) {
  bool const here = std::find(column.codes.begin(), column.codes.end(), kMissingCode) != column.codes.end();
  return all_reduce(comm, here ? 1 : 0, Reduce::maximum) == 1;
}

/// The dictionary may also have categories whose only rows were repetitions of an id.
CategoryValues those_that_occur(CategoryValues const& shares) {
  CategoryValues out;
  for (std::size_t i = 0; i < shares.value.size(); ++i) {
    if (!(shares.value[i] > 0)) continue;
    out.category.push_back(shares.category[i]);
    out.value.push_back(shares.value[i]);
  }
  return out;
}

/// The specification of a feature that is made beside another's own.
FeatureSpec plain(FeatureSpec spec, std::string name) {
  spec.name = std::move(name);
  spec.transform = Transform::none;
  spec.scale = Scale::none;
  spec.winsorise.reset();
  spec.clip.reset();
  spec.weight = 1.0;
  return spec;
}

}  // namespace

std::optional<FeatureSource> survey_feature(Communicator const& comm, Table const& customers,
                                            FeatureSpec const& spec, std::vector<std::string>& warnings) {
  FeatureSource out{&spec, {}, {}, {}, false};
  if (spec.encode == Encode::onehot) {
    auto const& column = categories(customers, spec);
    out.chosen = choose_categories(comm, column, spec);
    if (out.chosen.left_out > 0) {
      warnings.push_back(fmt::format(
          "feature {}: {} categories with {} customers get no feature of their own (max_categories = {}, "
          "min_share = {})",
          spec.name, out.chosen.left_out, out.chosen.customers, spec.max_categories, spec.min_share));
    }
    bool const has_values = !out.chosen.categories.empty() || out.chosen.left_out > 0;
    out.indicated = spec.indicator && has_values && any_missing(comm, column);
    if (out.columns() > 0) return out;
    if (has_values) {
      warnings.push_back(fmt::format("feature {} is dropped: no category of column {} has a share of {}",
                                     spec.name, spec.column, spec.min_share));
      return std::nullopt;
    }
  } else {
    if (spec.encode == Encode::frequency) out.shares = category_shares(comm, categories(customers, spec));
    out.statistics = describe(comm, raw_values(comm, customers, out));
    out.indicated = spec.indicator && out.statistics.missing > 0;
    if (out.statistics.count > 0) return out;
  }
  warnings.push_back(
      fmt::format("feature {} is dropped: every value of column {} is missing", spec.name, spec.column));
  return std::nullopt;
}

void check_names(std::vector<FeatureSource> const& sources, Table const& customers) {
  std::set<std::string> names;
  for (auto const& source : sources) {
    if (source.spec->encode != Encode::onehot) names.insert(source.spec->name);
    if (source.indicated) names.insert(indicator_name(*source.spec));
  }
  for (auto const& source : sources) {
    if (source.spec->encode != Encode::onehot) continue;
    auto const& column = categories(customers, *source.spec);
    for (auto const category : source.chosen.categories) {
      auto const name = source.spec->name + "=" + column.categories[category];
      if (names.insert(name).second) continue;
      throw ConfigurationError(
          fmt::format("feature {} has a category that gives a name which is taken", source.spec->name),
          "results are found by their names", "rename one of the features");
    }
  }
}

template <class T>
void make_columns(Communicator const& comm, Table const& customers, FeatureSource const& source,
                  std::function<void(FeatureColumn)> const& take) {
  auto const& spec = *source.spec;
  if (spec.encode == Encode::onehot) {
    auto const& column = categories(customers, spec);
    for (auto const category : source.chosen.categories) {
      auto own = spec;
      own.name = spec.name + "=" + column.categories[category];
      own.impute = Impute::median;  // nothing is missing
      auto values = together(comm, [&] { return ones_of(column, category); });
      auto statistics = describe(comm, values);
      auto made = make_column<T>(comm, own, {std::move(values), std::move(statistics), nullptr});
      made.feature.spec = own;
      made.feature.kind = FeatureKind::category;
      made.feature.category = column.categories[category];
      take(std::move(made));
    }
  } else {
    auto const* const groups =
        spec.impute == Impute::group ? &categories_of(customers, spec.impute_by, spec.name) : nullptr;
    auto made = make_column<T>(comm, spec, {raw_values(comm, customers, source), source.statistics, groups});
    made.feature.frequency = those_that_occur(source.shares);
    take(std::move(made));
  }
  if (!source.indicated) return;
  FeatureColumn indicator;
  indicator.values = missing_ones(comm, customers, spec);
  indicator.feature.kind = FeatureKind::missing_indicator;
  indicator.feature.spec = plain(spec, indicator_name(spec));
  indicator.feature.raw = describe(comm, indicator.values);
  take(std::move(indicator));
}

template void make_columns<float>(Communicator const&, Table const&, FeatureSource const&,
                                  std::function<void(FeatureColumn)> const&);
template void make_columns<double>(Communicator const&, Table const&, FeatureSource const&,
                                   std::function<void(FeatureColumn)> const&);

}  // namespace tessera::detail
