// SPDX-License-Identifier: Apache-2.0
#include "distinct.hpp"

#include <fmt/core.h>

namespace tessera::cluster {

InputError too_few_distinct_customers(std::uint64_t distinct, std::uint64_t k) {
  return InputError(
      fmt::format("only {} distinct customers for kmeans.k = {} segments", distinct, k),
      "customers with the same features cannot be told apart, so segments would stay empty",
      fmt::format("set kmeans.k to {} or less, or add features that tell customers apart", distinct));
}

}  // namespace tessera::cluster
