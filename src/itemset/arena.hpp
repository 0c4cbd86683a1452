// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "memory.hpp"

/// Memory that is taken level by level of a depth-first search and given back with the level: no allocation
/// per itemset once the deepest level has been seen.
namespace tessera {

class Arena {
 public:
  explicit Arena(MemoryMeter& meter) : charge_(meter, 0) {}

  /// Room for `count` values, uninitialised, on a cache line of its own. Throws MemoryLimitReached.
  template <class T>
  [[nodiscard]] std::span<T> take(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kLine);
    std::size_t const bytes = (count * sizeof(T) + kLine - 1) / kLine * kLine;
    while (block_ < blocks_.size() && used_ + bytes > blocks_[block_].bytes) next();
    if (block_ == blocks_.size()) add(bytes);
    auto* const memory = blocks_[block_].start() + used_;
    used_ += bytes;
    return {reinterpret_cast<T*>(memory), count};
  }

  /// Everything taken in this scope is given back at its end.
  class Level {
   public:
    explicit Level(Arena& arena) : arena_(arena), block_(arena.block_), used_(arena.used_) {}
    ~Level() {
      arena_.block_ = block_;
      arena_.used_ = used_;
    }
    Level(Level const&) = delete;
    Level& operator=(Level const&) = delete;

   private:
    Arena& arena_;
    std::size_t block_, used_;
  };

 private:
  static constexpr std::size_t kLine = 64, kBlockBytes = std::size_t{1} << 18;
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t bytes;
    [[nodiscard]] std::byte* start() const noexcept {
      auto const address = reinterpret_cast<std::uintptr_t>(memory.get());
      return memory.get() + (kLine - address % kLine) % kLine;
    }
  };

  void next() noexcept {
    ++block_;
    used_ = 0;
  }
  void add(std::size_t bytes) {
    // Blocks grow, so that a search takes a few of them whatever it needs.
    std::size_t const size = std::max({bytes, kBlockBytes, blocks_.empty() ? 0 : blocks_.back().bytes * 2});
    taken_ += size + kLine;
    charge_.resize(taken_);
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size + kLine]), size});
    block_ = blocks_.size() - 1;
    used_ = 0;
  }

  Charge charge_;
  std::uint64_t taken_ = 0;
  std::vector<Block> blocks_;
  std::size_t block_ = 0, used_ = 0;
};

}  // namespace tessera
