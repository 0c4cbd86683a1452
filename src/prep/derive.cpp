// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/derive.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/quantiles.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "columns.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// *Collective.*
std::vector<double> quintiles(Communicator const& comm, std::span<double const> values, Best best) {
  constexpr std::array<double, 4> kEdges{0.2, 0.4, 0.6, 0.8};
  auto const edges = quantiles(comm, values, kEdges);
  auto out = together(comm, [&] { return std::vector<double>(values.size(), kMissingNumber); });
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row])) continue;
    out[row] = 1.0;
    for (auto const edge : edges)
      out[row] += (best == Best::high ? values[row] > edge : values[row] < edge) ? 1.0 : 0.0;
  }
  return out;
}

/// A NaN operand makes a NaN result: missing.
double combined(Derivation kind, double a, double b) {
  if (kind == Derivation::ratio && b == 0.0) return kMissingNumber;
  double const result = kind == Derivation::ratio ? a / b : a - b;
  return std::isfinite(result) ? result : kMissingNumber;
}

}  // namespace

Column derive(Communicator const& comm, Table const& customers, DerivedSpec const& spec) {
  auto const operand = [&](std::size_t i) {
    if (i < spec.operands.size())
      return detail::numbers_of(customers, spec.operands[i], "feature " + spec.name);
    throw BugError(fmt::format("feature {} has too few operands", spec.name));
  };
  if (spec.kind == Derivation::quintile)
    return {spec.name, ColumnType::integer, NumberColumn{quintiles(comm, operand(0), spec.best)}};
  auto const a = operand(0), b = operand(1);
  auto values = together(comm, [&] { return std::vector<double>(a.size()); });
  for (std::size_t row = 0; row < values.size(); ++row) values[row] = combined(spec.kind, a[row], b[row]);
  return {spec.name, ColumnType::real, NumberColumn{std::move(values)}};
}

}  // namespace tessera
