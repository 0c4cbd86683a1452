// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/reject_list.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tessera {

namespace {
bool in_file_order(Reject const& a, Reject const& b) {
  return std::pair(a.file, a.record) < std::pair(b.file, b.record);
}
}  // namespace

void RejectList::add(std::span<Reject const> rejects) {
  count_ += rejects.size();
  auto const first = rejects.first(static_cast<std::size_t>(std::min<std::uint64_t>(rejects.size(), most_)));
  if (first.empty()) return;
  if (listed_.size() >= most_ && in_file_order(listed_.back(), first.front())) return;
  auto const before = static_cast<std::ptrdiff_t>(listed_.size());
  listed_.insert(listed_.end(), first.begin(), first.end());
  if (before > 0 && in_file_order(first.front(), listed_[static_cast<std::size_t>(before) - 1])) {
    std::inplace_merge(listed_.begin(), listed_.begin() + before, listed_.end(), in_file_order);
  }
  if (listed_.size() > most_)
    listed_.erase(listed_.begin() + static_cast<std::ptrdiff_t>(most_), listed_.end());
}

}  // namespace tessera
