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
  for (std::size_t const n : {0U, 1U, 7U, 16U, 64U, 65U, 300U}) {
    std::vector<std::int32_t> segment(n);
    std::vector<float> deadline(n);
    std::vector<std::uint32_t> listed(n + 16), expected;
    float slack = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
      segment[i] = static_cast<std::int32_t>(draw.below(clock.size(), i));
      auto const now = clock[static_cast<std::size_t>(segment[i])];
      deadline[i] = i % 3 == 0 ? now : static_cast<float>(4 * draw.uniform(i, 1));  // at it counts
      slack = std::min(slack, deadline[i] - now);
      if (now >= deadline[i]) expected.push_back(static_cast<std::uint32_t>(100 + i));
    }
    auto const due = due_rows(segment, deadline, clock, 100, listed.data());
    listed.resize(due.count);
    EXPECT_EQ(listed, expected);
    EXPECT_EQ(due.slack, slack);
  }
}

}  // namespace
}  // namespace tessera
