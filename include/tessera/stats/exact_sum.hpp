// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/exact_sum.hpp"

#include <span>
#include <vector>

/// Exact sums over ranks: the digits are integers, so their sum knows no order.
namespace tessera {

/// *Collective.* Element-wise sums over ranks, in place; the spans have the same length everywhere. Moves
/// 8 * ExactSum::kDigits = 560 bytes a sum.
void all_reduce(Communicator const& comm, std::span<ExactSum> sums);

/// *Collective.* The same, each rounded once.
[[nodiscard]] std::vector<double> exact_totals(Communicator const& comm, std::span<ExactSum> sums);

/// *Collective.* Sum of all ranks' doubles (finite), rounded once at the end.
[[nodiscard]] double exact_sum(Communicator const& comm, std::span<double const> values);

}  // namespace tessera
