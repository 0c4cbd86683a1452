// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/segment_profile.hpp"

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(SegmentProfile, counts_items_by_segment_over_all_ranks) {
  auto const& comm = test::world();
  constexpr std::uint64_t kRows = 5000;
  Baskets baskets;
  baskets.blocks = regular_blocks(kRows, comm.rank(), comm.size());
  baskets.item_names = {"even", "third", "none"};
  std::vector<std::int32_t> segment;
  for (std::size_t row = 0; row < baskets.blocks.rows(); ++row) {
    auto const global = baskets.blocks.global(LocalRow{row}).value;
    if (global % 2 == 0) baskets.items.push_back(0);
    if (global % 3 == 0) baskets.items.push_back(1);
    baskets.offset.push_back(baskets.items.size());
    segment.push_back(global % 2 == 0 ? 1 : 0);
  }
  std::vector<double> const means{1.0, 5.0, 3.0, 5.0};
  MatrixMoments const base{{2.0, 5.0}, {0.5, 0.0}};
  auto const profiles = profile_segments(comm, means, base, baskets, segment);
  EXPECT_EQ(profiles.item_support, (std::vector<std::int64_t>{0, 833, 0, 2500, 834, 0}));
  EXPECT_EQ(profiles.effect_size, (std::vector<double>{-2.0, 0.0, 2.0, 0.0}))
      << "a constant feature has no effect";
}

}  // namespace
}  // namespace tessera
