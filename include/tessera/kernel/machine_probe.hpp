// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

/// What this core can do at most, so that a kernel's rate can be told as a share of it. Both run at the SIMD
/// level in use; the caller takes the time.
namespace tessera {

/// Work done, and a value that depends on all of it, so that no compiler leaves it out.
struct ProbeWork {
  double amount = 0;
  float witness = 0;
};

/// Local. Fused multiply-adds between registers alone, in enough independent chains to hide their latency;
/// amount: floating-point operations, two a fused multiply-add and lane. A round is about a hundred
/// instructions.
[[nodiscard]] ProbeWork probe_multiply_add(std::uint64_t rounds);

/// Local. Reads every value once, in order; amount: bytes.
[[nodiscard]] ProbeWork probe_read(std::span<float const> values);

}  // namespace tessera
