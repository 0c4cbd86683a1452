// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/stats/factor_solution.hpp"

#include <span>

#include <Eigen/Dense>

/// Symmetric matrices taken apart, and solutions completed the same way for components and factors.
namespace tessera::detail {

struct EigenSystem {
  Eigen::VectorXd values;   ///< descending
  Eigen::MatrixXd vectors;  ///< columns, in the same order
};

/// Local. Row-major [n, n] as a matrix.
[[nodiscard]] Eigen::MatrixXd square_matrix(std::span<double const> values);

/// Local. Throws BugError unless the matrix is finite.
[[nodiscard]] EigenSystem eigen_system(Eigen::MatrixXd const& symmetric);

/// Local. From loadings and coefficients to the whole: rotated if asked for, components by what they explain,
/// signs such that the largest loading of each is positive, communalities.
[[nodiscard]] FactorSolution completed(Eigen::MatrixXd loading, Eigen::MatrixXd coefficient,
                                       Eigen::VectorXd const& eigenvalue, Rotation rotation);

}  // namespace tessera::detail
