// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "memory.hpp"

/// Nodes of the prefix tree as the search finds them: backwards, the last of the tree first. A node then
/// follows its subtree, so it is known whether the subtree holds anything, and the siblings after an item
/// that every basket of the prefix holds can be copied to become that item's subtree (Borgelt's perfect
/// extensions) without looking at a basket.
namespace tessera {

/// Consecutive nodes; see ItemsetTree.
struct Nodes {
  std::span<std::uint16_t const> depth;
  std::span<std::int32_t const> item;
  std::span<std::int64_t const> support;
  std::span<std::uint8_t const> reported;

  [[nodiscard]] std::size_t size() const noexcept { return depth.size(); }
};

class NodeBuffer {
 public:
  /// Takes nodes that stand before all those that it was given earlier.
  using Sink = std::function<void(Nodes const&)>;
  enum class Mode {
    list,   ///< nodes go to the sink
    count,  ///< nodes are only counted; what is not in the buffer cannot be repeated
    total,  ///< nothing is kept: all nodes are reported and may be repeated freely
  };

  NodeBuffer(MemoryMeter& meter, std::size_t capacity);

  void start(Mode mode, Sink sink);
  /// Hands what is left to the sink.
  void finish() { flush(0); }

  [[nodiscard]] bool keeps_nodes() const noexcept { return mode_ != Mode::total; }
  /// Nodes since `start`; at most kMany.
  [[nodiscard]] std::uint64_t nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::uint64_t reported() const noexcept {
    return mode_ == Mode::total ? nodes_ : reported_;
  }
  static constexpr std::uint64_t kMany = std::uint64_t{1} << 62;

  void add(std::size_t depth, std::int32_t item, std::int64_t support, bool reported) {
    ++nodes_;
    reported_ += reported ? 1U : 0U;
    if (mode_ == Mode::total) return;
    if (at_ == 0) flush(capacity_ / 4);
    --at_;
    depth_[at_] = static_cast<std::uint16_t>(depth);
    item_[at_] = item;
    support_[at_] = support;
    reported_flag_[at_] = reported ? 1 : 0;
  }
  /// In total mode: so many nodes more.
  void add_many(std::uint64_t count) noexcept { nodes_ = count > kMany - nodes_ ? kMany : nodes_ + count; }

  /// Adds the nodes since node `first` once more, one deeper, without those deeper than `max_depth`. False,
  /// and nothing is done: they are no longer here.
  [[nodiscard]] bool repeat_since(std::uint64_t first, std::size_t max_depth);

 private:
  /// Empties the buffer but for its newest nodes.
  void flush(std::size_t keep);

  Charge charge_;
  std::size_t capacity_;
  std::vector<std::uint16_t> depth_;
  std::vector<std::int32_t> item_;
  std::vector<std::int64_t> support_;
  std::vector<std::uint8_t> reported_flag_;
  std::size_t at_;  ///< the buffer holds [at_, capacity_)
  std::uint64_t nodes_ = 0, reported_ = 0;
  Mode mode_ = Mode::count;
  Sink sink_;
};

}  // namespace tessera
