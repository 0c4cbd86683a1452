// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/person.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// Planted anomalies: a day on which an account does what it never does.
namespace tessera::generate {

enum class AnomalyKind : std::uint8_t {
  large_transfer,  ///< one transfer of six to twelve monthly incomes
  card_burst,      ///< 15 to 30 online payments on a day
  cash_run,        ///< five to eight withdrawals of 500 on a day
};
inline constexpr std::array<std::string_view, 3> kAnomalyNames{"large_transfer", "card_burst", "cash_run"};
/// Share of customers with one, a quarter.
inline constexpr double kAnomalyShare = 0.004;

struct Anomaly {
  AnomalyKind kind;
  std::int32_t day;
};

/// Local. The anomaly of a customer's quarter, if there is one.
[[nodiscard]] std::optional<Anomaly> anomaly_of(BankSpec const& spec, Person const& person, unsigned q);

}  // namespace tessera::generate
