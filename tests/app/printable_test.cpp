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

TEST(Printable, shows_bytes_that_are_no_utf8) {
  EXPECT_EQ(printable("a\xa6z"), "a\\xa6z");
}

}  // namespace

}  // namespace tessera
