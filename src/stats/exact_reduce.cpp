// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/exact_reduce.hpp"

#include <algorithm>

#include "tessera/comm/collectives.hpp"

namespace tessera {

std::vector<double> exact_totals(Communicator const& comm, std::span<ExactSum> sums) {
  std::vector<std::int64_t> digits(sums.size() * ExactSum::kDigits);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i].normalize();
    std::ranges::copy(sums[i].digits(), digits.begin() + static_cast<std::ptrdiff_t>(i * ExactSum::kDigits));
  }
  all_reduce(comm, std::span(digits), Reduce::sum);
  std::vector<double> totals(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    ExactSum total;
    std::copy_n(digits.begin() + static_cast<std::ptrdiff_t>(i * ExactSum::kDigits), ExactSum::kDigits,
                total.digits().begin());
    totals[i] = total.value();
  }
  return totals;
}

}  // namespace tessera
