// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_spec.hpp"

#include <memory>
#include <string>
#include <string_view>

/// Text of the files as UTF-8, which all names and values are inside the program.
///
/// Records are cut before they are decoded. That is right in each of these encodings: bytes below 0x80 are
/// ASCII characters, except for the trail bytes of GBK (0x40 to 0x7E) and of the four-byte form of GB18030
/// (0x30 to 0x39), among which are neither quotes nor line ends, and no delimiter that is_safe_delimiter.
namespace tessera {

/// Local. Whether a byte of this value is always a character of its own.
[[nodiscard]] constexpr bool is_safe_delimiter(char c, Encoding encoding) noexcept {
  auto const code = static_cast<unsigned char>(c);
  bool const trail = (code >= '0' && code <= '9') || (code >= 0x40 && code <= 0x7E);
  return code < 0x80 && !((encoding == Encoding::gbk || encoding == Encoding::gb18030) && trail);
}

/// Local. "utf-8", "gb18030", "gbk", "latin-1".
[[nodiscard]] std::string_view to_string(Encoding encoding) noexcept;

class TextDecoder {
 public:
  explicit TextDecoder(Encoding encoding) noexcept : encoding_(encoding) {}

  [[nodiscard]] bool is_utf8() const noexcept { return encoding_ == Encoding::utf8; }

  /// Local. `text` in UTF-8, in `out` (which is not its own); false where it is not valid in its encoding.
  /// Throws ConfigurationError where the system's iconv does not know the encoding.
  [[nodiscard]] bool decode(std::string_view text, std::string& out);
  /// Local. Whether decode() would give a text.
  [[nodiscard]] bool is_valid(std::string_view text);

 private:
  struct Close {
    void operator()(void* converter) const noexcept;
  };
  void open();
  bool convert(std::string_view text, std::string& out);

  Encoding encoding_;
  std::unique_ptr<void, Close> converter_;  // opened by the first text that needs it
  std::string checked_;
};

}  // namespace tessera
