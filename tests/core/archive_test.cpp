// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/archive.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace tessera {
namespace {

struct Point {
  double x = 0;
  std::array<std::uint8_t, 3> tag{};
  bool operator==(Point const&) const = default;
};
template <class Archive, Same<Point> Value>
void fields(Archive& archive, Value& point) {
  archive(point.x, point.tag);
}

struct Everything {
  std::int32_t number = 0;
  bool flag = false;
  std::string text;
  std::vector<double> values;
  std::vector<std::string> texts;
  std::vector<Point> points;
  std::optional<Point> some, none;
  bool operator==(Everything const&) const = default;
};
template <class Archive, Same<Everything> Value>
void fields(Archive& archive, Value& all) {
  archive(all.number, all.flag, all.text, all.values, all.texts, all.points, all.some, all.none);
}

Everything const kAll{-7,
                      true,
                      std::string("a\0b", 3),
                      {0.1, -0.0, std::numeric_limits<double>::infinity()},
                      {"", "x"},
                      {{1.5, {1, 2, 3}}, {}},
                      Point{2, {}},
                      std::nullopt};

TEST(Archive, gives_back_what_was_saved) {
  EXPECT_EQ(loaded<Everything>(saved(kAll)), kAll);
  EXPECT_EQ(loaded<Everything>(saved(Everything{})), Everything{});
}

TEST(Archive, replaces_what_a_value_held) {
  auto const bytes = saved(Everything{});
  Everything value = kAll;
  Loader loader(bytes);
  loader(value);
  EXPECT_EQ(value, Everything{});
  EXPECT_TRUE(loader.at_end());
}

TEST(Archive, refuses_bytes_that_end_anywhere_too_early) {
  auto const bytes = saved(kAll);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW((void)loaded<Everything>(std::span(bytes).first(size)), InputError) << size;
}

TEST(Archive, takes_no_memory_for_a_count_that_the_bytes_cannot_hold) {
  auto const huge = saved(std::numeric_limits<std::uint64_t>::max());
  EXPECT_THROW((void)loaded<std::vector<double>>(huge), InputError);
  EXPECT_THROW((void)loaded<std::vector<std::string>>(huge), InputError);
  EXPECT_THROW((void)loaded<std::string>(huge), InputError);
}

}  // namespace
}  // namespace tessera
