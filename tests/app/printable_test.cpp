// SPDX-License-Identifier: Apache-2.0
#include "../src/app/printable.hpp"

#include <gtest/gtest.h>

namespace tessera {

namespace {

TEST(Printable, leaves_text_as_it_is) {
  EXPECT_EQ(printable("column 'größe'\n\tof 客户"), "column 'größe'\n\tof 客户");
}

TEST(Printable, shows_bytes_that_a_terminal_would_act_on) {
  EXPECT_EQ(printable("a\x1b[31m\r\x7f"), "a\\x1b[31m\\x0d\\x7f");
}

TEST(Printable, shows_control_characters_of_two_bytes) {
  EXPECT_EQ(printable("a\xc2\x9b[31m\xc2\x80"), "a\\xc2\\x9b[31m\\xc2\\x80");
  EXPECT_EQ(printable("\xc2\xa0\xc2\xa7"), "\xc2\xa0\xc2\xa7");  // the first ones behind them
}

TEST(Printable, shows_bytes_that_are_no_utf8) {
  EXPECT_EQ(printable("a\xc2"), "a\\xc2");
  EXPECT_EQ(printable("a\xa6z"), "a\\xa6z");
}

}  // namespace

}  // namespace tessera
