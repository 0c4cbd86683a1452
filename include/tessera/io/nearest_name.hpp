// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tessera {

/// Local. The name with the fewest single-character edits from `name`, the first of several; empty where
/// there are no names. Levenshtein, "Binary codes capable of correcting deletions, insertions and reversals",
/// 1966.
[[nodiscard]] std::string_view nearest_name(std::string_view name, std::span<std::string const> names);

}  // namespace tessera
