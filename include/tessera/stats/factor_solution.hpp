// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Principal components and common factors of a correlation matrix: what each feature shares with the others
/// in fewer numbers. Computed from the matrix alone, by one thread of one rank.
namespace tessera {

enum class Rotation { automatic, none, varimax };

struct FactorSolution {
  std::size_t components = 0;
  std::vector<double> eigenvalue;   ///< [features] of the correlation matrix, descending
  std::vector<double> loading;      ///< [features, components]: correlation of feature and component where
                                    ///< components are uncorrelated. The largest of a component is positive
  std::vector<double> coefficient;  ///< [features, components]: scores = standardised features x coefficient
  std::vector<double> communality;  ///< [features] sum of the squared loadings
  std::vector<double> uniqueness;   ///< [features] 1 - communality
  std::vector<double> explained;    ///< [components] sum of the squared loadings / features, descending
  std::uint64_t iterations = 0;     ///< of the communalities; 0 for principal components
  bool converged = true;
  bool improper = false;  ///< a communality came to 1 or more (a Heywood case) and was held at 1
};

/// Local. Eigenvalues of a symmetric matrix, row-major [n, n], descending.
[[nodiscard]] std::vector<double> eigenvalues(std::span<double const> symmetric);

/// Local. How many of these (descending, of a correlation matrix) make up this share of their sum; at
/// least 1.
[[nodiscard]] std::size_t components_for_variance(std::span<double const> eigenvalue, double share);

/// Local. How many are above what rounding leaves of a zero: more components than that do not exist.
[[nodiscard]] std::size_t numerical_rank(std::span<double const> eigenvalue);

/// Local. The first `components` principal components of a correlation matrix [features, features]; at most
/// numerical_rank of them. Unrotated (automatic), scores have the eigenvalues as variances and distances
/// between customers are kept as far as may be; rotated by varimax, variances are 1. Hotelling 1933;
/// Jolliffe, "Principal Component Analysis", 2002, sections 2.3 and 11.1.
[[nodiscard]] FactorSolution principal_components(std::span<double const> correlation, std::size_t components,
                                                  Rotation rotation);

/// Local. Common factors by the principal axis method: the diagonal of the correlation matrix is replaced by
/// communalities, which begin as squared multiple correlations (the largest correlation of a row where the
/// matrix is singular) and are iterated until none changes by more than 1e-10, at most 10,000 times. Rotated
/// by varimax unless `rotation` is none. Scores by regression (Thurstone 1935) with the pseudoinverse of the
/// matrix. Harman, "Modern Factor Analysis", 1976, chapters 8 and 16.
[[nodiscard]] FactorSolution principal_axis_factors(std::span<double const> correlation,
                                                    std::size_t components, Rotation rotation);

}  // namespace tessera
