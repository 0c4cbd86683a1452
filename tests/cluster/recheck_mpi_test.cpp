// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/recheck.hpp"
#include "tessera/core/random.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

/// Row i is a function of i, so that every number of ranks has the same matrix.
template <class T>
Matrix<T> scattered_rows(std::uint64_t rows) {
  constexpr std::size_t kColumns = 3;
  Matrix<T> out{regular_blocks(rows, world().rank(), world().size()), kColumns, {}};
  Draw const draw(5, Purpose::generate);
  for (std::size_t row = 0; row < out.blocks.rows(); ++row) {
    for (std::uint32_t f = 0; f < kColumns; ++f)
      out.values.push_back(static_cast<T>(1 + draw.uniform(out.blocks.first_row + row, f)));
  }
  return out;
}

template <class T>
class Recheck : public testing::Test {
 protected:
  void cluster(std::uint64_t rows, Distance distance) {
    distance_ = distance;
    matrix_ = scattered_rows<T>(rows);
    auto result = kmeans<T>(world(), matrix_, {.k = {5}, .seed = 3, .distance = distance});
    centroids_ = result.models.front().centroids;
    claimed_ = {result.segment, result.distance};
    wanted_.assign(matrix_.rows(), 1);
  }
  [[nodiscard]] LabelRecheck recheck() const {
    return recheck_labels<T>(world(), matrix_, distance_, centroids_, claimed_, wanted_);
  }
  [[nodiscard]] bool owns_first_row() const { return matrix_.blocks.owns(GlobalRow{0}); }

  Distance distance_ = Distance::euclidean;
  Matrix<T> matrix_;
  std::vector<double> centroids_;
  ClaimedLabels claimed_;
  std::vector<std::uint8_t> wanted_;
};

using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Recheck, Precisions);

TYPED_TEST(Recheck, agrees_with_kmeans_by_both_distances) {
  for (auto const distance : {Distance::euclidean, Distance::cosine}) {
    this->cluster(20'000, distance);
    auto const found = this->recheck();
    EXPECT_EQ(found.checked, 20'000U);
    EXPECT_EQ(found.other_segment, 0U);
    EXPECT_EQ(found.other_distance, 0U);
  }
}

TYPED_TEST(Recheck, finds_a_single_customer_with_another_label) {
  this->cluster(5'000, Distance::euclidean);
  if (this->owns_first_row()) this->claimed_.segment[0] = (this->claimed_.segment[0] + 1) % 5;
  EXPECT_EQ(this->recheck().other_segment, 1U);
}

TYPED_TEST(Recheck, finds_a_label_that_is_no_segment) {
  this->cluster(5'000, Distance::euclidean);
  for (std::int32_t const label : {-1, 5}) {
    if (this->owns_first_row()) this->claimed_.segment[0] = label;
    EXPECT_EQ(this->recheck().other_segment, 1U);
  }
}

TYPED_TEST(Recheck, finds_a_single_customer_at_another_distance) {
  this->cluster(5'000, Distance::euclidean);
  if (this->owns_first_row()) this->claimed_.distance[0] *= 1.0001F;
  auto const found = this->recheck();
  EXPECT_EQ(found.other_distance, 1U);
  EXPECT_EQ(found.other_segment, 0U);
}

TYPED_TEST(Recheck, looks_only_at_who_is_wanted) {
  this->cluster(5'000, Distance::euclidean);
  if (this->owns_first_row()) {
    this->claimed_.segment[0] = (this->claimed_.segment[0] + 1) % 5;
    this->wanted_[0] = 0;
  }
  auto const found = this->recheck();
  EXPECT_EQ(found.checked, 4'999U);
  EXPECT_EQ(found.other_segment, 0U);
}

}  // namespace
}  // namespace tessera
