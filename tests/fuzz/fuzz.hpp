// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What the fuzzers share: choices taken from the front of an input, and giving up where a property fails.
namespace tessera::fuzz {

class Input {
 public:
  Input(std::uint8_t const* data, std::size_t size) : rest_(reinterpret_cast<char const*>(data), size) {}

  /// The next byte; 0 at the end.
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    auto const value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// 0 to 65535.
  std::size_t number() {
    std::size_t const high = byte();
    return 256 * high + byte();
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

/// libFuzzer keeps the input of whatever aborts.
inline void require(bool holds, char const* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

}  // namespace tessera::fuzz
