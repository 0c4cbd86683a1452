// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// Local. A text as a terminal or a log may show it: messages quote names from input files, which may hold
/// anything. The bytes of control characters but line ends and tabs, and bytes that are not UTF-8, become
/// \xNN.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace tessera
