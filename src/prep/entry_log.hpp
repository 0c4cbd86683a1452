// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

/// What has to be remembered of customers one by one: distinct values, and balances by day.
namespace tessera::detail {

/// A value of a customer.
template <class Value>
struct ValueEntry {
  std::uint32_t customer;
  Value value;
  auto operator<=>(ValueEntry const&) const = default;
  [[nodiscard]] bool replaces(ValueEntry const& other) const noexcept { return *this == other; }
};

/// A customer's balance at the end of a day: the latest, and of several at the same time the highest.
struct LevelEntry {
  std::uint32_t customer;
  std::int32_t day;
  double time, value;
  auto operator<=>(LevelEntry const&) const = default;
  [[nodiscard]] bool replaces(LevelEntry const& other) const noexcept {
    return customer == other.customer && day == other.day;
  }
};

/// Entries in any order, kept sorted and without those that later ones replace. The unsorted part is at most
/// half of the sorted one, or 2^18 entries.
template <class Entry>
class EntryLog {
 public:
  void add(Entry const& entry) {
    pending_.push_back(entry);
    if (pending_.size() >= std::max(kLeastPending, sorted_.size() / 2)) compact();
  }

  /// Ascending by customer, then by value or day.
  [[nodiscard]] std::vector<Entry> const& sorted() {
    compact();
    return sorted_;
  }

 private:
  static constexpr std::size_t kLeastPending = std::size_t{1} << 18;

  static void drop_replaced(std::vector<Entry>& entries) {
    std::size_t kept = 0;
    for (auto const& entry : entries) {
      if (kept > 0 && entry.replaces(entries[kept - 1])) --kept;
      entries[kept++] = entry;
    }
    entries.resize(kept);
  }

  void compact() {
    if (pending_.empty()) return;
    std::sort(pending_.begin(), pending_.end());
    drop_replaced(pending_);
    std::vector<Entry> merged;
    merged.reserve(sorted_.size() + pending_.size());
    std::merge(sorted_.begin(), sorted_.end(), pending_.begin(), pending_.end(), std::back_inserter(merged));
    drop_replaced(merged);
    sorted_ = std::move(merged);
    pending_.clear();
  }

  std::vector<Entry> sorted_, pending_;
};

}  // namespace tessera::detail
