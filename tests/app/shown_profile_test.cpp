// SPDX-License-Identifier: Apache-2.0
#include "../src/app/shown_profile.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using Flags = std::vector<std::uint8_t>;

/// Two features, the second of which is 1 for those with the value b.
SegmentCounts of_values(std::vector<std::int64_t> with_b) {
  return {.size = {100, 100, 100}, .item = {}, .support = {}, .features = 2, .binary = {{1, "x=b", with_b}}};
}

TEST(ShownProfile, hides_means_of_a_feature_that_few_have_and_what_would_give_them_back) {
  auto const shown = shown_profile(of_values({3, 60, 50}), 20);
  EXPECT_EQ(shown.segment, Flags({1, 1, 1}));
  EXPECT_EQ(shown.feature[1], 0);
  EXPECT_EQ(shown.feature[3] + shown.feature[5], 1) << "the total tells one that is hidden alone";
  for (std::size_t segment = 0; segment < 3; ++segment) EXPECT_EQ(shown.feature[2 * segment], 1);
}

TEST(ShownProfile, hides_means_of_a_feature_that_all_but_few_have) {
  EXPECT_EQ(shown_profile(of_values({97, 60, 50}), 20).feature[1], 0);
}

TEST(ShownProfile, shows_means_of_a_feature_that_many_or_none_have) {
  EXPECT_EQ(shown_profile(of_values({0, 60, 50}), 20).feature, Flags(6, 1));
  EXPECT_EQ(shown_profile(of_values({3, 60, 50}), 0).feature, Flags(6, 1));
}

TEST(ShownProfile, hides_a_feature_of_0_and_1_whose_counts_are_unknown) {
  EXPECT_EQ(shown_profile(of_values({}), 20).feature, Flags({1, 0, 1, 0, 1, 0}));
  EXPECT_EQ(shown_profile(of_values({}), 1).feature, Flags(6, 1));
}

TEST(ShownProfile, treats_items_and_features_of_a_column_as_one_table) {
  SegmentCounts counts{.size = {200, 200},
                       .item = {"x=a", "x=b"},
                       .support = {90, 5, 100, 60},
                       .features = 3,
                       .binary = {{0, "x=b", {5, 60}}, {1, "x=c", {60, 40}}, {2, "x=:missing", {45, 0}}}};
  auto const shown = shown_profile(counts, 20);
  EXPECT_EQ(shown.cell[1], 0);
  EXPECT_EQ(shown.feature[0], 0) << "the same customers";
  int hidden = 0;  // a customer has one of four values, and the size of the segment is shown
  for (bool const is_hidden :
       {shown.cell[0] == 0, shown.cell[1] == 0, shown.feature[1] == 0, shown.feature[2] == 0})
    hidden += is_hidden ? 1 : 0;
  EXPECT_GE(hidden, 2);
}

TEST(ShownProfile, takes_counts_from_rounded_means_for_one_table_though_they_add_up_to_a_few_too_many) {
  std::int64_t const many = 100'000'000;
  SegmentCounts const counts{.size = {many, many},
                             .item = {},
                             .support = {},
                             .features = 3,
                             .binary = {{0, "x=a", {many / 2 + 2, many / 2}},
                                        {1, "x=b", {many / 2 - 5, many / 4}},
                                        {2, "x=c", {5, many / 4}}}};
  auto const shown = shown_profile(counts, 20);
  EXPECT_EQ(shown.feature[2], 0);
  EXPECT_NE(shown.feature[0] + shown.feature[1], 2) << "what is left of the segment tells";
}

TEST(ShownProfile, shows_no_mean_of_a_segment_that_is_hidden) {
  SegmentCounts const counts{.size = {3, 30, 500}, .item = {}, .support = {}, .features = 1, .binary = {}};
  EXPECT_EQ(shown_profile(counts, 20).feature, Flags({0, 0, 1}));
}

}  // namespace
}  // namespace tessera
