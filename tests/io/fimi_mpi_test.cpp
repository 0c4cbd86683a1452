// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/random.hpp"
#include "tessera/io/fimi.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "mpi/main.hpp"
#include "temporary_folder.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::gzipped;
using test::TemporaryFolder;
using test::world;
using test::zstandard;
using Basket = std::vector<std::string>;

/// The baskets of all ranks by item names, after a check of their placement.
std::vector<Basket> all_baskets(Baskets const& baskets) {
  auto const expected = regular_blocks(baskets.blocks.total_rows, world().rank(), world().size());
  EXPECT_EQ(baskets.blocks.offset, expected.offset);
  EXPECT_EQ(baskets.blocks.first_row, expected.first_row);
  EXPECT_EQ(baskets.rows(), expected.rows());
  std::vector<std::string> lines;
  for (std::size_t r = 0; r < baskets.rows(); ++r) {
    std::string line;
    std::int32_t last = -1;
    for (auto const item : baskets.basket(LocalRow{r})) {
      EXPECT_GT(item, last);
      last = item;
      line += baskets.item_names.at(static_cast<std::size_t>(item)) + " ";
    }
    lines.push_back(line);
  }
  std::vector<Basket> out;
  for (auto const& line : all_gather_texts(world(), lines)) {
    auto& basket = out.emplace_back();
    for (std::size_t begin = 0; begin < line.size(); begin = line.find(' ', begin) + 1) {
      basket.push_back(line.substr(begin, line.find(' ', begin) - begin));
    }
  }
  return out;
}

Baskets read_text(std::string_view content, std::string_view name = "baskets.dat") {
  TemporaryFolder const folder(world());
  return read_fimi(world(), folder.write(name, content));
}

std::vector<Basket> read(std::string_view content, std::string_view name = "baskets.dat") {
  return all_baskets(read_text(content, name));
}

std::string problem(std::string_view content, std::string_view name = "baskets.dat") {
  try {
    (void)read_text(content, name);
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::input);
    return error.what_is_wrong();
  }
  return "accepted";
}

std::string const kManyLines = [] {
  Draw const draw(3, Purpose::generate);
  std::string out;
  for (std::uint64_t line = 0; line < 5000; ++line) {
    std::set<std::uint64_t> items;
    for (std::uint32_t i = 0; i < draw.below(12, line, 99); ++i) items.insert(draw.below(300, line, i));
    for (auto const item : items) out += std::to_string(item) + " ";
    out += '\n';
  }
  return out;
}();

std::vector<Basket> split(std::string const& text) {
  std::vector<Basket> out;
  std::string item;
  Basket basket;
  for (char const byte : text) {
    if (byte == ' ' || byte == '\n') {
      if (!item.empty()) basket.push_back(item);
      item.clear();
    } else {
      item += byte;
    }
    if (byte == '\n') {
      out.push_back(basket);
      basket.clear();
    }
  }
  return out;
}

TEST(ReadFimi, keeps_the_order_of_the_file_in_regular_blocks) {
  EXPECT_EQ(read(kManyLines), split(kManyLines));
}

TEST(ReadFimi, reads_compressed_files) {
  EXPECT_EQ(read(gzipped(kManyLines), "baskets.dat.gz"), split(kManyLines));
  EXPECT_EQ(read(zstandard(kManyLines), "baskets.dat.zst"), split(kManyLines));
}

TEST(ReadFimi, a_line_belongs_to_one_rank_wherever_the_cuts_fall) {
  // Every length of the first line moves the cuts between ranks by less than a line.
  for (std::size_t length = 1; length <= 24; ++length) {
    std::string const content =
        std::string(length, '7').substr(0, 9) + std::string(length, ' ') + "\n1 2\n\n3\n";
    EXPECT_EQ(read(content), split(content)) << content;
  }
}

TEST(ReadFimi, reads_lines_longer_than_a_rank_s_share) {
  std::string line;
  Basket expected;
  for (int i = 1000; i < 9000; ++i) {
    line += std::to_string(i) + " ";
    expected.push_back(std::to_string(i));
  }
  EXPECT_EQ(read(line + "\n5\n"), (std::vector<Basket>{expected, {"5"}}));
}

TEST(ReadFimi, reads_files_longer_than_its_buffer) {
  std::string content;
  std::vector<Basket> expected;
  for (int i = 0; i < 300'000; ++i) {
    content += std::to_string(i % 1000) + " 1234567\n";
    expected.push_back({std::to_string(i % 1000), "1234567"});
  }
  EXPECT_EQ(read(content), expected);
}

TEST(ReadFimi, understands_blanks_tabs_line_ends_and_empty_lines) {
  EXPECT_EQ(read("3  1\t2 \r\n\r\n\n  \n \t7\n"), (std::vector<Basket>{{"1", "2", "3"}, {}, {}, {}, {"7"}}));
  EXPECT_EQ(read("1\n2"), (std::vector<Basket>{{"1"}, {"2"}}));
  EXPECT_EQ(read("1\n2\r"), (std::vector<Basket>{{"1"}, {"2"}}));
  EXPECT_EQ(read("1\n "), (std::vector<Basket>{{"1"}, {}}));
  EXPECT_EQ(read("\n"), (std::vector<Basket>{{}}));
}

TEST(ReadFimi, counts_repeated_items_once_and_orders_names_by_number) {
  auto const baskets = read_text("10 9 10 9 9\n2147483647 0\n007 9\n");
  EXPECT_EQ(baskets.item_names, (std::vector<std::string>{"0", "7", "9", "10", "2147483647"}));
  EXPECT_EQ(all_baskets(baskets), (std::vector<Basket>{{"9", "10"}, {"0", "2147483647"}, {"7", "9"}}));
}

TEST(ReadFimi, reads_a_million_distinct_items) {
  std::string content;
  for (int i = 0; i < 1'000'000; ++i) {
    content += std::to_string(i * 2) + (i % 10 == 9 ? "\n" : " ");
  }
  auto const baskets = read_text(content);
  ASSERT_EQ(baskets.item_names.size(), 1'000'000U);
  EXPECT_EQ(baskets.item_names[999'999], "1999998");
  EXPECT_EQ(baskets.blocks.total_rows, 100'000U);
  for (std::size_t r = 0; r < baskets.rows(); ++r) {
    auto const row = static_cast<std::int32_t>(baskets.blocks.global(LocalRow{r}).value);
    ASSERT_EQ(baskets.basket(LocalRow{r}).size(), 10U);
    ASSERT_EQ(baskets.basket(LocalRow{r})[3], 10 * row + 3);
  }
}

TEST(ReadFimi, names_the_file_and_the_line_of_a_problem) {
  auto const expect = [](std::string const& line, std::string const& words) {
    auto const found = problem("1 2\n3\n\n" + line + "\n5 6\n7 8\n");
    EXPECT_NE(found.find(".dat:4 " + words), std::string::npos) << found;
  };
  expect("1 x", "holds a character");
  expect("1.5", "holds a character");
  expect("1 -2", "holds a minus sign");
  expect("2147483648", "holds an item above 2147483647");
  expect("99999999999999999999999", "holds an item above 2147483647");
  expect(std::string("1 \0 2", 5), "holds a NUL byte");
  expect("1 \r2", "holds a carriage return");
  expect(
      "\xEF\xBB\xBF"
      "1",
      "holds a character");
}

TEST(ReadFimi, names_the_first_problem_of_the_file) {
  auto content = kManyLines;
  content += "a\n" + kManyLines + "b\n";
  EXPECT_NE(problem(content).find(":5001 "), std::string::npos);
}

TEST(ReadFimi, rejects_what_is_no_file_with_baskets) {
  EXPECT_NE(problem("").find("is empty"), std::string::npos);
  EXPECT_NE(problem(gzipped(""), "baskets.gz").find("holds no line"), std::string::npos);
  EXPECT_NE(problem(gzipped(kManyLines).substr(0, 500), "baskets.gz"), "accepted");
  EXPECT_THROW((void)read_fimi(world(), "/nowhere/baskets.dat"), Error);
  EXPECT_THROW((void)read_fimi(world(), std::filesystem::temp_directory_path().string()), Error);
}

}  // namespace
}  // namespace tessera
