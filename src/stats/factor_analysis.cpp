// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eigen_system.hpp"

namespace tessera {

namespace {

constexpr std::uint64_t kMaxIterations = 10'000;
constexpr double kStill = 1e-10;
constexpr double kSingular = 1e-8;  // smallest eigenvalue with which an inverse says something

Eigen::VectorXd first_communalities(Eigen::MatrixXd const& correlation, detail::EigenSystem const& system) {
  auto const n = correlation.rows();
  Eigen::VectorXd out(n);
  if (system.values(n - 1) > kSingular) {
    Eigen::MatrixXd const inverse =
        system.vectors * system.values.cwiseInverse().asDiagonal() * system.vectors.transpose();
    for (Eigen::Index i = 0; i < n; ++i) out(i) = 1.0 - 1.0 / inverse(i, i);
    return out;
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    out(i) = 0;
    for (Eigen::Index j = 0; j < n; ++j) {
      if (j != i) out(i) = std::max(out(i), std::abs(correlation(i, j)));
    }
  }
  return out;
}

/// The inverse on the directions in which the features differ at all.
Eigen::MatrixXd pseudoinverse(detail::EigenSystem const& system) {
  std::span<double const> const values(system.values.data(), static_cast<std::size_t>(system.values.size()));
  auto const rank = static_cast<Eigen::Index>(numerical_rank(values));
  Eigen::MatrixXd const vectors = system.vectors.leftCols(rank);
  return vectors * system.values.head(rank).cwiseInverse().asDiagonal() * vectors.transpose();
}

}  // namespace

FactorSolution principal_axis_factors(std::span<double const> correlation, std::size_t components,
                                      Rotation rotation) {
  Eigen::MatrixXd const whole = detail::square_matrix(correlation);
  auto const system = detail::eigen_system(whole);
  auto const kept = static_cast<Eigen::Index>(components);
  Eigen::VectorXd communality = first_communalities(whole, system);
  Eigen::MatrixXd reduced = whole, loading;
  std::uint64_t iterations = 0;
  bool converged = false, improper = false;
  while (!converged && iterations < kMaxIterations) {
    reduced.diagonal() = communality;
    auto const axes = detail::eigen_system(reduced);
    loading = axes.vectors.leftCols(kept) * axes.values.head(kept).cwiseMax(0.0).cwiseSqrt().asDiagonal();
    Eigen::VectorXd const free = loading.rowwise().squaredNorm();
    Eigen::VectorXd const next = free.cwiseMin(1.0);
    improper = (free.array() >= 1.0).any();
    converged = (next - communality).cwiseAbs().maxCoeff() <= kStill;
    communality = next;
    ++iterations;
  }
  auto out = detail::completed(loading, pseudoinverse(system) * loading, system.values,
                               rotation == Rotation::none ? Rotation::none : Rotation::varimax);
  out.iterations = iterations;
  out.converged = converged;
  out.improper = improper;
  return out;
}

}  // namespace tessera
