// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Centroids as the kernels want them, in float or double.
namespace tessera {

template <class T>
class Centroids {
 public:
  /// Local. `coordinates`: row-major [k, columns], columns >= 1.
  Centroids(std::vector<T> coordinates, std::size_t columns);

  [[nodiscard]] std::size_t size() const noexcept { return half_norm_.size(); }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::span<T const> coordinates() const noexcept { return coordinates_; }
  [[nodiscard]] std::span<T const> row(std::size_t j) const noexcept {
    return std::span(coordinates_).subspan(j * columns_, columns_);
  }
  /// [k] |c|^2 / 2, summed in double in the order of the columns and rounded once.
  [[nodiscard]] std::span<T const> half_norm() const noexcept { return half_norm_; }

 private:
  std::size_t columns_;
  std::vector<T> coordinates_, half_norm_;
};

extern template class Centroids<float>;
extern template class Centroids<double>;

}  // namespace tessera
