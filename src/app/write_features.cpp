// SPDX-License-Identifier: Apache-2.0
#include "write_features.hpp"

#include <array>
#include <iterator>
#include <limits>
#include <string_view>

#include "choices.hpp"
#include "write_lists.hpp"

namespace tessera {

namespace {

constexpr std::array<double, 2> kUnbounded{-std::numeric_limits<double>::infinity(),
                                           std::numeric_limits<double>::infinity()};

std::string_view name_of(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::value:
      return "value";
    case FeatureKind::missing_indicator:
      return "missing";
    case FeatureKind::category:
      return "category";
    case FeatureKind::score:
      return "score";
  }
  return "";
}

std::vector<double> pair_list(std::array<double, 2> const& pair) {
  return {pair.begin(), pair.end()};
}

/// *Collective.* Numbers by category, of all features that have such: what is imputed in a group, what stands
/// for a category. Nothing where there are none.
void write_lookups(ResultFile& file, std::string const& group, std::vector<Feature> const& features) {
  std::vector<std::int32_t> feature;
  std::vector<std::string> purpose, category;
  std::vector<double> value;
  auto const add = [&](std::size_t i, CategoryValues const& values, std::string const& what) {
    for (std::size_t c = 0; c < values.category.size(); ++c) {
      feature.push_back(static_cast<std::int32_t>(i));
      purpose.push_back(what);
      category.push_back(values.category[c]);
      value.push_back(values.value[c]);
    }
  };
  for (std::size_t i = 0; i < features.size(); ++i) {
    add(i, features[i].imputed_by_group, "imputed");
    add(i, features[i].frequency, "frequency");
  }
  if (feature.empty()) return;
  auto const list = [&](std::string const& name, auto const& values, std::string const& text,
                        std::string const& units) {
    write_list(file, group + "/lookup/" + name, values, {text, units, "entries"});
  };
  list("feature", feature, "index into name", "1");
  list("purpose", purpose,
       "imputed: put where a value is missing in the group; frequency: share of the category", "1");
  list("category", category, "value of the column impute_by, or of the feature's own", "1");
  list("value", value, "number of the category", "raw");
}

/// *Collective.* How features were made, under `group`.
void write_records(ResultFile& file, std::string const& group, std::vector<Feature> const& features) {
  std::uint64_t const d = features.size();
  auto const list = [&](std::string const& name, auto&& field, std::string const& text,
                        std::string const& units) {
    write_list(file, group + "/" + name, collect(features, field), {text, units, "features"});
  };
  list(
      "name", [](Feature const& f) { return f.spec.name; }, "feature names, the order of all feature axes",
      "1");
  list(
      "column", [](Feature const& f) { return f.spec.column; }, "column that the feature is made from", "1");
  list(
      "transform",
      [](Feature const& f) { return std::string(schema::name_of(schema::kTransforms, f.spec.transform)); },
      "applied before scaling", "1");
  list(
      "scale", [](Feature const& f) { return std::string(schema::name_of(schema::kScales, f.spec.scale)); },
      "kind of scaling", "1");
  list(
      "kind", [](Feature const& f) { return std::string(name_of(f.kind)); },
      "what the feature's column holds", "1");
  list(
      "encode",
      [](Feature const& f) {
        return std::string(schema::name_of(schema::kCategoryEncodings, f.spec.encode));
      },
      "how a category column became numbers", "1");
  list("category", &Feature::category, "of a one-hot feature: the category that is 1", "1");
  list(
      "weight", [](Feature const& f) { return f.spec.weight; }, "multiplies what is scaled and clipped", "1");
  list(
      "impute",
      [](Feature const& f) { return std::string(schema::name_of(schema::kImputes, f.spec.impute)); },
      "what stands in for a missing value", "1");
  list(
      "impute_by", [](Feature const& f) { return f.spec.impute_by; }, "column of the groups", "1");
  list(
      "imputed", [](Feature const& f) { return f.imputed; }, "value put where one is missing", "raw");
  list(
      "center", [](Feature const& f) { return f.center; }, "scaled = (transformed - center) / spread",
      "transformed");
  list(
      "spread", [](Feature const& f) { return f.spread; }, "scaled = (transformed - center) / spread",
      "transformed");
  write_table(file, group + "/winsorised",
              concatenate(features, [](Feature const& f) { return pair_list(f.bounds); }), d,
              {"bounds that values are moved to before imputation", "raw", "features x bounds"});
  write_table(
      file, group + "/clip",
      concatenate(features, [](Feature const& f) { return pair_list(f.spec.clip.value_or(kUnbounded)); }), d,
      {"bounds that scaled values are moved to", "scaled", "features x bounds"});
  write_lookups(file, group, features);

  auto const statistic = [&](std::string const& name, auto&& field, std::string const& text,
                             std::string const& units) { list("statistics/" + name, field, text, units); };
  statistic(
      "count", [](Feature const& f) { return f.raw.count; }, "values present", "customers");
  statistic(
      "missing", [](Feature const& f) { return f.raw.missing; }, "values missing", "customers");
  statistic(
      "mean", [](Feature const& f) { return f.raw.mean; }, "mean", "raw");
  statistic(
      "std", [](Feature const& f) { return f.raw.standard_deviation; }, "standard deviation (n - 1)", "raw");
  statistic(
      "skewness", [](Feature const& f) { return f.raw.skewness; }, "skewness g1", "1");
  statistic(
      "kurtosis", [](Feature const& f) { return f.raw.kurtosis; }, "excess kurtosis g2", "1");
  statistic(
      "min", [](Feature const& f) { return f.raw.min; }, "smallest value", "raw");
  statistic(
      "max", [](Feature const& f) { return f.raw.max; }, "largest value", "raw");
  auto const table = [&](std::string const& name, auto&& field, std::string const& text,
                         std::string const& units, std::string const& axis) {
    write_table(file, group + "/statistics/" + name, concatenate(features, field), d,
                {text, units, "features x " + axis});
  };
  table(
      "quantiles", [](Feature const& f) { return f.raw.quantiles; }, "exact quantiles (type 7)", "raw",
      "probabilities");
  write_list(file, group + "/statistics/probabilities",
             std::vector<double>(std::begin(kReportedQuantiles), std::end(kReportedQuantiles)),
             {"probabilities of the quantiles", "1", "probabilities"});
  table(
      "histogram", [](Feature const& f) { return f.raw.histogram; }, "customers in bins of equal width",
      "customers", "bins");
  table(
      "histogram_edges", [](Feature const& f) { return f.raw.histogram_edges; }, "edges of the bins", "raw",
      "edges");
}

/// *Collective.* Pairs of features that say almost the same.
void write_correlated(ResultFile& file, std::vector<CorrelatedFeatures> const& pairs) {
  write_list(file, "/features/correlated/a", collect(pairs, &CorrelatedFeatures::a),
             {"a feature", "1", "pairs"});
  write_list(file, "/features/correlated/b", collect(pairs, &CorrelatedFeatures::b),
             {"a later feature that correlates with it", "1", "pairs"});
  write_list(file, "/features/correlated/r", collect(pairs, &CorrelatedFeatures::r),
             {"Pearson correlation of the two", "1", "pairs"});
}

/// *Collective.* Loadings, and all that a new customer's scores need.
void write_reduction(ResultFile& file, Reduction const& reduction) {
  std::string const group = "/features/reduction";
  auto const& solution = reduction.solution;
  std::uint64_t const d = reduction.inputs.size();
  write_records(file, group + "/input", reduction.inputs);
  auto const table = [&](std::string const& name, std::vector<double> const& values, std::string const& text,
                         std::string const& axes) {
    write_table(file, group + "/" + name, values, d, {text, "1", axes});
  };
  auto const list = [&](std::string const& name, std::vector<double> const& values, std::string const& text,
                        std::string const& units, std::string const& axis) {
    write_list(file, group + "/" + name, values, {text, units, axis});
  };
  table("correlation", reduction.correlation, "Pearson correlation of the inputs", "inputs x inputs");
  list("mean", reduction.moments.mean, "mean over customers of each input", "scaled", "inputs");
  list("deviation", reduction.moments.deviation, "standard deviation over customers of each input (n - 1)",
       "scaled", "inputs");
  list("eigenvalue", solution.eigenvalue, "eigenvalues of the correlation matrix, descending", "1",
       "eigenvalues");
  table("loading", solution.loading, "correlation of input and score, for uncorrelated scores",
        "inputs x scores");
  table("coefficient", solution.coefficient, "score = sum of (input - mean) / deviation x coefficient",
        "inputs x scores");
  list("communality", solution.communality, "variance of each input that the scores explain", "1", "inputs");
  list("uniqueness", solution.uniqueness, "1 - communality", "1", "inputs");
  list("explained", solution.explained, "share of the inputs' variance that each score explains", "1",
       "scores");
  file.attribute(group, "iterations", static_cast<std::int64_t>(solution.iterations));
  file.attribute(group, "converged", std::int64_t{solution.converged ? 1 : 0});
}

}  // namespace

void write_features(ResultFile& file, Findings const& found) {
  auto const& features = found.features.features;
  write_records(file, "/features", features);
  write_list(file, "/features/mean", found.base.mean,
             {"mean over customers of the scaled feature", "scaled", "features"});
  write_list(file, "/features/deviation", found.base.deviation,
             {"standard deviation over customers of the scaled feature", "scaled", "features"});
  write_table(file, "/features/correlation", found.features.correlation, features.size(),
              {"Pearson correlation of the scaled features", "1", "features x features"});
  write_correlated(file, found.correlated);
  if (found.reduction) write_reduction(file, *found.reduction);
}

}  // namespace tessera
