// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

/// Bytes spent against a limit, counted before they are taken.
namespace tessera {

/// The stated limit would be passed.
struct MemoryLimitReached : ResourceError {
  explicit MemoryLimitReached(std::uint64_t limit)
      : ResourceError(
            "mining needs more than itemsets.max_memory = " + std::to_string(limit) + " bytes on a rank",
            "prepared baskets, and with distribution = \"count\" all frequent itemsets, are held in memory",
            "raise itemsets.max_memory or itemsets.min_support, or use more ranks") {}
};

class MemoryMeter {
 public:
  explicit MemoryMeter(std::uint64_t limit) noexcept : limit_(limit) {}

  /// Throws MemoryLimitReached, and counts nothing, when the limit would be passed.
  void take(std::uint64_t bytes) {
    if (bytes > limit_ || now_ > limit_ - bytes) throw MemoryLimitReached(limit_);
    now_ += bytes;
    peak_ = std::max(peak_, now_);
  }
  void give_back(std::uint64_t bytes) noexcept { now_ -= bytes; }
  /// Bytes that may still be taken.
  [[nodiscard]] std::uint64_t room() const noexcept { return limit_ - now_; }
  [[nodiscard]] std::uint64_t peak() const noexcept { return peak_; }

 private:
  std::uint64_t limit_, now_ = 0, peak_ = 0;
};

/// Bytes that are given back at the end of a scope. The meter outlives its charges.
class Charge {
 public:
  Charge(MemoryMeter& meter, std::uint64_t bytes) : meter_(&meter), bytes_(bytes) { meter.take(bytes); }
  Charge(Charge&& other) noexcept : meter_(other.meter_), bytes_(std::exchange(other.bytes_, 0)) {}
  Charge& operator=(Charge&& other) noexcept {
    std::swap(meter_, other.meter_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Charge() { meter_->give_back(bytes_); }

  void resize(std::uint64_t bytes) {
    if (bytes > bytes_) meter_->take(bytes - bytes_);
    if (bytes < bytes_) meter_->give_back(bytes_ - bytes);
    bytes_ = bytes;
  }

 private:
  MemoryMeter* meter_;
  std::uint64_t bytes_;
};

}  // namespace tessera
