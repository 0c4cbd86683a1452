// SPDX-License-Identifier: Apache-2.0
#include "distance_weights.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <bit>

namespace tessera::cluster {

namespace {

/// FixedPoint::encode for |value * scale| < 2^51, in instructions that vectorise: in [2^52, 2^53) the steps
/// of a double are 1.
inline std::int64_t encode(double value, double scale) noexcept {
  constexpr double kUnitSteps = 0x1.8p52;
  return std::bit_cast<std::int64_t>(value * scale + kUnitSteps) - std::bit_cast<std::int64_t>(kUnitSteps);
}

/// Calls use(i, weight * squared distance) for a run of rows.
template <class T, class Use>
void for_each_value(Customers<T> const& customers, T const* squared_distances, std::size_t first,
                    std::size_t count, Use&& use) {
  if (customers.weight.empty()) {
    for (std::size_t i = first; i < first + count; ++i) use(i, static_cast<double>(squared_distances[i]));
  } else {
    T const* const weight = customers.weight.data();
    for (std::size_t i = first; i < first + count; ++i) {
      use(i, static_cast<double>(weight[i]) * static_cast<double>(squared_distances[i]));
    }
  }
}

}  // namespace

template <class T>
DistanceWeights weigh(Communicator const& comm, Customers<T> const& customers,
                      std::type_identity_t<std::span<T const>> squared_distances) {
  T const* const distances = squared_distances.data();
  double largest = 0;
  for_each_value(customers, distances, 0, squared_distances.size(),
                 [&](std::size_t, double value) { largest = value > largest ? value : largest; });
  largest = all_reduce(comm, largest, Reduce::maximum);
  // With at least 2^12 terms allowed for, a single value stays below 2^50 grid steps.
  auto const terms = std::max<std::uint64_t>(customers.matrix.blocks.total_rows, 4096);
  DistanceWeights out{FixedPoint::for_sum(largest, terms), {}, 0, 0};
  double const scale = out.grid.scale();
  for_each_stretch(squared_distances.size(), [&](std::size_t first, std::size_t count) {
    std::int64_t sum = 0;
    for_each_value(customers, distances, first, count,
                   [&](std::size_t, double value) { sum += encode(value, scale); });
    out.of_stretch.push_back(sum);
    out.mine += sum;
  });
  out.total = all_reduce(comm, out.mine, Reduce::sum);
  return out;
}

std::vector<std::int64_t> draw_targets(DistanceWeights const& weights, std::size_t count, Draw const& draw,
                                       std::uint32_t round) {
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<std::int64_t>(draw.below(static_cast<std::uint64_t>(weights.total), i, round)));
  }
  return out;
}

template <class T>
std::vector<LocalRow> rows_at(Communicator const& comm, Customers<T> const& customers,
                              DistanceWeights const& weights,
                              std::type_identity_t<std::span<T const>> squared_distances,
                              std::vector<std::int64_t> targets) {
  std::int64_t passed = exclusive_scan(comm, weights.mine);
  std::ranges::sort(targets);
  auto target = std::ranges::lower_bound(targets, passed);
  std::vector<LocalRow> out;
  for_each_stretch(squared_distances.size(), [&](std::size_t first, std::size_t count) {
    std::int64_t const end = passed + weights.of_stretch[first / kStretch];
    if (target != targets.end() && *target < end) {
      for_each_value(customers, squared_distances.data(), first, count, [&](std::size_t i, double value) {
        passed += encode(value, weights.grid.scale());
        if (target == targets.end() || *target >= passed) return;
        for (; target != targets.end() && *target < passed; ++target) out.push_back({i});
      });
    }
    passed = end;
  });
  return out;
}

template std::vector<LocalRow> rows_at(Communicator const&, Customers<float> const&, DistanceWeights const&,
                                       std::span<float const>, std::vector<std::int64_t>);
template std::vector<LocalRow> rows_at(Communicator const&, Customers<double> const&, DistanceWeights const&,
                                       std::span<double const>, std::vector<std::int64_t>);
template DistanceWeights weigh(Communicator const&, Customers<float> const&, std::span<float const>);
template DistanceWeights weigh(Communicator const&, Customers<double> const&, std::span<double const>);

}  // namespace tessera::cluster
