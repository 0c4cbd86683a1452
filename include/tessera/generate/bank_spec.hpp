// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/calendar.hpp"

#include <cstdint>

/// What decides every byte of a synthetic bank.
namespace tessera::generate {

enum class Difficulty {
  easy,       ///< segments far apart: clustering finds them
  realistic,  ///< segments overlap as customers do
};

inline constexpr unsigned kMostQuarters = 8;
inline constexpr std::uint64_t kMostCustomers = (std::uint64_t{1} << 48) - 1;

struct BankSpec {
  std::uint64_t customers = 0;  ///< over all quarters; 1 to kMostCustomers
  std::uint64_t seed = 1;
  unsigned quarters = 2;                  ///< 1 to kMostQuarters, the last of them 2026Q3
  double transactions_per_customer = 50;  ///< a quarter, the mean over customers; kLeastTransactions or more
  Difficulty difficulty = Difficulty::realistic;

  /// Quarter q of quarters, 0 the first.
  [[nodiscard]] Quarter quarter(unsigned q) const { return quarter_before_last(quarters - 1 - q); }
  /// Spreads of easy segments are smaller.
  [[nodiscard]] double spread() const noexcept { return difficulty == Difficulty::easy ? 0.35 : 1.0; }
};

/// Wages, rent, standing orders and savings come to about 17 a quarter.
inline constexpr double kLeastTransactions = 20;

}  // namespace tessera::generate
