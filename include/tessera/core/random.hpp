// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// Counter-based randomness: a draw is a pure function of (seed, purpose, row, round), so that it cannot
/// depend on ranks, threads or the order in which draws are made. Philox4x32-10: Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011.
namespace tessera {

/// What a draw is for; draws for different purposes are independent. Stored results depend on these numbers.
enum class Purpose : std::uint32_t {
  random_centroids = 1,
  kmeans_plus_plus = 2,
  kmeans_parallel = 3,
  recluster = 4,
  sample = 5,
  generate = 6,
  accept_seed = 7,
};

/// A family of draws for one seed and purpose.
class Draw {
 public:
  Draw(std::uint64_t seed, Purpose purpose) noexcept : seed_(seed), purpose_(purpose) {}

  /// Local. 64 uniform bits.
  [[nodiscard]] std::uint64_t bits(std::uint64_t row, std::uint32_t round = 0) const noexcept;
  /// Local. Uniform in [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform(std::uint64_t row, std::uint32_t round = 0) const noexcept {
    return static_cast<double>(bits(row, round) >> 11) * 0x1p-53;
  }
  /// Local. Uniform in [0, bound) up to a bias below bound * 2^-64; bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound, std::uint64_t row,
                                    std::uint32_t round = 0) const noexcept {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits(row, round)) * bound) >> 64);
  }

 private:
  std::uint64_t seed_;
  Purpose purpose_;
};

}  // namespace tessera
