// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/exact_sum.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tessera {

void all_reduce(Communicator const& comm, std::span<ExactSum> sums) {
  std::vector<std::int64_t> digits;
  digits.reserve(sums.size() * ExactSum::kDigits);
  for (auto& sum : sums) {
    sum.normalize();
    digits.insert(digits.end(), sum.digits().begin(), sum.digits().end());
  }
  all_reduce(comm, std::span(digits), Reduce::sum);
  auto from = digits.cbegin();
  for (auto& sum : sums) {
    std::copy_n(from, ExactSum::kDigits, sum.digits().begin());
    from += ExactSum::kDigits;
    sum.normalize();
  }
}

std::vector<double> exact_totals(Communicator const& comm, std::span<ExactSum> sums) {
  all_reduce(comm, sums);
  std::vector<double> totals(sums.size());
  std::transform(sums.begin(), sums.end(), totals.begin(), [](ExactSum const& sum) { return sum.value(); });
  return totals;
}

double exact_sum(Communicator const& comm, std::span<double const> values) {
  ExactSum sum;
  for (auto const value : values) sum.add(value);
  all_reduce(comm, std::span(&sum, 1));
  return sum.value();
}

}  // namespace tessera
