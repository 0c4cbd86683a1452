// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Amounts and durations as people write them.
namespace tessera {

/// Local. Three digits and a decimal prefix: with_unit(1234567, "B") is "1.23 MB".
[[nodiscard]] std::string with_unit(double amount, std::string_view unit);

/// Local. Hours, minutes and seconds: "1:02:03"; less than nothing is "0:00:00".
[[nodiscard]] std::string as_duration(double seconds);

}  // namespace tessera
