// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// The text of a field: quoting as in RFC 4180, and well-formed UTF-8.
namespace tessera {

/// Local. Whether a field that holds a quote is enclosed as a whole, with every quote inside doubled.
[[nodiscard]] bool is_well_quoted(std::string_view field) noexcept;

/// Local. What a well-quoted field stands for; `scratch` holds it where quotes have to be undoubled.
[[nodiscard]] std::string_view unquoted(std::string_view field, std::string& scratch);

/// Local. Whether the bytes are well-formed UTF-8 (Unicode Standard, table 3-7).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace tessera
