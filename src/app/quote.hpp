// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// Local. A string in double quotes with the escapes that TOML and JSON share.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace tessera
