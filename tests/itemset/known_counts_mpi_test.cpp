// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/fimi.hpp"
#include "tessera/itemset/mine.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

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

/// Lists of itemsets with their supports, as SPMF wrote them. Some of its inputs have every item one higher.
struct Reference {
  char const* list;
  char const* dataset;
  std::uint64_t min_support;
  int shift;
};

class KnownSupports : public testing::TestWithParam<Reference> {};

INSTANTIATE_TEST_SUITE_P(Fimi, KnownSupports,
                         testing::Values(Reference{"chess_ms2500.txt", "chess.dat", 2500, 0},
                                         Reference{"mushrooms_ms4000.txt", "mushrooms_spmf8416.txt", 4152, 0},
                                         Reference{"retail_ms1000.txt", "retail.dat", 1000, 1},
                                         Reference{"T10I4D100K_ms1000.txt", "T10I4D100K.dat", 1000, 1}),
                         [](auto const& info) {
                           std::string name = info.param.list;
                           return name.substr(0, name.find('.'));
                         });

using Supports = std::map<std::set<int>, std::int64_t>;

Supports read_list(std::filesystem::path const& path, int shift) {
  std::ifstream file(path);
  Supports out;
  for (std::string line; std::getline(file, line);) {
    auto const mark = line.find("#SUP:");
    std::istringstream items(line.substr(0, mark));
    std::set<int> itemset;
    for (int item = 0; items >> item;) itemset.insert(item - shift);
    out[itemset] = std::stoll(line.substr(mark + 5));
  }
  return out;
}

TEST_P(KnownSupports, are_found_itemset_by_itemset) {
  auto const list = kFolder / "spmf_reference" / GetParam().list;
  if (!std::filesystem::exists(list)) GTEST_SKIP() << list << " is not here";
  auto const baskets = read_fimi(test::world(), (kFolder / GetParam().dataset).string());
  auto const tree =
      mine_itemsets(test::world(), baskets, {.min_support = Share::of_count(GetParam().min_support)}).tree;
  Supports found;
  std::vector<int> path;
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    path.resize(tree.depth[i] - 1U);
    path.push_back(std::stoi(tree.item_name[static_cast<std::size_t>(tree.item[i])]));
    found.emplace(std::set<int>(path.begin(), path.end()), tree.support[i]);
  }
  EXPECT_EQ(found, read_list(list, GetParam().shift));
}

}  // namespace
}  // namespace tessera
