// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"

#include <string>
#include <utility>

/// Conversions between integer types that refuse to lose a value. Counts and sizes are 64-bit throughout;
/// this is the one gate to interfaces that want something smaller.
namespace tessera {

/// Local. The same value as another integer type. Throws BugError where it does not fit.
template <class To, class From>
[[nodiscard]] constexpr To narrow(From value) {
  if (!std::in_range<To>(value)) {
    throw BugError("the value " + std::to_string(value) + " does not fit the type that has to hold it");
  }
  return static_cast<To>(value);
}

}  // namespace tessera
