// SPDX-License-Identifier: Apache-2.0
#include "node_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tessera {

NodeBuffer::NodeBuffer(MemoryMeter& meter)
    : charge_(meter, kCapacity * (2 + 4 + 8 + 1)),
      depth_(kCapacity),
      item_(kCapacity),
      support_(kCapacity),
      reported_flag_(kCapacity),
      at_(kCapacity) {}

void NodeBuffer::start(Mode mode, std::uint64_t limit, Sink sink) {
  mode_ = mode;
  limit_ = limit;
  sink_ = std::move(sink);
  nodes_ = reported_ = 0;
  at_ = kCapacity;
}

Nodes NodeBuffer::held() const {
  return {std::span(depth_).subspan(at_), std::span(item_).subspan(at_), std::span(support_).subspan(at_),
          std::span(reported_flag_).subspan(at_)};
}

void NodeBuffer::hand_over(std::size_t first, std::size_t count) {
  if (mode_ != Mode::list || count == 0) return;
  sink_({std::span(depth_).subspan(first, count), std::span(item_).subspan(first, count),
         std::span(support_).subspan(first, count), std::span(reported_flag_).subspan(first, count)});
}

void NodeBuffer::finish() {
  hand_over(at_, kCapacity - at_);
  at_ = kCapacity;
}

void NodeBuffer::flush(std::size_t keep) {
  std::size_t const held = kCapacity - at_;
  std::size_t const count = (held - std::min(keep, held)) / kBlock * kBlock;
  if (count == 0) return;
  keep = held - count;
  hand_over(kCapacity - count, count);
  auto const move = [&](auto& values) {
    std::memmove(values.data() + kCapacity - keep, values.data() + at_, keep * sizeof(values[0]));
  };
  move(depth_);
  move(item_);
  move(support_);
  move(reported_flag_);
  at_ = kCapacity - keep;
}

bool NodeBuffer::repeat_since(std::uint64_t first, std::size_t max_depth) {
  std::uint64_t const count = nodes_ - first;
  if (mode_ == Mode::total) {
    add_many(count);
    return true;
  }
  if (count == 0) return true;
  if (count > kCapacity - at_) return false;
  if (count > at_) flush(count);
  if (count > at_) return false;
  std::size_t const from = at_, end = at_ + count;
  std::size_t deepest = 0;
  for (std::size_t i = from; i < end; ++i) deepest = std::max<std::size_t>(deepest, depth_[i]);
  if (deepest < max_depth) {
    at_ -= count;
    for (std::size_t i = 0; i < count; ++i)
      depth_[at_ + i] = static_cast<std::uint16_t>(depth_[from + i] + 1);
    std::memcpy(item_.data() + at_, item_.data() + from, count * sizeof(item_[0]));
    std::memcpy(support_.data() + at_, support_.data() + from, count * sizeof(support_[0]));
    std::memcpy(reported_flag_.data() + at_, reported_flag_.data() + from, count);
    nodes_ += count;
    for (std::size_t i = at_; i < from; ++i) reported_ += reported_flag_[i];
    if (reported_ > limit_) throw TooMany();
    return true;
  }
  for (std::size_t i = end; i-- > from;) {
    if (depth_[i] < max_depth) add(depth_[i] + 1U, item_[i], support_[i], reported_flag_[i] != 0);
  }
  return true;
}

}  // namespace tessera
