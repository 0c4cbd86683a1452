// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/anomalies.hpp"

#include "tessera/generate/dice.hpp"

#include <algorithm>

namespace tessera::generate {

std::optional<Anomaly> anomaly_of(BankSpec const& spec, Person const& person, unsigned q) {
  Dice dice(spec.seed, Topic::anomaly, person.ordinal, q);
  if (!dice.chance(kAnomalyShare)) return std::nullopt;
  auto const quarter = spec.quarter(q);
  auto const first = std::max(quarter.first_day(), person.since);
  auto const days = static_cast<std::uint64_t>(quarter.last_day() - first + 1);
  auto const kind = static_cast<AnomalyKind>(dice.below(kAnomalyNames.size()));
  return Anomaly{kind, first + static_cast<std::int32_t>(dice.below(days))};
}

}  // namespace tessera::generate
