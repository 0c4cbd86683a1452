// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/reduction.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/correlation.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

std::string_view kind_of(ReductionSpec const& spec) {
  return spec.method == ReductionMethod::factors ? "factor" : "component";
}

std::size_t component_count(std::span<double const> correlation, ReductionSpec const& spec) {
  auto const eigenvalue = eigenvalues(correlation);
  if (spec.components == 0) return components_for_variance(eigenvalue, spec.variance);
  auto const most = numerical_rank(eigenvalue);
  if (spec.components <= most) return spec.components;
  throw ConfigurationError(
      fmt::format("reduction.components = {}, but the {} features have {} independent directions",
                  spec.components, eigenvalue.size(), most),
      "the others would be rounding errors", fmt::format("set reduction.components to {} or less", most));
}

FactorSolution solve(std::span<double const> correlation, ReductionSpec const& spec) {
  auto const components = component_count(correlation, spec);
  auto const solution = spec.method == ReductionMethod::factors
                            ? principal_axis_factors(correlation, components, spec.rotation)
                            : principal_components(correlation, components, spec.rotation);
  constexpr double kNothing = 1e-12;
  auto const empty = std::find_if(solution.explained.begin(), solution.explained.end(),
                                  [](double share) { return share < kNothing; });
  if (empty == solution.explained.end()) return solution;
  if (empty == solution.explained.begin()) {
    throw ConfigurationError(fmt::format("of {} {}s none explains anything", components, kind_of(spec)),
                             "features that do not correlate have nothing in common",
                             "leave [reduction] out, or set reduction.method to pca");
  }
  throw ConfigurationError(
      fmt::format("of {} {}s only {} explain anything", components, kind_of(spec),
                  empty - solution.explained.begin()),
      "customers would not differ in the others",
      fmt::format("set reduction.components to {} or less", empty - solution.explained.begin()));
}

/// *Collective.* The solution of rank 0 on all ranks, which may run on different processors.
FactorSolution from_one_rank(Communicator const& comm, FactorSolution solution) {
  std::uint64_t state[] = {solution.components, solution.iterations, solution.converged ? 1U : 0U,
                           solution.improper ? 1U : 0U};
  broadcast(comm, std::span<std::uint64_t>(state), 0);
  solution.components = state[0];
  solution.iterations = state[1];
  solution.converged = state[2] != 0;
  solution.improper = state[3] != 0;
  for (auto* const values : {&solution.eigenvalue, &solution.loading, &solution.coefficient,
                             &solution.communality, &solution.uniqueness, &solution.explained}) {
    std::uint64_t size = values->size();
    broadcast(comm, std::span(&size, 1), 0);
    values->resize(size);
    broadcast(comm, std::span(*values), 0);
  }
  return solution;
}

void check_names(FeatureSet const& features, std::vector<std::string> const& names) {
  for (auto const& feature : features.features) {
    if (std::find(names.begin(), names.end(), feature.spec.name) == names.end()) continue;
    throw ConfigurationError(fmt::format("feature {} has the name of a score", feature.spec.name),
                             "results are found by their names", "rename the feature");
  }
}

std::vector<std::string> score_names(ReductionSpec const& spec, std::size_t components) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= components; ++i) names.push_back(fmt::format("{}{}", kind_of(spec), i));
  return names;
}

/// A row's scores, component a lane: the compiler may vectorise over them, which changes no lane's additions.
template <class T>
void score(std::span<T const> row, MatrixMoments const& moments, FactorSolution const& solution,
           std::vector<double>& scores) {
  std::fill(scores.begin(), scores.end(), 0.0);
  for (std::size_t feature = 0; feature < row.size(); ++feature) {
    double const z = (static_cast<double>(row[feature]) - moments.mean[feature]) / moments.deviation[feature];
    double const* const coefficient = solution.coefficient.data() + feature * scores.size();
    for (std::size_t c = 0; c < scores.size(); ++c) scores[c] += z * coefficient[c];
  }
}

/// Scores after the features of every row, or in their place.
template <class T>
void put_scores(Matrix<T>& matrix, Reduction const& reduction, ReductionUse use) {
  std::size_t const d = matrix.columns, m = reduction.solution.components;
  std::size_t const kept = use == ReductionUse::besides ? d : 0, width = kept + m, rows = matrix.rows();
  std::vector<T> wider(use == ReductionUse::besides ? rows * width : 0);
  // There are no more scores than features: a row's scores never reach the next row's features.
  T* const out = use == ReductionUse::besides ? wider.data() : matrix.values.data();
  std::vector<double> scores(m);
  for (std::size_t row = 0; row < rows; ++row) {
    std::span<T const> const features(matrix.values.data() + row * d, d);
    score(features, reduction.moments, reduction.solution, scores);
    if (kept > 0) std::copy(features.begin(), features.end(), out + row * width);
    std::transform(scores.begin(), scores.end(), out + row * width + kept,
                   [](double value) { return static_cast<T>(value); });
  }
  if (use == ReductionUse::besides) matrix.values = std::move(wider);
  matrix.values.resize(rows * width);
  matrix.columns = width;
}

/// *Collective.* A score's record, its statistics those of the column.
template <class T>
Feature score_feature(Communicator const& comm, std::string name, std::string const& table,
                      Matrix<T> const& matrix, std::size_t column) {
  auto const values = together(comm, [&] {
    std::vector<double> out;
    out.reserve(matrix.rows());
    for (std::size_t row = 0; row < matrix.rows(); ++row)
      out.push_back(static_cast<double>(matrix.values[row * matrix.columns + column]));
    return out;
  });
  Feature out;
  out.spec.name = std::move(name);
  out.spec.table = table;
  out.spec.scale = Scale::none;
  out.kind = FeatureKind::score;
  out.raw = describe(comm, values);
  return out;
}

void warn(FeatureSet& features, ReductionSpec const& spec, FactorSolution const& solution) {
  if (!solution.converged) {
    features.warnings.push_back(
        fmt::format("the communalities of {} factors still change after {} iterations", solution.components,
                    solution.iterations));
  }
  if (solution.improper) {
    features.warnings.push_back(fmt::format(
        "{} factors explain all of a feature (a Heywood case): ask for fewer", solution.components));
  }
  double explained = 0;
  for (double const share : solution.explained) explained += share;
  constexpr double kHalf = 0.5;
  if (explained < kHalf) {
    features.warnings.push_back(fmt::format("{} {}s explain {:.1f} % of the features' variance",
                                            solution.components, kind_of(spec), 100 * explained));
  }
}

}  // namespace

template <class T>
Reduction reduce_features(Communicator const& comm, Features<T>& features, ReductionSpec const& spec) {
  Reduction out;
  out.moments = matrix_moments(comm, features.matrix);
  out.correlation = features.correlation;
  out.solution = from_one_rank(comm, together(comm, [&] {
                                 return comm.rank() == 0 ? solve(out.correlation, spec) : FactorSolution{};
                               }));
  auto const names = score_names(spec, out.solution.components);
  check_names(features, names);
  warn(features, spec, out.solution);
  together(comm, [&] { put_scores(features.matrix, out, spec.use); });

  out.inputs = features.features;
  std::string const table = out.inputs.front().spec.table;
  if (spec.use == ReductionUse::instead) features.features.clear();
  for (auto const& name : names) {
    features.features.push_back(score_feature(comm, name, table, features.matrix, features.features.size()));
  }
  features.correlation = correlation(comm, features.matrix);
  return out;
}

template Reduction reduce_features(Communicator const&, Features<float>&, ReductionSpec const&);
template Reduction reduce_features(Communicator const&, Features<double>&, ReductionSpec const&);

}  // namespace tessera
