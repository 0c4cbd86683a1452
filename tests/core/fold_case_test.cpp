// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fold_case.hpp"

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(FoldCase, lowers_ascii_letters_and_nothing_else_of_ascii) {
  EXPECT_EQ(fold_case("Blue-Collar @[`{ 09 AZ"), "blue-collar @[`{ 09 az");
  EXPECT_EQ(fold_case(""), "");
}

TEST(FoldCase, lowers_latin_greek_and_cyrillic_letters) {
  EXPECT_EQ(fold_case("ÀÖØÞ ×÷ ÿß"), "àöøþ ×÷ ÿß");
  EXPECT_EQ(fold_case("ČŘŽÝÁÍÉ ŁÓDŹ ĀĮ ĲĶ ĹŇ ŊŶŸ"), "čřžýáíé łódź āį ĳķ ĺň ŋŷÿ");
  EXPECT_EQ(fold_case("ΑΩ ΆΈΉΊΌΎΏ ΣΑΣ ςας"), "αω άέήίόύώ σασ σασ");
  EXPECT_EQ(fold_case("ЂЏ АЯ ёж"), "ђџ ая ёж");
}

TEST(FoldCase, leaves_dotted_and_dotless_i_and_scripts_without_case) {
  EXPECT_EQ(fold_case("İı"), "İı");
  EXPECT_EQ(fold_case("客户 Ａ"), "客户 Ａ");
}

TEST(FoldCase, is_idempotent_and_keeps_the_length) {
  for (std::int32_t letter = 0x80; letter < 0x800; ++letter) {
    std::string const text{static_cast<char>(0xC0 | (letter >> 6)),
                           static_cast<char>(0x80 | (letter & 0x3F))};
    auto const once = fold_case(text);
    EXPECT_EQ(fold_case(once), once) << letter;
  }
}

TEST(FoldCase, passes_bytes_that_are_not_utf8) {
  EXPECT_EQ(fold_case("\xC3"), "\xC3");
  EXPECT_EQ(fold_case("\xC3\x41"), "\xC3\x61");
  EXPECT_EQ(fold_case("\xFF\x80Z"), "\xFF\x80z");
}

}  // namespace
}  // namespace tessera
