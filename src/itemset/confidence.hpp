// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tessera {

/// A confidence as a fraction of counts, so that confidences are compared exactly.
struct Confidence {
  std::int64_t both = 0, antecedent = 1;

  [[nodiscard]] bool operator<(Confidence const& other) const noexcept {
    return static_cast<__int128>(both) * other.antecedent < static_cast<__int128>(other.both) * antecedent;
  }
};

}  // namespace tessera
