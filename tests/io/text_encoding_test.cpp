// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/text_encoding.hpp"

#include "tessera/io/csv_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(TextDecoder, gives_utf8_for_every_character_that_gb_encodings_have) {
  for (auto const encoding : {Encoding::gbk, Encoding::gb18030}) {
    TextDecoder decoder(encoding);
    int valid = 0;
    std::string out;
    for (int lead = 0; lead < 256; ++lead) {
      for (int trail = 0; trail < 256; ++trail) {
        std::string const text{static_cast<char>(lead), static_cast<char>(trail)};
        if (!decoder.decode(text, out)) continue;
        ++valid;
        ASSERT_TRUE(is_utf8(out));
        ASSERT_TRUE(decoder.is_valid(text));
        // a two-byte character never ends in a byte that cuts records or fields
        if (!decoder.is_valid(text.substr(0, 1))) {
          for (char const mark : {',', ';', '"', '\n', '\r', '\t', ':', '\0'}) ASSERT_NE(text[1], mark);
        }
      }
    }
    EXPECT_GT(valid, 128 * 128 + 21'000);
  }
}

TEST(TextDecoder, tells_what_is_not_valid) {
  for (auto const encoding : {Encoding::gbk, Encoding::gb18030}) {
    TextDecoder decoder(encoding);
    for (char const* text : {"\xB1", "a\xB1", "\xB1\"", "\xFF\xFF", "\xB1\x20"})
      EXPECT_FALSE(decoder.is_valid(text));
    EXPECT_TRUE(decoder.is_valid("\xB1\xB1\xBE\xA9")) << "an error before leaves nothing behind";
  }
  TextDecoder gb18030(Encoding::gb18030);
  EXPECT_TRUE(gb18030.is_valid("\x81\x30\x81\x30"));
  EXPECT_FALSE(gb18030.is_valid("\x81\x30\x81"));
  TextDecoder utf8(Encoding::utf8);
  EXPECT_FALSE(utf8.is_valid("\xB1\xB1"));
}

TEST(TextDecoder, latin1_has_a_character_for_every_byte) {
  TextDecoder decoder(Encoding::latin1);
  std::string all, out;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_TRUE(decoder.decode(all, out));
  EXPECT_EQ(out.size(), 127U + 2 * 128U);
  EXPECT_TRUE(is_utf8(out));
  EXPECT_TRUE(decoder.decode("\xE9\xFF", out));
  EXPECT_EQ(out, "éÿ");
}

TEST(TextDecoder, marks_bytes_that_may_be_half_a_character) {
  for (int code = 0; code < 256; ++code) {
    char const c = static_cast<char>(code);
    EXPECT_EQ(is_safe_delimiter(c, Encoding::utf8), code < 0x80);
    bool const trail = (code >= 0x30 && code <= 0x39) || (code >= 0x40 && code <= 0x7E);
    EXPECT_EQ(is_safe_delimiter(c, Encoding::gb18030), code < 0x80 && !trail);
  }
}

}  // namespace
}  // namespace tessera
