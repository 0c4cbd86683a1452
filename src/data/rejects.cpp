// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/rejects.hpp"

#include <array>

namespace tessera {

namespace {
constexpr std::array<std::string_view, 15> kReasons = {
    "wrong number of fields", "stray quote",    "NUL byte",         "invalid encoding", "missing key",
    "not a number",           "not an integer", "number overflow",  "not finite",       "not a date",
    "below minimum",          "above maximum",  "unknown customer", "unknown link",     "impossible date"};
}

std::string_view to_string(RejectReason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::vector<std::string_view> reject_reasons() {
  return {kReasons.begin(), kReasons.end()};
}

}  // namespace tessera
