// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"

#include <cstdint>

namespace tessera::cluster {

/// Local. The error for more segments than different customers.
[[nodiscard]] InputError too_few_distinct_customers(std::uint64_t distinct, std::uint64_t k);

}  // namespace tessera::cluster
