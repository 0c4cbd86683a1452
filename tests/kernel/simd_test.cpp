// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/simd.hpp"

#include "tessera/core/error.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(Simd, ends_with_a_scalar_level_on_every_machine) {
  EXPECT_EQ(simd_levels().back(), "scalar");
}

TEST(Simd, uses_the_level_it_is_told_to) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    EXPECT_EQ(simd_level(), level);
  }
  use_simd_level(simd_levels().front());
}

TEST(Simd, refuses_an_unknown_level_and_lists_the_known_ones) {
  try {
    use_simd_level("AVX9");
    FAIL() << "no error";
  } catch (ConfigurationError const& error) {
    EXPECT_THAT(error.what_is_wrong(), testing::HasSubstr("AVX9"));
    EXPECT_THAT(error.remedy(), testing::HasSubstr("scalar"));
  }
}

// In processes of their own, since the variable is read once.
TEST(SimdDeathTest, takes_the_level_from_the_environment) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        setenv("TESSERA_SIMD", "scalar", 1);
        std::exit(simd_level() == "scalar" ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(SimdDeathTest, refuses_an_unknown_level_in_the_environment) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        setenv("TESSERA_SIMD", "AVX9", 1);
        try {
          (void)simd_level();
        } catch (ConfigurationError const&) {
          std::exit(2);
        }
        std::exit(0);
      },
      testing::ExitedWithCode(2), "");
}

}  // namespace
}  // namespace tessera
