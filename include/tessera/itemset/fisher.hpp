// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace tessera {

/// Of `rows` rows, so many hold A, C, and both.
struct TwoByTwo {
  std::int64_t rows, with_a, with_c, both;
};

/// Local. Fisher's exact test, one-sided: the probability that at least `both` rows hold A and C when
/// `with_a` and `with_c` of `rows` rows hold them and they are independent; the upper tail of the
/// hypergeometric distribution. Point probabilities by Loader, "Fast and accurate computation of binomial
/// probabilities", 2000, so that no digits are lost to differences of large logarithms. The cost grows with
/// the standard deviation of `both`. Precondition: max(0, with_a + with_c - rows) <= both <= min(with_a,
/// with_c).
[[nodiscard]] double fisher_greater(TwoByTwo const& table);

/// Local. The same for many tables, bit for bit, their sums in vectors. `p_values`: [tables].
void fisher_greater(std::span<TwoByTwo const> tables, std::span<double> p_values);

}  // namespace tessera
