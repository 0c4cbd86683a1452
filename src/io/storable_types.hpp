// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The types of the concept Storable, for instantiating a template for each: TESSERA_FOR_EACH_STORABLE(ONE)
/// expands ONE(type) for every type.
#define TESSERA_FOR_EACH_STORABLE(ONE) \
  ONE(std::uint8_t)                    \
  ONE(std::uint16_t)                   \
  ONE(std::int32_t)                    \
  ONE(std::uint32_t)                   \
  ONE(std::int64_t)                    \
  ONE(std::uint64_t)                   \
  ONE(float)                           \
  ONE(double)
