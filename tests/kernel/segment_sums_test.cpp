// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/segment_sums.hpp"

#include "tessera/core/fixed_point.hpp"
#include "tessera/core/random.hpp"

#include <gtest/gtest.h>

namespace tessera {
namespace {

constexpr std::size_t kRows = 300, kColumns = 7, kSegments = 5;

std::vector<float> make_rows() {
  Draw const draw(1, Purpose::generate);
  std::vector<float> out(kRows * kColumns);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(2 * draw.uniform(i) - 1);
  out[0] = 0.5F;
  return out;
}

std::vector<std::int32_t> make_segments(std::uint32_t round) {
  Draw const draw(2, Purpose::generate);
  std::vector<std::int32_t> out(kRows);
  for (std::size_t i = 0; i < kRows; ++i) out[i] = static_cast<std::int32_t>(draw.below(kSegments, i, round));
  return out;
}

TEST(SegmentSums, round_as_fixed_point_encode_does) {
  auto const rows = make_rows();
  auto const target = make_segments(0);
  // a coarse grid makes ties and small steps common; the fine one is what K-means uses
  for (auto const grid : {FixedPoint::for_sum(1.0, std::uint64_t{1} << 60), FixedPoint::for_sum(1.0, 4096)}) {
    std::vector<double> const scale(kColumns, grid.scale());
    SegmentSums sums(kSegments, kColumns), expected(kSegments, kColumns);
    std::vector<std::int32_t> segment(kRows, kNoSegment);
    EXPECT_EQ(move_rows<float>({rows.data(), scale}, nullptr, target, segment.data(), sums), kRows);
    for (std::size_t i = 0; i < kRows; ++i) {
      auto const to = static_cast<std::size_t>(target[i]);
      ++expected.size[to];
      for (std::size_t f = 0; f < kColumns; ++f) {
        expected.sum[to * kColumns + f] += grid.encode(double{rows[i * kColumns + f]});
      }
    }
    EXPECT_EQ(segment, target);
    EXPECT_EQ(sums.size, expected.size);
    EXPECT_EQ(sums.sum, expected.sum);
  }
}

TEST(SegmentSums, do_not_drift_however_often_rows_move) {
  auto const rows = make_rows();
  std::vector<double> const scale(kColumns, FixedPoint::for_sum(1.0, 4096).scale());
  SegmentSums sums(kSegments, kColumns), fresh(kSegments, kColumns);
  std::vector<std::int32_t> segment(kRows, kNoSegment), fresh_segment(kRows, kNoSegment);
  for (std::uint32_t round = 0; round < 20; ++round)
    move_rows<float>({rows.data(), scale}, nullptr, make_segments(round), segment.data(), sums);
  move_rows<float>({rows.data(), scale}, nullptr, make_segments(19), fresh_segment.data(), fresh);
  EXPECT_EQ(sums.sum, fresh.sum);
  EXPECT_EQ(sums.size, fresh.size);
  EXPECT_EQ(move_rows<float>({rows.data(), scale}, nullptr, make_segments(19), segment.data(), sums), 0U);
}

TEST(SegmentSums, weigh_rows_and_move_the_listed_ones_alone) {
  auto const rows = make_rows();
  std::vector<double> const scale(kColumns, FixedPoint::for_sum(3.0, 4096).scale());
  std::vector<float> weight(kRows);
  for (std::size_t i = 0; i < kRows; ++i) weight[i] = 0.25F * static_cast<float>(1 + i % 12);
  auto const weights = FixedPoint::for_sum(3.0, 4096);
  SummedRows<float> const summed{rows.data(), scale, weight.data(), weights.scale()};
  std::vector<std::uint32_t> const listed{3, 4, 299};
  std::vector<std::int32_t> const target{1, 1, 0};
  std::vector<std::int32_t> segment(kRows, kNoSegment);
  SegmentSums sums(kSegments, kColumns);
  EXPECT_EQ(move_rows(summed, listed.data(), target, segment.data(), sums), 3U);
  EXPECT_EQ(sums.size, (std::vector<std::int64_t>{1, 2, 0, 0, 0}));
  EXPECT_EQ(weights.decode(sums.weight[1]), 1.0 + 1.25);
  EXPECT_EQ(segment[3], 1);
  EXPECT_EQ(segment[5], kNoSegment);
  auto const x = [&](std::size_t row) { return static_cast<double>(rows[row * kColumns]); };
  EXPECT_NEAR(static_cast<double>(sums.sum[kColumns]) / scale[0], 1.0 * x(3) + 1.25 * x(4), 1e-12);
}

}  // namespace
}  // namespace tessera
