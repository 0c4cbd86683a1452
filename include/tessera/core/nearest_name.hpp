// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tessera {

/// Local. The candidate with the smallest edit distance (Levenshtein 1966) to a misspelt name, for "did you
/// mean"; ties to the first; "" when there is no candidate.
[[nodiscard]] std::string nearest_name(std::string_view name, std::span<std::string const> candidates);

}  // namespace tessera
