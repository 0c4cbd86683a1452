// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Which Tessera this is; stored in every result file. Filled in by CMake (cmake/version.cpp.in).
namespace tessera {

[[nodiscard]] std::string_view version();  ///< "0.1.0"
[[nodiscard]] std::string_view
git_describe();  ///< "v0.1.0-3-gabcdef0-dirty", or "unknown" outside a checkout

}  // namespace tessera
