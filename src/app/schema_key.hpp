// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <string_view>

namespace tessera::schema {

/// A key of a configuration.
struct Key {
  std::string_view name;
  std::string_view help;
  std::string_view unit = "";
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool required = false;
};

/// Local. "0 to 1", "1 or more", or nothing where every number will do.
[[nodiscard]] std::string range_of(Key const& key);

}  // namespace tessera::schema
