// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How good a clustering is, by indices that cost one pass.
namespace tessera {

struct ClusterQuality {
  /// Mean over customers of (b - a) / max(a, b): a, b distances to the own and the next centroid. Hruschka et
  /// al., "Evolving clusters in gene-expression data", 2006. Higher is better.
  double simplified_silhouette = 0;
  double calinski_harabasz = 0;  ///< Calinski and Harabasz 1974; higher is better
  double davies_bouldin = 0;     ///< Davies and Bouldin 1979; lower is better
};

/// Which index chooses among models of a sweep. `inertia` always favours the largest k.
enum class SelectionIndex { simplified_silhouette, calinski_harabasz, davies_bouldin, inertia };

}  // namespace tessera
