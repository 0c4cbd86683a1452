// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Centroids as the kernels want them.
namespace tessera {

class Centroids {
 public:
  /// Local. `coordinates`: row-major [k, columns], columns >= 1.
  Centroids(std::vector<float> coordinates, std::size_t columns);

  [[nodiscard]] std::size_t size() const noexcept { return half_norm_.size(); }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::span<float const> coordinates() const noexcept { return coordinates_; }
  [[nodiscard]] std::span<float const> row(std::size_t j) const noexcept {
    return std::span(coordinates_).subspan(j * columns_, columns_);
  }
  /// [k] |c|^2 / 2, summed in double in the order of the columns and rounded once.
  [[nodiscard]] std::span<float const> half_norm() const noexcept { return half_norm_; }

 private:
  std::size_t columns_;
  std::vector<float> coordinates_, half_norm_;
};

}  // namespace tessera
