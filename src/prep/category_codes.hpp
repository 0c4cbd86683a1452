// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Category columns through their dictionaries.
namespace tessera::detail {

/// *Collective.* [categories] customers with each value.
[[nodiscard]] std::vector<std::uint64_t> category_counts(Communicator const& comm,
                                                         CategoryColumn const& column);

/// Local. Gives each category another value, or none; equal values become one, and the dictionary is in order
/// again. Returns how many rows of this rank have another value than before.
std::uint64_t rename_categories(CategoryColumn& column,
                                std::vector<std::optional<std::string>> const& renamed);

}  // namespace tessera::detail
