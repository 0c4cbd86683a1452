// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/progress.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "pace.hpp"
#include "status_writer.hpp"

/// What is heard of a job while it runs: for people, on stderr, a bar on a terminal or a line now and then in
/// a log; for programs, its status if it has one.
namespace tessera {

class Console : public Progress {
 public:
  enum class Voice { speaking, silent };
  /// One rank speaks. `status` may be null.
  explicit Console(Voice voice, StatusWriter* status = nullptr);

  void begin(std::string_view stage);
  void update(double done, double total, std::string_view detail) override;
  void end(double seconds);
  void note(std::string_view text);     ///< a line of its own
  void warning(std::string_view text);  ///< a line of its own, marked
  /// High-water mark of the rank with the most memory, as far as it is known.
  void memory(std::uint64_t bytes);

 private:
  void erase_bar();
  void say(std::string_view text);
  /// Share, rate and time left of the stage, memory.
  [[nodiscard]] std::string how_far(double now);

  using Clock = std::chrono::steady_clock;
  Voice voice_;
  StatusWriter* status_;
  bool terminal_;
  std::string stage_;
  Clock::time_point last_shown_{};
  Pace pace_;
  std::uint64_t memory_ = 0;
  bool bar_shown_ = false;
};

}  // namespace tessera
