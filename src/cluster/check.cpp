// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/core.h>

namespace tessera::cluster {

namespace {

void check_k(std::uint64_t total_rows, KMeansOptions const& options) {
  if (options.k.empty()) {
    throw ConfigurationError("kmeans.k is an empty list", "there is no model to compute",
                             "set kmeans.k to one or more segment counts");
  }
  for (auto const k : options.k) {
    if (k == 0) {
      throw ConfigurationError("kmeans.k = 0", "every customer has to belong to a segment",
                               "set kmeans.k to 1 or more");
    }
    if (k > std::numeric_limits<std::int32_t>::max()) {
      throw ConfigurationError(fmt::format("kmeans.k = {}", k), "segments are numbered in 32 bits",
                               "set kmeans.k below 2^31");
    }
    if (k > total_rows) {
      throw ConfigurationError(fmt::format("kmeans.k = {} for {} customers", k, total_rows),
                               "some segments would stay empty",
                               "set kmeans.k to the number of customers or less");
    }
  }
}

void check_limits(KMeansOptions const& options) {
  if (options.restarts == 0) {
    throw ConfigurationError("kmeans.restarts = 0", "there is no run to keep",
                             "set kmeans.restarts to 1 or more");
  }
  if (options.max_iterations == 0) {
    throw ConfigurationError("kmeans.max_iterations = 0", "the initial centroids would be the result",
                             "set kmeans.max_iterations to 1 or more");
  }
  if (!(options.tolerance >= 0)) {
    throw ConfigurationError(fmt::format("kmeans.tolerance = {}", options.tolerance),
                             "no squared shift of centroids is below zero",
                             "set kmeans.tolerance to 0 or more");
  }
}

void check_given(std::size_t columns, KMeansOptions const& options) {
  if (options.k.size() != 1) {
    throw ConfigurationError(
        fmt::format("{} values of kmeans.k with given initial centroids", options.k.size()),
        "one set of initial centroids starts one model", "set kmeans.k to one segment count");
  }
  auto const& given = options.initial_centroids;
  auto const k = options.k.front();
  if (given.size() % k != 0 || given.size() / k != columns) {
    throw InputError(
        fmt::format("{} initial centroid coordinates for k = {} and {} columns", given.size(), k, columns),
        "each segment starts from one centroid with a coordinate a column",
        fmt::format("give a matrix of {} rows and {} columns", k, columns));
  }
  auto const bad = std::ranges::find_if_not(given, [](double value) { return std::isfinite(value); });
  if (bad != given.end()) {
    auto const position = static_cast<std::size_t>(bad - given.begin());
    throw InputError(
        fmt::format("column {} of initial centroid {} (both counted from 0) is not a finite number",
                    position % columns, position / columns),
        "no customer has a distance to it", "give finite coordinates");
  }
  if (options.distance == Distance::euclidean) return;
  for (std::size_t first = 0; first < given.size(); first += columns) {
    auto const point = std::span(given).subspan(first, columns);
    if (std::ranges::any_of(point, [](double value) { return value != 0; })) continue;
    throw InputError(fmt::format("initial centroid {} (counted from 0) has only zeros", first / columns),
                     "it points nowhere, so that it has no cosine with anything",
                     "give centroids that point somewhere, or use the euclidean distance");
  }
}

}  // namespace

template <class T>
void check(Matrix<T> const& matrix, std::span<T const> weight, KMeansOptions const& options) {
  check_k(matrix.blocks.total_rows, options);
  check_limits(options);
  if (matrix.columns == 0) {
    throw InputError("the customer matrix has no columns", "customers cannot be compared without features",
                     "configure at least one feature");
  }
  if (matrix.values.size() != matrix.rows() * matrix.columns) {
    throw BugError(fmt::format("a matrix of {} rows and {} columns holds {} values", matrix.rows(),
                               matrix.columns, matrix.values.size()));
  }
  if (!weight.empty() && weight.size() != matrix.rows()) {
    throw BugError(fmt::format("{} weights for {} rows", weight.size(), matrix.rows()));
  }
  if (options.init == KMeansInit::given) check_given(matrix.columns, options);
}

template void check(Matrix<float> const&, std::span<float const>, KMeansOptions const&);
template void check(Matrix<double> const&, std::span<double const>, KMeansOptions const&);

}  // namespace tessera::cluster
