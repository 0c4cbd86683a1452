// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Items with a hierarchy (product, family, line): Srikant and Agrawal, "Mining generalized association
/// rules", VLDB 1995. Every basket also holds the ancestors of its items; itemsets that hold an item and its
/// ancestor are not formed.
namespace tessera {

/// Which item is a kind of which. A parent may be an item of the baskets itself.
struct Taxonomy {
  std::vector<std::pair<std::string, std::string>> child_and_parent;  ///< as in the file; no child twice
};

/// Local. From lines "child,parent", blank ones aside; a field in double quotes may hold commas, and doubled
/// quotes. `origin` names the file in messages. Throws InputError, with the line, for another number of
/// fields, an empty name, bad quoting, a child of two parents, and a cycle, which it names.
[[nodiscard]] Taxonomy parse_taxonomy(std::string_view text, std::string const& origin);

/// The parent of each item; kNoParent for the top of a hierarchy.
inline constexpr std::int32_t kNoParent = -1;
using Parents = std::vector<std::int32_t>;

/// Local. Whether one of two items is an ancestor of the other.
[[nodiscard]] bool are_related(Parents const& parents, std::int32_t a, std::int32_t b) noexcept;

/// *Collective.* Adds the ancestors of its items to every basket, and their names to item_names, in the order
/// of the taxonomy; returns the parents, [item_names]. Entries that concern no item are passed over. Throws
/// InputError where none does, naming `origin`.
[[nodiscard]] Parents add_ancestors(Communicator const& comm, Taxonomy const& taxonomy,
                                    std::string const& origin, Baskets& baskets);

}  // namespace tessera
