// SPDX-License-Identifier: Apache-2.0
#include "eigen_system.hpp"

#include "tessera/core/error.hpp"
#include "tessera/stats/varimax.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tessera::detail {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<double> flat(RowMajor const& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

/// Components by descending sum of squared loadings; the unrotated have that order already, but for rounding.
std::vector<Eigen::Index> by_explained(Eigen::MatrixXd const& loading) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(loading.cols()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return loading.col(a).squaredNorm() > loading.col(b).squaredNorm();
  });
  return order;
}

/// -1 where the largest loading in magnitude, the first of equal ones, is negative.
double sign_of(Eigen::VectorXd const& loading) {
  Eigen::Index largest = 0;
  loading.cwiseAbs().maxCoeff(&largest);
  return loading(largest) < 0 ? -1.0 : 1.0;
}

}  // namespace

Eigen::MatrixXd square_matrix(std::span<double const> values) {
  auto const n = static_cast<Eigen::Index>(std::llround(std::sqrt(static_cast<double>(values.size()))));
  return Eigen::Map<RowMajor const>(values.data(), n, n);
}

EigenSystem eigen_system(Eigen::MatrixXd const& symmetric) {
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(symmetric);
  if (!symmetric.allFinite() || solver.info() != Eigen::Success)
    throw BugError("the eigenvalues of a correlation matrix cannot be found");
  return {solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
}

FactorSolution completed(Eigen::MatrixXd loading, Eigen::MatrixXd coefficient,
                         Eigen::VectorXd const& eigenvalue, Rotation rotation) {
  if (rotation == Rotation::varimax) {
    auto rotated = flat(loading);
    auto const turned = rotate_varimax(rotated, static_cast<std::size_t>(loading.cols()));
    loading = Eigen::Map<RowMajor const>(rotated.data(), loading.rows(), loading.cols());
    coefficient *= Eigen::Map<RowMajor const>(turned.data(), loading.cols(), loading.cols());
  }
  RowMajor loadings(loading.rows(), loading.cols()), coefficients(loading.rows(), loading.cols());
  Eigen::Index place = 0;
  for (auto const component : by_explained(loading)) {
    double const sign = sign_of(loading.col(component));
    loadings.col(place) = sign * loading.col(component);
    coefficients.col(place) = sign * coefficient.col(component);
    ++place;
  }
  FactorSolution out;
  out.components = static_cast<std::size_t>(loading.cols());
  out.eigenvalue.assign(eigenvalue.data(), eigenvalue.data() + eigenvalue.size());
  out.loading = flat(loadings);
  out.coefficient = flat(coefficients);
  for (Eigen::Index row = 0; row < loadings.rows(); ++row) {
    out.communality.push_back(loadings.row(row).squaredNorm());
    out.uniqueness.push_back(1.0 - out.communality.back());
  }
  for (Eigen::Index component = 0; component < loadings.cols(); ++component) {
    out.explained.push_back(loadings.col(component).squaredNorm() / static_cast<double>(loadings.rows()));
  }
  return out;
}

}  // namespace tessera::detail
