// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/nearest.hpp"
#include "tessera/kernel/simd.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tessera::test {

/// Local. Whether scans give reaches at the SIMD level in use: without a fused multiply-add all of them are
/// zero, and nothing is pruned.
inline bool gives_reaches() {
  Centroids<float> const centroids({0.0F, 1.0F}, 1);
  float const row = 0.25F;
  std::int32_t label = 0;
  float reach = 0, radius = 0;
  NearestScan<float> const scan{&centroids, &label, &reach, &radius};
  scan_nearest<float>(&row, nullptr, 1, {&scan, 1});
  return reach > 0;
}

/// Runs at each SIMD level that gives reaches, and brings the best level back.
class AtLevelWithReaches : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    use_simd_level(GetParam());
    if (!gives_reaches()) GTEST_SKIP() << "no reaches at this level";
  }
  void TearDown() override { use_simd_level(simd_levels().front()); }
};

}  // namespace tessera::test
