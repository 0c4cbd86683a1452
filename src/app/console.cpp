// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <algorithm>
#include <cstdio>

#include "printable.hpp"
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{10};
constexpr int kBarWidth = 30;

void line(std::string_view text) {
  fmt::print(stderr, "{:%H:%M:%S} {}\n", fmt::localtime(std::time(nullptr)), printable(text));
}

std::string share_of(double done, double total) {
  return total > 0 ? fmt::format("{:3.0f} %", 100 * std::min(1.0, done / total)) : std::string("     ");
}

}  // namespace

Console::Console(Voice voice) : voice_(voice), terminal_(isatty(STDERR_FILENO) != 0) {}

void Console::begin(std::string_view stage) {
  stage_ = stage;
  last_shown_ = Clock::now();
}

void Console::update(double done, double total, std::string_view detail) {
  auto const now = Clock::now();
  if (voice_ == Voice::silent ||
      now - last_shown_ < (terminal_ ? Clock::duration(kBarInterval) : kLineInterval)) {
    return;
  }
  last_shown_ = now;
  if (!terminal_) {
    line(fmt::format("{:<10} {} {}", stage_, share_of(done, total), detail));
    return;
  }
  int const filled = total > 0 ? static_cast<int>(kBarWidth * std::min(1.0, done / total)) : 0;
  fmt::print(stderr, "\r\033[K{:<10} [{:<{}}] {} {}", stage_,
             std::string(static_cast<std::size_t>(filled), '#'), kBarWidth, share_of(done, total), detail);
  std::fflush(stderr);
  bar_shown_ = true;
}

void Console::erase_bar() {
  if (bar_shown_) fmt::print(stderr, "\r\033[K");
  bar_shown_ = false;
}

void Console::end(double seconds) {
  if (voice_ == Voice::silent) return;
  erase_bar();
  line(fmt::format("{:<16} done in {:.3f} s", stage_, seconds));
}

void Console::note(std::string_view text) {
  if (voice_ == Voice::silent) return;
  erase_bar();
  line(text);
}

void Console::warning(std::string_view text) {
  note(fmt::format("warning: {}", text));
}

}  // namespace tessera
