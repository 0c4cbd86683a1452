// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace tessera {

/// What is commonly read from a population stability index: below 0.1 nothing of note, from 0.1 on a shift to
/// look into, from 0.25 on another population (Siddiqi, "Credit Risk Scorecards", 2006).
inline constexpr double kNotableDrift = 0.1, kLargeDrift = 0.25;

/// Local. Population stability index of two distributions over the same bins: the sum over bins of
/// (q - p) * ln(q / p) with p and q the shares of each bin before and now. Half a customer is added to every
/// bin, so that an empty one gives a finite index. 0 without bins. The order of bins is that of the sum.
[[nodiscard]] double population_stability(std::span<std::uint64_t const> before,
                                          std::span<std::uint64_t const> now);

}  // namespace tessera
