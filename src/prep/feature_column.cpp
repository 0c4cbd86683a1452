// SPDX-License-Identifier: Apache-2.0
#include "feature_column.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/moments.hpp"
#include "tessera/stats/quantiles.hpp"
#include "tessera/stats/rank.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "impute_by_group.hpp"
#include "winsorise.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

double reported_quantile(ColumnStatistics const& statistics, double probability) {
  auto const found = std::find(std::begin(kReportedQuantiles), std::end(kReportedQuantiles), probability);
  return statistics.quantiles[static_cast<std::size_t>(found - std::begin(kReportedQuantiles))];
}

/// *Collective.* `statistics`: of the raw column; `values`: the winsorised ones.
double imputed_value(Communicator const& comm, Feature const& feature, ColumnStatistics const& statistics,
                     std::span<double const> values) {
  bool const unchanged = feature.winsorised == 0;
  switch (feature.spec.impute) {
    case Impute::median:
    case Impute::group:
      return unchanged ? reported_quantile(statistics, 0.5)
                       : quantiles(comm, values, std::array{0.5}).front();
    case Impute::mean:
      return unchanged ? statistics.mean : moments(comm, values).mean;
    case Impute::constant:
      return feature.spec.impute_value;
  }
  throw BugError("an imputation without a value");
}

/// *Collective.* Throws when any customer's value is outside the domain of a function.
template <class Allowed>
void check_domain(Communicator const& comm, FeatureSpec const& spec, std::span<double const> values,
                  std::string_view function, std::string_view domain, Allowed&& allowed) {
  std::uint64_t outside = 0;
  for (auto const value : values) outside += allowed(value) ? 0 : 1;
  outside = all_reduce(comm, outside, Reduce::sum);
  if (outside == 0) return;
  throw ConfigurationError(
      fmt::format("feature {}: transform = \"{}\" of column {}, where {} values are not {}", spec.name,
                  function, spec.column, outside, domain),
      "the transform has no finite result there",
      "choose another transform (rank takes every number), set the column's min so that such rows are "
      "rejected, or "
      "check impute_value");
}

void transform(Communicator const& comm, FeatureSpec const& spec, std::vector<double>& values) {
  switch (spec.transform) {
    case Transform::none:
      return;
    case Transform::log1p:
      check_domain(comm, spec, values, "log1p", "above -1", [](double value) { return value > -1.0; });
      for (auto& value : values) value = std::log1p(value);
      return;
    case Transform::sqrt:
      check_domain(comm, spec, values, "sqrt", "0 or more", [](double value) { return value >= 0.0; });
      for (auto& value : values) value = std::sqrt(value);
      return;
    case Transform::rank:
      values = fractional_ranks(comm, values);
      return;
  }
}

/// *Collective.* Chooses center and spread from the transformed values. `known`: their statistics, when they
/// are the raw ones.
void choose_scale(Communicator const& comm, FeatureColumn& column, Moments const& moments,
                  ColumnStatistics const* known) {
  auto& feature = column.feature;
  switch (feature.spec.scale) {
    case Scale::none:
      return;
    case Scale::zscore:
      feature.center = moments.mean;
      feature.spread = moments.standard_deviation;
      return;
    case Scale::minmax:
      feature.center = moments.min;
      feature.spread = moments.max - moments.min;
      return;
    case Scale::robust: {
      constexpr std::array<double, 3> kQuartiles{0.25, 0.5, 0.75};
      std::vector<double> quartiles;
      if (known != nullptr) {
        for (auto const probability : kQuartiles) quartiles.push_back(reported_quantile(*known, probability));
      } else {
        quartiles = quantiles(comm, column.values, kQuartiles);
      }
      feature.center = quartiles[1];
      feature.spread = quartiles[2] - quartiles[0];
      if (feature.spread > 0.0) return;
      feature.spread = moments.standard_deviation;
      column.warnings.push_back(fmt::format(
          "feature {}: scale = \"robust\" divides by the interquartile range, which is 0 for column {}; "
          "the standard deviation is used instead",
          feature.spec.name, feature.spec.column));
      return;
    }
  }
}

/// *Collective.* Judges the column as the matrix will hold it. Its range is that of single precision in any
/// case: results tell distances in it.
template <class T>
void inspect(Communicator const& comm, FeatureColumn& column) {
  T lowest = std::numeric_limits<T>::infinity(), highest = -lowest;
  std::uint64_t beyond = 0;
  for (auto const value : column.values) {
    auto const held = static_cast<T>(value);
    beyond += std::isfinite(static_cast<float>(value)) ? 0 : 1;
    lowest = std::min(lowest, held);
    highest = std::max(highest, held);
  }
  beyond = all_reduce(comm, beyond, Reduce::sum);
  lowest = all_reduce(comm, lowest, Reduce::minimum);
  highest = all_reduce(comm, highest, Reduce::maximum);
  if (beyond > 0) {
    throw ConfigurationError(
        fmt::format("feature {}: {} values are beyond what single precision holds (3.4e38)",
                    column.feature.spec.name, beyond),
        "distances between customers would not be finite", "choose a scale, or bounds in clip");
  }
  if (lowest == highest) {
    column.useless = std::is_same_v<T, float>
                         ? "after scaling, clipping and rounding to single precision it is constant"
                         : "after scaling and clipping it is constant";
  }
}

}  // namespace

template <class T>
FeatureColumn make_column(Communicator const& comm, FeatureSpec const& spec, RawColumn raw) {
  FeatureColumn out;
  auto& feature = out.feature;
  feature.spec = spec;
  out.values = std::move(raw.values);
  if (spec.winsorise) {
    auto const moved = winsorise(comm, *spec.winsorise, out.values);
    feature.bounds = moved.bounds;
    feature.winsorised = moved.values;
  }
  feature.imputed = imputed_value(comm, feature, raw.statistics, out.values);
  if (spec.impute == Impute::group && raw.statistics.missing > 0) {
    feature.imputed_by_group = impute_by_group(comm, *raw.groups, out.values);
  }
  for (auto& value : out.values) {
    if (std::isnan(value)) value = feature.imputed;
  }
  transform(comm, spec, out.values);

  bool const unchanged =
      spec.transform == Transform::none && raw.statistics.missing == 0 && feature.winsorised == 0;
  Moments const moments = unchanged ? Moments(raw.statistics) : tessera::moments(comm, out.values);
  feature.raw = std::move(raw.statistics);
  if (moments.min == moments.max) {
    out.useless = "it is constant";
    return out;
  }
  choose_scale(comm, out, moments, unchanged ? &feature.raw : nullptr);
  if (feature.spread == 0.0) {
    out.useless = "its values differ by less than double precision can scale";
    return out;
  }
  auto const bounds = spec.clip.value_or(
      std::array{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()});
  for (auto& value : out.values) {
    value = spec.weight * std::clamp((value - feature.center) / feature.spread, bounds[0], bounds[1]);
  }
  inspect<T>(comm, out);
  return out;
}

template FeatureColumn make_column<float>(Communicator const&, FeatureSpec const&, RawColumn);
template FeatureColumn make_column<double>(Communicator const&, FeatureSpec const&, RawColumn);

}  // namespace tessera::detail
