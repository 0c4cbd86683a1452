// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"

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

class NodeBuffer {
 public:
  /// Takes nodes that stand before all those that it was given earlier.
  using Sink = std::function<void(Nodes const&)>;
  enum class Mode {
    list,   ///< nodes go to the sink
    count,  ///< nodes are only counted; what is not in the buffer cannot be repeated
    total,  ///< nothing is kept: all nodes are reported and may be repeated freely
  };
  struct TooMany {};

  /// The sink is given multiples of this, but for the last piece; so blocks of it end with the tree.
  static constexpr std::size_t kBlock = 8192;

  explicit NodeBuffer(MemoryMeter& meter);

  /// Throws TooMany beyond `limit` reported nodes, wherever the next one is added.
  void start(Mode mode, std::uint64_t limit, Sink sink);
  /// Hands what is left to the sink.
  void finish();
  /// What is in the buffer: everything, if nothing has gone to the sink.
  [[nodiscard]] Nodes held() const;

  [[nodiscard]] bool keeps_nodes() const noexcept { return mode_ != Mode::total; }
  /// Nodes since `start`; at most kMany.
  [[nodiscard]] std::uint64_t nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::uint64_t reported() const noexcept { return mode_ == Mode::total ? nodes_ : reported_; }
  static constexpr std::uint64_t kMany = std::uint64_t{1} << 62;

  void add(std::size_t depth, std::int32_t item, std::int64_t support, bool reported) {
    ++nodes_;
    reported_ += reported ? 1U : 0U;
    if (reported_ > limit_) throw TooMany();
    if (mode_ == Mode::total) return;
    if (at_ == 0) flush(kCapacity / 4);
    --at_;
    depth_[at_] = static_cast<std::uint16_t>(depth);
    item_[at_] = item;
    support_[at_] = support;
    reported_flag_[at_] = reported ? 1 : 0;
  }
  /// In total mode: so many nodes more.
  void add_many(std::uint64_t count) {
    nodes_ = count > kMany - nodes_ ? kMany : nodes_ + count;
    if (nodes_ > limit_) throw TooMany();
  }

  /// Adds the nodes since node `first` once more, one deeper, without those deeper than `max_depth`. False,
  /// and nothing is done: they are no longer here.
  [[nodiscard]] bool repeat_since(std::uint64_t first, std::size_t max_depth);

 private:
  static constexpr std::size_t kCapacity = 8 * kBlock;  // 1 MB: the second-level cache holds it

  /// Empties the buffer but for its newest nodes.
  void flush(std::size_t keep);
  void hand_over(std::size_t first, std::size_t count);

  Charge charge_;
  std::vector<std::uint16_t> depth_;
  std::vector<std::int32_t> item_;
  std::vector<std::int64_t> support_;
  std::vector<std::uint8_t> reported_flag_;
  std::size_t at_;  ///< the buffer holds [at_, kCapacity)
  std::uint64_t nodes_ = 0, reported_ = 0, limit_ = kMany;
  Mode mode_ = Mode::count;
  Sink sink_;
};

}  // namespace tessera
