// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <algorithm>
#include <cstdio>

#include "peak_memory.hpp"
#include "printable.hpp"
#include "with_unit.hpp"
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

double in_seconds(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

Console::Console(Voice voice, StatusWriter* status)
    : voice_(voice), status_(status), terminal_(isatty(STDERR_FILENO) != 0) {}

void Console::begin(std::string_view stage) {
  if (status_ != nullptr) status_->begin(stage);
  stage_ = stage;
  last_shown_ = Clock::now();
  pace_.begin(in_seconds(last_shown_));
}

void Console::update(double done, double total, std::string_view detail) {
  if (voice_ == Voice::silent) return;
  if (status_ != nullptr) status_->update(done, total, detail);
  auto const now = Clock::now();
  pace_.update(done, total, in_seconds(now));
  if (now - last_shown_ < (terminal_ ? Clock::duration(kBarInterval) : kLineInterval)) return;
  last_shown_ = now;
  auto const far = how_far(in_seconds(now));
  if (!terminal_) {
    line(fmt::format("{:<10} {}  {}", stage_, far, detail));
    return;
  }
  auto const filled = static_cast<std::size_t>(kBarWidth * pace_.share().value_or(0));
  fmt::print(stderr, "\r\033[K{:<10} [{:<{}}] {}  {}", stage_, std::string(filled, '#'), kBarWidth, far,
             printable(detail));
  std::fflush(stderr);
  bar_shown_ = true;
}

std::string Console::how_far(double now) {
  memory_ = std::max(memory_, peak_memory_bytes());
  auto const share = pace_.share(), rate = pace_.rate(), left = pace_.seconds_left(now);
  std::string out = share ? fmt::format("{:3.0f} %", 100 * *share) : std::string("     ");
  if (rate) out += "  " + with_unit(*rate, "/s");
  if (left) out += "  " + as_duration(*left) + " left";
  return out + "  " + with_unit(static_cast<double>(memory_), "B");
}

void Console::erase_bar() {
  if (bar_shown_) fmt::print(stderr, "\r\033[K");
  bar_shown_ = false;
}

void Console::say(std::string_view text) {
  if (voice_ == Voice::silent) return;
  erase_bar();
  line(text);
}

void Console::end(double seconds) {
  say(fmt::format("{:<16} done in {:.3f} s", stage_, seconds));
  if (status_ == nullptr) return;
  status_->end(seconds);
  if (auto const trouble = status_->trouble())
    say(fmt::format("warning: the job's status cannot be written: {}", *trouble));
}

void Console::note(std::string_view text) {
  say(text);
  if (status_ != nullptr) status_->log("note", text);
}

void Console::warning(std::string_view text) {
  say(fmt::format("warning: {}", text));
  if (status_ != nullptr) status_->log("warning", text);
}

void Console::memory(std::uint64_t bytes) {
  memory_ = std::max(memory_, bytes);
  if (status_ != nullptr) status_->memory(bytes);
}

}  // namespace tessera
