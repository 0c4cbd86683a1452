// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/weights.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "columns.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

std::span<double const> column_of(Table const& customers, std::string const& column) {
  return detail::numbers_of(customers, column, "kmeans.weight");
}

/// Empty where the value is a weight.
std::string_view fault_of(double value) {
  if (std::isnan(value)) return "no value";
  if (!(value > 0)) return "a value that is not above 0";
  bool const held = value >= std::numeric_limits<float>::min() && value <= std::numeric_limits<float>::max();
  return held ? "" : "a value beyond what single precision holds (1.2e-38 to 3.4e38)";
}

}  // namespace

void check_weights(Communicator const& comm, Table const& customers, std::string const& column) {
  if (column.empty()) return;
  auto const before = exclusive_scan(comm, static_cast<std::uint64_t>(customers.rows()));
  together(comm, [&] {
    auto const values = column_of(customers, column);
    for (std::size_t row = 0; row < values.size(); ++row) {
      auto const fault = fault_of(values[row]);
      if (fault.empty()) continue;
      throw InputError(
          fmt::format(
              "row {} of table {} (counted from 1 over its files, headers and rejected rows left out) "
              "has {} in column {}",
              before + row + 1, customers.name, fault, column),
          "kmeans.weight tells how many customers a row counts as, which must be a number above 0",
          fmt::format(
              "correct the files, or have such rows rejected: in [table.column.{}] set min above 0, and "
              "missing = [] where values are missing",
              column));
    }
  });
}

std::vector<double> weights_of(Table const& customers, std::string const& column) {
  if (column.empty()) return {};
  auto const values = column_of(customers, column);
  return {values.begin(), values.end()};
}

}  // namespace tessera
