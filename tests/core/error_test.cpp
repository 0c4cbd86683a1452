// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"

#include "tessera/core/narrow.hpp"

#include <limits>
#include <new>

#include <gtest/gtest.h>

namespace tessera {
namespace {

template <class Exception>
Error converted(Exception const& exception) {
  return as_error(std::make_exception_ptr(exception));
}

TEST(Error, has_three_parts_and_shows_them_all) {
  ConfigurationError const error("k = 0", "there must be a segment", "set k to 1 or more");
  EXPECT_EQ(error.what_is_wrong(), "k = 0");
  EXPECT_EQ(error.why(), "there must be a segment");
  EXPECT_EQ(error.remedy(), "set k to 1 or more");
  EXPECT_STREQ(error.what(),
               "k = 0\n  why it matters: there must be a segment\n  what to do: set k to 1 or more");
}

TEST(Error, decides_the_exit_code) {
  EXPECT_EQ(ConfigurationError("", "", "").code(), ExitCode{2});
  EXPECT_EQ(InputError("", "", "").code(), ExitCode{3});
  EXPECT_EQ(ResourceError("", "", "").code(), ExitCode{4});
  EXPECT_EQ(BugError("").code(), ExitCode{70});
}

TEST(Error, is_kept_as_it_is_when_caught) {
  auto const error = converted(InputError("a", "b", "c"));
  EXPECT_EQ(error.code(), ExitCode::input);
  EXPECT_EQ(error.what_is_wrong(), "a");
  EXPECT_EQ(error.why(), "b");
  EXPECT_EQ(error.remedy(), "c");
}

TEST(Error, of_exhausted_memory_is_a_resource_error) {
  EXPECT_EQ(converted(std::bad_alloc()).code(), ExitCode::resources);
}

TEST(Error, of_anything_else_is_a_bug) {
  auto const error = converted(std::out_of_range("past the end"));
  EXPECT_EQ(error.code(), ExitCode::bug);
  EXPECT_EQ(error.what_is_wrong(), "past the end");
  EXPECT_EQ(converted(42).code(), ExitCode::bug);
}

TEST(Narrow, keeps_values_that_fit) {
  EXPECT_EQ(narrow<int>(std::uint64_t{2147483647}), 2147483647);
  EXPECT_EQ(narrow<std::int64_t>(-1), -1);
  EXPECT_EQ(narrow<std::uint8_t>(255), 255);
}

TEST(Narrow, refuses_values_that_do_not_fit) {
  EXPECT_THROW(static_cast<void>(narrow<int>(std::uint64_t{2147483648})), BugError);
  EXPECT_THROW(static_cast<void>(narrow<std::uint64_t>(-1)), BugError);
  EXPECT_THROW(static_cast<void>(narrow<std::uint8_t>(256)), BugError);
  EXPECT_THROW(static_cast<void>(narrow<std::int64_t>(std::numeric_limits<std::uint64_t>::max())), BugError);
}

}  // namespace
}  // namespace tessera
