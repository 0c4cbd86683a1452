// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/stats/factor_solution.hpp"
#include "tessera/stats/matrix_moments.hpp"

#include <cstdint>
#include <vector>

/// Features brought down to fewer: principal components or factors of their exact correlation matrix.
namespace tessera {

enum class ReductionMethod { none, principal_components, factors };
/// Whether scores are clustered instead of the features they are made from, or besides.
enum class ReductionUse { instead, besides };

struct ReductionSpec {
  ReductionMethod method = ReductionMethod::none;
  std::uint64_t components = 0;             ///< 0: as many as `variance` takes
  double variance = 0.9;                    ///< share of the variance, as the sum of the largest eigenvalues
  Rotation rotation = Rotation::automatic;  ///< automatic: varimax for factors, none for components
  ReductionUse use = ReductionUse::instead;
};

/// All that is needed to compute a customer's scores: (feature - mean) / deviation times the coefficients.
struct Reduction {
  std::vector<Feature> inputs;
  std::vector<double> correlation;  ///< [inputs, inputs]
  MatrixMoments moments;            ///< of the inputs, scaled
  FactorSolution solution;
};

/// *Collective.* Puts scores "component1", ... or "factor1", ... into the matrix, with their correlations.
/// Correlations do not know the features' weights, and neither do scores. The decomposition is computed by
/// one rank and sent to all: d x d numbers and of the order of 10 d^3 operations for d features (each
/// iteration of the factors). Scores are summed in double feature by feature with a component a lane. Memory:
/// the matrix again for ReductionUse::besides. Throws ConfigurationError for more components than the
/// features have independent directions, for a factor that explains nothing, and for a score's name that a
/// feature has.
template <class T>
[[nodiscard]] Reduction reduce_features(Communicator const& comm, Features<T>& features,
                                        ReductionSpec const& spec);

extern template Reduction reduce_features(Communicator const&, Features<float>&, ReductionSpec const&);
extern template Reduction reduce_features(Communicator const&, Features<double>&, ReductionSpec const&);

}  // namespace tessera
