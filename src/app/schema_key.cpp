// SPDX-License-Identifier: Apache-2.0
#include "schema_key.hpp"

#include <cmath>

#include <fmt/format.h>

namespace tessera::schema {

std::string range_of(Key const& key) {
  if (std::isfinite(key.min) && std::isfinite(key.max)) return fmt::format("{} to {}", key.min, key.max);
  if (std::isfinite(key.min)) return fmt::format("{} or more", key.min);
  if (std::isfinite(key.max)) return fmt::format("{} or less", key.max);
  return "";
}

}  // namespace tessera::schema
