// SPDX-License-Identifier: Apache-2.0
#include "initial_centroids.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/io/matrix_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "feature_count.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

InputError unsuitable(std::string const& source, std::string const& what) {
  return {source + ": " + what, "K-means starts from one row a segment with one finite number a feature",
          "correct the file, name another dataset, or choose another kmeans.init"};
}

}  // namespace

InitialCentroids load_initial_centroids(Communicator const& comm, std::string const& path,
                                        std::string const& key, std::uint64_t k) {
  auto const colon = path.find(":/");
  if (colon == std::string::npos || colon == 0) {
    throw ConfigurationError(key + " = \"" + path + "\" names no dataset", "a file may hold many datasets",
                             "write FILE.h5:/path/of/dataset");
  }
  auto const file = path.substr(0, colon), dataset = path.substr(colon + 1);
  auto const shape = read_matrix_shape(comm, file, dataset);
  InitialCentroids centroids{key + " = " + path, shape.columns, {}};
  together(comm, [&] {
    if (shape.rows == k) return;
    throw unsuitable(centroids.source,
                     fmt::format("{} rows of {} numbers, but k = {}", shape.rows, shape.columns, k));
  });
  centroids.values = read_small_matrix(comm, file, dataset, shape.rows, shape.columns);
  together(comm, [&] {
    auto const bad = std::find_if_not(centroids.values.begin(), centroids.values.end(),
                                      [](double value) { return std::isfinite(value); });
    if (bad == centroids.values.end()) return;
    auto const at = static_cast<std::uint64_t>(bad - centroids.values.begin());
    throw unsuitable(centroids.source,
                     fmt::format("column {} of row {} (both counted from 0) is not a finite number",
                                 at % shape.columns, at / shape.columns));
  });
  return centroids;
}

InitialCentroids load_initial_centroids(Communicator const& comm, Configuration const& configuration) {
  if (configuration.kmeans.init != KMeansInit::given) return {};
  auto centroids = load_initial_centroids(comm, configuration.kmeans_centroids, "kmeans.centroids",
                                          configuration.kmeans.k.front());
  together(comm, [&] {
    auto const most = most_features(configuration);
    if (centroids.columns <= most) return;
    throw unsuitable(centroids.source,
                     fmt::format("{} columns for at most {} features", centroids.columns, most));
  });
  return centroids;
}

void start_from(InitialCentroids centroids, std::uint64_t features, KMeansOptions& options) {
  if (centroids.values.empty()) return;
  if (centroids.columns != features) {
    throw unsuitable(centroids.source,
                     fmt::format("{} columns for {} features", centroids.columns, features));
  }
  options.init = KMeansInit::given;
  options.initial_centroids = std::move(centroids.values);
}

}  // namespace tessera
