// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "aggregate_state.hpp"
#include "wide_integer.hpp"

/// Aggregates that a customer's accumulators alone tell, by the formulas of docs/features.md.
namespace tessera::detail {

/// A customer's cells of one recipe.
class CustomerCells {
 public:
  CustomerCells(AggregateState const& state, Recipe const& recipe, std::size_t customer)
      : state_(state), recipe_(recipe), customer_(customer) {}

  [[nodiscard]] std::size_t size() const { return recipe_.cells.size(); }
  [[nodiscard]] std::uint64_t const* words(std::size_t i) const {
    return state_.cell(customer_, recipe_.cells[i]);
  }
  [[nodiscard]] std::uint64_t count(std::size_t i) const { return words(i)[0]; }
  [[nodiscard]] std::int64_t day(std::size_t i) const { return static_cast<std::int64_t>(words(i)[0]); }
  [[nodiscard]] double number(std::size_t i, std::size_t word = 0) const {
    return std::bit_cast<double>(words(i)[word]);
  }
  [[nodiscard]] Int128 sum(std::size_t i) const { return load_int128(words(i)); }
  template <std::size_t Words>
  [[nodiscard]] WideInteger<Words> wide(std::size_t i) const {
    return WideInteger<Words>::load(words(i));
  }

 private:
  AggregateState const& state_;
  Recipe const& recipe_;
  std::size_t customer_;
};

/// Local. The value of such an aggregate; missing where it has none. Throws BugError for the others.
[[nodiscard]] double value_from(CustomerCells const& cells, AggregateSpec const& spec);

}  // namespace tessera::detail
