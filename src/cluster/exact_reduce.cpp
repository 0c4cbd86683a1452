// SPDX-License-Identifier: Apache-2.0
#include "exact_reduce.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstdint>

namespace tessera::cluster {

std::vector<double> all_reduce_exact(Communicator const& comm, std::span<ExactSum> sums) {
  constexpr auto kDigits = ExactSum::kDigits;
  std::vector<std::int64_t> digits(sums.size() * kDigits);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i].normalize();
    std::ranges::copy(sums[i].digits(), digits.data() + i * kDigits);
  }
  all_reduce(comm, std::span(digits), Reduce::sum);
  std::vector<double> out(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    ExactSum total;
    std::copy_n(digits.data() + i * kDigits, kDigits, total.digits().data());
    out[i] = total.value();
  }
  return out;
}

}  // namespace tessera::cluster
