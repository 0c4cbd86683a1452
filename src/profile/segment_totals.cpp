// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/segment_totals.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <cstddef>

namespace tessera {

std::vector<double> segment_totals(Communicator const& comm, std::span<std::int32_t const> segment,
                                   std::span<double const> values, std::uint64_t segments) {
  auto sums = together(comm, [&] { return std::vector<ExactSum>(segments); });
  for (std::size_t row = 0; row < segment.size(); ++row)
    sums[static_cast<std::size_t>(segment[row])].add(values[row]);
  return exact_totals(comm, sums);
}

}  // namespace tessera
