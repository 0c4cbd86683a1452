// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/segment_profile.hpp"

#include "tessera/comm/collectives.hpp"

namespace tessera {

namespace {

std::vector<double> effect_sizes(std::span<double const> means, MatrixMoments const& base) {
  std::size_t const features = base.mean.size();
  std::vector<double> effects(means.size());
  for (std::size_t i = 0; i < effects.size(); ++i) {
    std::size_t const feature = i % features;
    double const deviation = base.deviation[feature];
    effects[i] = deviation > 0 ? (means[i] - base.mean[feature]) / deviation : 0.0;
  }
  return effects;
}

std::vector<std::int64_t> item_support_by_segment(Communicator const& comm, Baskets const& baskets,
                                                  std::span<std::int32_t const> segment,
                                                  std::uint64_t segments) {
  std::size_t const items = baskets.item_names.size();
  std::vector<std::int64_t> support(segments * items, 0);
  for (std::size_t row = 0; row < baskets.rows(); ++row) {
    auto* const of_segment = support.data() + static_cast<std::size_t>(segment[row]) * items;
    for (auto const item : baskets.basket(LocalRow{row})) ++of_segment[item];
  }
  all_reduce(comm, std::span(support), Reduce::sum);
  return support;
}

}  // namespace

SegmentProfiles profile_segments(Communicator const& comm, std::span<double const> means,
                                 MatrixMoments const& base, Baskets const& baskets,
                                 std::span<std::int32_t const> segment) {
  std::uint64_t const segments = means.size() / base.mean.size();
  return {effect_sizes(means, base), item_support_by_segment(comm, baskets, segment, segments)};
}

}  // namespace tessera
