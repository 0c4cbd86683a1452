// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// Local. The text in lower case, letter by letter (Unicode's simple case folding): ASCII, the Latin letters
/// of U+00C0 to U+017F, the Romanian ones, modern Greek and Cyrillic. Other letters, and bytes that are not
/// UTF-8, stay as they are; "ß" stays one letter, and the result depends on no locale.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace tessera
