// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/progress.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// What a person sees on stderr while a job runs: a bar on a terminal, a line now and then in a log.
namespace tessera {

class Console : public Progress {
 public:
  enum class Voice { speaking, silent };
  /// One rank speaks.
  explicit Console(Voice voice);

  void begin(std::string_view stage);
  void update(double done, double total, std::string_view detail) override;
  void end(double seconds);
  void note(std::string_view text);     ///< a line of its own
  void warning(std::string_view text);  ///< a line of its own, marked

 private:
  void erase_bar();

  using Clock = std::chrono::steady_clock;
  Voice voice_;
  bool terminal_;
  std::string stage_;
  Clock::time_point last_shown_{};
  bool bar_shown_ = false;
};

}  // namespace tessera
