// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/due_rows.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

class DueRowsAt : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { use_simd_level(GetParam()); }
  void TearDown() override { use_simd_level(simd_levels().front()); }
};
INSTANTIATE_TEST_SUITE_P(Levels, DueRowsAt, testing::ValuesIn(simd_levels()),
                         [](auto const& level) { return level.param; });

TEST_P(DueRowsAt, lists_the_rows_whose_clock_has_reached_their_deadline) {
  Draw const draw(3, Purpose::generate);
  std::vector<float> const clock{0.0F, 0.25F, 0.5F, 1.0F, 3.0F};
  float const fastest = 3.5F;
  for (std::size_t const n : {0U, 1U, 7U, 16U, 64U, 65U, 300U, 1024U}) {
    std::vector<std::int32_t> segment(n);
    std::vector<float> deadline(n), block((n + kDueBlock - 1) / kDueBlock);
    std::vector<float> least(block.size(), std::numeric_limits<float>::infinity());
    std::vector<std::uint32_t> listed(n + kDuePadding), expected;
    for (std::size_t i = 0; i < n; ++i) {
      segment[i] = static_cast<std::int32_t>(draw.below(clock.size(), i));
      auto const now = clock[static_cast<std::size_t>(segment[i])];
      bool const in_doubt = i / kDueBlock % 3 == 1;
      deadline[i] = in_doubt && i % 3 == 0
                        ? now
                        : now + (in_doubt ? -1.0F : 1.0F) * static_cast<float>(draw.uniform(i, 1));
      least[i / kDueBlock] = std::min(least[i / kDueBlock], deadline[i] - now);
      if (now >= deadline[i]) expected.push_back(static_cast<std::uint32_t>(i));
    }
    listed.resize(due_rows({segment, deadline, block}, clock, fastest, listed.data()));
    EXPECT_EQ(listed, expected);
    for (std::size_t b = 0; b < block.size(); ++b) {
      EXPECT_LE(block[b], least[b] <= 0 ? 0.0F : fastest + least[b]);
      EXPECT_GE(block[b], least[b] <= 0 ? 0.0F : (fastest + least[b]) * (1 - 0x1p-20F));
    }
  }
}

TEST_P(DueRowsAt, leaves_out_blocks_whose_deadline_has_not_come) {
  std::vector<std::int32_t> const segment(2 * kDueBlock);
  std::vector<float> const deadline(2 * kDueBlock, 1.0F), clock{2.0F};
  std::vector<float> block{0.0F, 5.0F};
  std::vector<std::uint32_t> listed(segment.size() + kDuePadding);
  EXPECT_EQ(due_rows({segment, deadline, block}, clock, 4.0F, listed.data()), kDueBlock);
  EXPECT_EQ(block[1], 5.0F);
  EXPECT_EQ(due_rows({segment, deadline, block}, clock, 5.0F, listed.data()), 2 * kDueBlock);
}

}  // namespace
}  // namespace tessera
