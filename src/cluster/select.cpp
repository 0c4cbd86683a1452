// SPDX-License-Identifier: Apache-2.0
#include "select.hpp"

#include "tessera/core/error.hpp"

#include <cmath>

namespace tessera::cluster {

namespace {

/// The index, turned so that higher is better.
double merit(KMeansModel const& model, SelectionIndex index) {
  switch (index) {
    case SelectionIndex::simplified_silhouette:
      return model.quality.simplified_silhouette;
    case SelectionIndex::calinski_harabasz:
      return model.quality.calinski_harabasz;
    case SelectionIndex::davies_bouldin:
      return -model.quality.davies_bouldin;
    case SelectionIndex::inertia:
      return -model.inertia;
  }
  throw BugError("a selection index without a meaning");
}

}  // namespace

bool is_better(KMeansModel const& challenger, KMeansModel const& holder, SelectionIndex index) {
  double const theirs = merit(challenger, index), ours = merit(holder, index);
  if (std::isnan(theirs)) return false;
  if (std::isnan(ours)) return true;
  return theirs > ours || (theirs == ours && challenger.k < holder.k);
}

}  // namespace tessera::cluster
