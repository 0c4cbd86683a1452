// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"
#include "tessera/profile/segment_means.hpp"
#include "tessera/profile/segment_totals.hpp"

#include <cmath>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

constexpr std::uint64_t kRows = 6000;
constexpr std::size_t kColumns = 3, kSegments = 4;

Matrix<double> positive_matrix(Communicator const& comm) {
  Draw const draw(5, Purpose::generate);
  Matrix<double> out{regular_blocks(kRows, comm.rank(), comm.size()), kColumns, {}};
  for (std::size_t row = 0; row < out.rows(); ++row) {
    for (std::uint32_t c = 0; c < kColumns; ++c)
      out.values.push_back(0.1 + draw.uniform(out.blocks.global(LocalRow{row}).value, c));
  }
  return out;
}

std::vector<double> weights_of_rows(RowBlocks const& blocks) {
  std::vector<double> out;
  for (std::size_t row = 0; row < blocks.rows(); ++row)
    out.push_back(0.5 + static_cast<double>(blocks.global(LocalRow{row}).value % 7));
  return out;
}

/// Weighted means of the rows brought to length 1, by segment.
std::vector<double> means_of_directions(Communicator const& comm, Matrix<double> const& matrix,
                                        std::span<std::int32_t const> segment,
                                        std::span<double const> weight) {
  std::vector<double> length(matrix.rows()), column(matrix.rows()), out(kSegments * kColumns);
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    for (double const value : matrix.row(LocalRow{row})) length[row] += value * value;
  }
  auto const total = segment_totals(comm, segment, weight, kSegments);
  for (std::size_t c = 0; c < kColumns; ++c) {
    for (std::size_t row = 0; row < matrix.rows(); ++row)
      column[row] = weight[row] * matrix.row(LocalRow{row})[c] / std::sqrt(length[row]);
    auto const sums = segment_totals(comm, segment, column, kSegments);
    for (std::size_t j = 0; j < kSegments; ++j) out[j * kColumns + c] = sums[j] / total[j];
  }
  return out;
}

KMeansResult segments(Communicator const& comm, Distance distance, std::vector<double> weight) {
  KMeansOptions options;
  options.k = {kSegments};
  options.distance = distance;
  return kmeans(comm, positive_matrix(comm), options, Progress::silent(), std::move(weight));
}

TEST(SegmentMeans, are_the_centroids) {
  auto const result = segments(test::world(), Distance::euclidean, {});
  EXPECT_EQ(segment_means(test::world(), result, Distance::euclidean, {}), result.models[0].centroids);
}

TEST(SegmentMeans, of_the_cosine_distance_are_means_of_customers_brought_to_length_1) {
  auto const& comm = test::world();
  auto const matrix = positive_matrix(comm);
  for (bool const weighted : {false, true}) {
    auto const weight = weighted ? weights_of_rows(matrix.blocks) : std::vector<double>{};
    auto const result = segments(comm, Distance::cosine, weight);
    ASSERT_TRUE(result.models[0].converged);
    auto const actual = segment_means(comm, result, Distance::cosine, weight);
    auto const expected = means_of_directions(comm, matrix, result.segment,
                                              weighted ? weight : std::vector<double>(matrix.rows(), 1.0));
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-7) << i;
  }
}

TEST(SegmentTotals, do_not_depend_on_ranks) {
  auto const& comm = test::world();
  auto const blocks = regular_blocks(kRows, comm.rank(), comm.size());
  std::vector<std::int32_t> segment;
  std::vector<double> value;
  for (std::size_t row = 0; row < blocks.rows(); ++row) {
    auto const global = blocks.global(LocalRow{row}).value;
    segment.push_back(static_cast<std::int32_t>(global % 3));
    value.push_back(std::ldexp(1.0, static_cast<int>(global % 3) * 40) + static_cast<double>(global % 2));
  }
  double const in_each = kRows / 3;  // every other of them is odd
  EXPECT_EQ(segment_totals(comm, segment, value, 4),
            (std::vector<double>{in_each * 1.5, in_each * 0x1p40 + in_each / 2,
                                 in_each * 0x1p80 + in_each / 2, 0.0}));
}

}  // namespace
}  // namespace tessera
