// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "eigen_system.hpp"

namespace tessera {

std::vector<double> eigenvalues(std::span<double const> symmetric) {
  auto const values = detail::eigen_system(detail::square_matrix(symmetric)).values;
  return {values.data(), values.data() + values.size()};
}

std::size_t components_for_variance(std::span<double const> eigenvalue, double share) {
  auto const all = static_cast<double>(eigenvalue.size());  // the trace of a correlation matrix
  double sum = 0;
  std::size_t components = 0;
  auto const most = numerical_rank(eigenvalue);
  while (components < most && (components == 0 || sum < share * all)) sum += eigenvalue[components++];
  return components;
}

std::size_t numerical_rank(std::span<double const> eigenvalue) {
  double const rounding = 1e-12 * static_cast<double>(eigenvalue.size());
  std::size_t rank = 0;
  while (rank < eigenvalue.size() && eigenvalue[rank] > rounding) ++rank;
  return rank;
}

FactorSolution principal_components(std::span<double const> correlation, std::size_t components,
                                    Rotation rotation) {
  auto const system = detail::eigen_system(detail::square_matrix(correlation));
  auto const kept = static_cast<Eigen::Index>(components);
  Eigen::MatrixXd const vectors = system.vectors.leftCols(kept);
  Eigen::VectorXd const deviation = system.values.head(kept).cwiseSqrt();
  Eigen::MatrixXd const loading = vectors * deviation.asDiagonal();
  if (rotation != Rotation::varimax)
    return detail::completed(loading, vectors, system.values, Rotation::none);
  return detail::completed(loading, vectors * deviation.cwiseInverse().asDiagonal(), system.values, rotation);
}

}  // namespace tessera
