// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/machine_probe.hpp"

#include "tessera/kernel/simd.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(MachineProbe, every_chain_of_multiply_adds_ends_at_its_fixed_point) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    auto const work = probe_multiply_add(100);
    auto const lanes = work.amount / (2.0 * 100 * 8 * 12);
    EXPECT_NEAR(work.witness, 12 * lanes, 1e-3) << level;
  }
  use_simd_level(simd_levels().front());
}

TEST(MachineProbe, reads_every_value_at_awkward_lengths) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t const count : {0U, 1U, 47U, 192U, 1000U}) {
      std::vector<float> const ones(count, 1.0F);
      auto const work = probe_read(ones);
      EXPECT_EQ(work.witness, static_cast<float>(count)) << level;
      EXPECT_EQ(work.amount, 4.0 * static_cast<double>(count));
    }
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera
