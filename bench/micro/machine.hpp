// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What the micro-benchmarks share: the machine's limits, taken in the same run, and data to work on.
namespace tessera::bench {

/// Fused multiply-add peak of this core in flop/s, now: the best of some short samples, so that whoever else
/// wants the core does not make it look slow. Clocks of shared machines wander, so each benchmark asks again.
[[nodiscard]] double peak_flops();

/// `count` floats in [-1, 1), a pure function of the position. Longer than `kPattern`, the pattern repeats:
/// caches do not care.
[[nodiscard]] std::vector<float> random_values(std::size_t count, std::uint64_t seed);
inline constexpr std::size_t kPattern = std::size_t{1} << 20;

/// 512 MiB of values, made at first use: more than any last cache level that one core gets to keep.
[[nodiscard]] std::span<float const> large_values();

/// Rows in windows that wander through memory: each call gives the next `rows` x `columns` values. Windows of
/// `large_values` are cold when their turn comes again; a single window of fresh values stays where it fits.
class Windows {
 public:
  Windows(std::span<float const> values, std::size_t window) : values_(values), window_(window) {}
  [[nodiscard]] std::span<float const> next() noexcept {
    if (first_ + window_ > values_.size()) first_ = 0;
    auto const out = values_.subspan(first_, window_);
    first_ += window_;
    return out;
  }

 private:
  std::span<float const> values_;
  std::size_t window_, first_ = 0;
};

}  // namespace tessera::bench
