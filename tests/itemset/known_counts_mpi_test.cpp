// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/fimi.hpp"
#include "tessera/itemset/mine.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

/// Public data sets with published numbers of itemsets (KNOWN_COUNTS.csv says where each number is from).
/// They are not part of the repository.
namespace tessera {
namespace {

std::filesystem::path const kFolder = std::filesystem::path(TESSERA_SHARED_DATA) / "fimi";

struct Known {
  std::string dataset;
  std::uint64_t rows = 0, min_support = 0, all = 0, closed = 0;
};

std::vector<Known> known_counts() {
  std::ifstream file(kFolder / "KNOWN_COUNTS.csv");
  std::vector<Known> out;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#' || line.starts_with("dataset")) continue;
    std::istringstream fields(line);
    std::vector<std::string> field;
    for (std::string text; std::getline(fields, text, ',');) field.push_back(text);
    auto const number = [&](std::size_t i) {
      return field[i].empty() ? std::uint64_t{0} : std::stoull(field[i]);
    };
    out.push_back({field[0], number(1), number(2), number(4), number(5)});
  }
  return out;
}

std::uint64_t mine(Baskets const& baskets, std::uint64_t min_support, ItemsetKind kind) {
  return mine_itemsets(test::world(), baskets, {.min_support = Share::of_count(min_support), .kind = kind})
      .itemsets;
}

class KnownCounts : public testing::TestWithParam<char const*> {};

INSTANTIATE_TEST_SUITE_P(Fimi, KnownCounts,
                         testing::Values("mushroom.dat", "chess.dat", "connect.dat", "retail.dat",
                                         "T10I4D100K.dat"),
                         [](auto const& info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST_P(KnownCounts, are_found_on_any_number_of_ranks) {
  auto path = kFolder / GetParam();
  if (!std::filesystem::exists(path)) path += ".gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  auto const baskets = read_fimi(test::world(), path.string());
  std::size_t checked = 0;
  for (auto const& known : known_counts()) {
    if (known.dataset != GetParam()) continue;
    ++checked;
    EXPECT_EQ(baskets.blocks.total_rows, known.rows);
    EXPECT_EQ(mine(baskets, known.min_support, ItemsetKind::all), known.all)
        << "at support " << known.min_support;
    if (known.closed == 0) continue;
    EXPECT_EQ(mine(baskets, known.min_support, ItemsetKind::closed), known.closed)
        << "closed at support " << known.min_support;
  }
  EXPECT_GT(checked, 0U);
}

}  // namespace
}  // namespace tessera
