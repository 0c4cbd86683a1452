// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/distinct.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace tessera {

namespace {

/// Stafford's thirteenth mix of 64 bits, the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

std::uint64_t hash_of(std::uint64_t value) noexcept {
  return mixed(value);
}

std::uint64_t hash_of(Key const& key) noexcept {
  return mixed(key.low ^ mixed(key.high));
}

/// Repeated values are mostly caught by remembering one value for each of some hashes, so that columns of few
/// values are neither stored nor sorted.
template <class T>
class Repeats {
 public:
  /// Whether the value is known to have been here before.
  bool seen(T const& value) {
    auto const slot = static_cast<std::size_t>(hash_of(value) >> 52);
    if (used_[slot] != 0 && last_[slot] == value) return true;
    used_[slot] = 1;
    last_[slot] = value;
    return false;
  }

 private:
  static constexpr std::size_t kSlots = std::size_t{1} << 12;
  std::vector<T> last_ = std::vector<T>(kSlots);
  std::vector<char> used_ = std::vector<char>(kSlots);
};

template <class T>
void keep_distinct(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// *Collective.* `values`: this rank's, distinct.
template <class T>
std::uint64_t count_over_ranks(Communicator const& comm, std::vector<T> values) {
  auto const ranks = static_cast<std::uint64_t>(comm.size());
  auto const owner = [ranks](T const& value) { return static_cast<std::size_t>(hash_of(value) % ranks); };
  std::vector<std::uint64_t> counts(ranks);
  auto outgoing = together(comm, [&] {
    for (auto const& value : values) ++counts[owner(value)];
    std::vector<std::size_t> place(ranks);
    for (std::size_t r = 1; r < ranks; ++r) place[r] = place[r - 1] + static_cast<std::size_t>(counts[r - 1]);
    std::vector<T> ordered(values.size());
    for (auto const& value : values) ordered[place[owner(value)]++] = value;
    values = {};
    return ordered;
  });
  auto met = all_to_all(comm, std::span<T const>(outgoing), counts).values;
  outgoing = {};
  keep_distinct(met);
  return all_reduce(comm, static_cast<std::uint64_t>(met.size()), Reduce::sum);
}

}  // namespace

std::uint64_t count_distinct(Communicator const& comm, std::span<double const> values) {
  auto own = together(comm, [&] {
    Repeats<std::uint64_t> repeats;
    std::vector<std::uint64_t> out;
    for (double const value : values) {
      if (std::isnan(value)) continue;
      auto const bits = std::bit_cast<std::uint64_t>(value + 0.0);  // one zero
      if (!repeats.seen(bits)) out.push_back(bits);
    }
    keep_distinct(out);
    return out;
  });
  return count_over_ranks(comm, std::move(own));
}

std::uint64_t count_distinct(Communicator const& comm, std::vector<Key> keys) {
  keep_distinct(keys);
  return count_over_ranks(comm, std::move(keys));
}

}  // namespace tessera
