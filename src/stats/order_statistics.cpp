// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "pattern.hpp"

namespace tessera {

namespace {

// A first digit of 16 bits (sign, exponent, four bits of mantissa) leaves few candidates of most columns;
// digits of 12 bits then keep the histograms of all groups in cache and the reductions small.
constexpr int kFirstBits = 16, kNextBits = 12;
constexpr int kFirstShift = 64 - kFirstBits;

/// An order statistic being narrowed down.
struct Target {
  std::uint64_t position = 0;  // among the values of its group, over all ranks
  std::size_t group = 0;
  std::uint64_t pattern = 0;  // digits found so far
};

/// The values of this rank that share their leading digits with a target, group after group.
struct Candidates {
  std::vector<std::uint64_t> patterns;
  std::vector<std::size_t> offset{0};  // [groups + 1]
};

/// Moves every target into its bucket of the reduced histogram, and numbers the buckets hit: bucket -> new
/// group or -1. Targets are ascending, so those of a group are neighbours.
std::vector<std::int32_t> descend(std::vector<Target>& targets, std::vector<std::int64_t> const& histogram,
                                  std::size_t buckets, int shift) {
  std::vector<std::int32_t> group_of_bucket(histogram.size(), -1);
  std::int32_t groups = 0;
  std::size_t bucket = 0;
  std::uint64_t below = 0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    auto& target = targets[t];
    std::size_t const first = target.group * buckets;
    if (bucket < first || t == 0) {
      bucket = first;
      below = 0;
    }
    while (below + static_cast<std::uint64_t>(histogram[bucket]) <= target.position) {
      below += static_cast<std::uint64_t>(histogram[bucket]);
      ++bucket;
    }
    target.position -= below;
    target.pattern |= static_cast<std::uint64_t>(bucket - first) << shift;
    if (group_of_bucket[bucket] < 0) group_of_bucket[bucket] = groups++;
    target.group = static_cast<std::size_t>(group_of_bucket[bucket]);
  }
  return group_of_bucket;
}

/// Room for the candidates of each new group, from this rank's histogram.
Candidates room_for(std::vector<std::int64_t> const& local,
                    std::vector<std::int32_t> const& group_of_bucket) {
  Candidates out;
  for (std::size_t bucket = 0; bucket < local.size(); ++bucket) {
    if (group_of_bucket[bucket] < 0) continue;
    out.offset.push_back(out.offset.back() + static_cast<std::size_t>(local[bucket]));
  }
  out.patterns.resize(out.offset.back());
  return out;
}

Candidates first_digit(Communicator const& comm, std::span<double const> values,
                       std::vector<Target>& targets) {
  std::vector<std::int64_t> local(std::size_t{1} << kFirstBits, 0);
  for (auto const value : values) {
    if (!std::isnan(value)) ++local[detail::pattern_of(value) >> kFirstShift];
  }
  auto total = local;
  all_reduce(comm, std::span(total), Reduce::sum);
  auto const group_of_bucket = descend(targets, total, total.size(), kFirstShift);
  Candidates out = room_for(local, group_of_bucket);
  auto next = out.offset;
  for (auto const value : values) {
    if (std::isnan(value)) continue;
    auto const pattern = detail::pattern_of(value);
    auto const group = group_of_bucket[pattern >> kFirstShift];
    if (group >= 0) out.patterns[next[static_cast<std::size_t>(group)]++] = pattern;
  }
  return out;
}

Candidates next_digit(Communicator const& comm, Candidates const& candidates, std::vector<Target>& targets,
                      int shift) {
  constexpr std::size_t kBuckets = std::size_t{1} << kNextBits;
  std::size_t const groups = candidates.offset.size() - 1;
  auto const bucket_of = [shift](std::uint64_t pattern) { return (pattern >> shift) & (kBuckets - 1); };
  std::vector<std::int64_t> local(groups * kBuckets, 0);
  for (std::size_t group = 0; group < groups; ++group) {
    for (std::size_t i = candidates.offset[group]; i < candidates.offset[group + 1]; ++i) {
      ++local[group * kBuckets + bucket_of(candidates.patterns[i])];
    }
  }
  auto total = local;
  all_reduce(comm, std::span(total), Reduce::sum);
  auto const group_of_bucket = descend(targets, total, kBuckets, shift);
  if (shift == 0) return {};
  Candidates out = room_for(local, group_of_bucket);
  auto next = out.offset;
  for (std::size_t group = 0; group < groups; ++group) {
    for (std::size_t i = candidates.offset[group]; i < candidates.offset[group + 1]; ++i) {
      auto const pattern = candidates.patterns[i];
      auto const to = group_of_bucket[group * kBuckets + bucket_of(pattern)];
      if (to >= 0) out.patterns[next[static_cast<std::size_t>(to)]++] = pattern;
    }
  }
  return out;
}

}  // namespace

std::vector<double> order_statistics(Communicator const& comm, std::span<double const> values,
                                     std::span<std::uint64_t const> positions) {
  if (positions.empty()) return {};
  std::vector<std::uint64_t> distinct(positions.begin(), positions.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::uint64_t count = 0;
  for (auto const value : values) count += std::isnan(value) ? 0 : 1;
  count = all_reduce(comm, count, Reduce::sum);
  if (distinct.back() >= count) {
    throw BugError("order statistic " + std::to_string(distinct.back()) + " of " + std::to_string(count) +
                   " values");
  }

  std::vector<Target> targets(distinct.size());
  for (std::size_t t = 0; t < targets.size(); ++t) targets[t].position = distinct[t];
  Candidates candidates = first_digit(comm, values, targets);
  for (int shift = kFirstShift - kNextBits; shift >= 0; shift -= kNextBits) {
    candidates = next_digit(comm, candidates, targets, shift);
  }

  std::vector<double> out;
  out.reserve(positions.size());
  for (auto const position : positions) {
    auto const t = std::lower_bound(distinct.begin(), distinct.end(), position) - distinct.begin();
    out.push_back(detail::value_of(targets[static_cast<std::size_t>(t)].pattern));
  }
  return out;
}

}  // namespace tessera
