// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/prep/features.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// Category columns as numbers.
namespace tessera::detail {

/// *Collective.* The share of each category among the customers that have one.
[[nodiscard]] CategoryValues category_shares(Communicator const& comm, CategoryColumn const& column);

/// Local. [rows] the share of the customer's category; NaN where it is missing. `shares`: of all categories.
[[nodiscard]] std::vector<double> frequencies(CategoryColumn const& column, CategoryValues const& shares);

/// Local. [rows] 1 for the customers of this category, 0 for all others.
[[nodiscard]] std::vector<double> ones_of(CategoryColumn const& column, std::size_t category);

/// Categories that get a feature of their own.
struct Chosen {
  std::vector<std::size_t> categories;  ///< ascending
  std::uint64_t left_out = 0;           ///< categories that some customer has, without one
  std::uint64_t customers = 0;          ///< in those
};

/// *Collective.* Those of at least spec.min_share of all customers, and of these the spec.max_categories most
/// frequent; of equally frequent ones, the first by value.
[[nodiscard]] Chosen choose_categories(Communicator const& comm, CategoryColumn const& column,
                                       FeatureSpec const& spec);

}  // namespace tessera::detail
