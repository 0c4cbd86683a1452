// SPDX-License-Identifier: Apache-2.0
#include "../src/app/with_commas.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(WithCommas, groups_thousands) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(41188), "41,188");
  EXPECT_EQ(with_commas(std::uint64_t{1'000'000'000}), "1,000,000,000");
  EXPECT_EQ(with_commas(-100), "-100");
  EXPECT_EQ(with_commas(-1000), "-1,000");
}

}  // namespace
}  // namespace tessera
