// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"

#include <cmath>
#include <span>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include <gmock/gmock.h>

namespace tessera {
namespace {

using test::TemporaryFolder;
using test::world;
using testing::ElementsAre;

/// x is to lie in [-100, 100]: two of these do not.
std::string const kRows = "id,x,n,day,job\nA,-101,1,,a\nB,-100,2,,a\nC,100,3,,b\nD,1e9,4,,b\nE,,5,,b\n";

TableRead read(std::string const& path, OutOfRange what) {
  auto spec = test::table({path});
  spec.columns[0].out_of_range = what;
  spec.max_reject_fraction = 0.5;
  return read_table(world(), spec, KeyHasher(), Progress::silent());
}

std::vector<double> numbers(TableRead const& read) {
  auto const& values = std::get<NumberColumn>(read.table.columns[0].data).values;
  return all_gather(world(), std::span<double const>(values)).values;
}

TEST(OutOfRange, rejects_the_row_unless_told_otherwise) {
  TemporaryFolder const folder(world());
  auto const path = folder.write("a.csv", kRows);
  auto const table = read(path, OutOfRange::reject);
  EXPECT_EQ(table.rejected, 2U);
  EXPECT_THAT(table.out_of_range, ElementsAre(2, 0, 0, 0));
  EXPECT_EQ(ColumnSpec{}.out_of_range, OutOfRange::reject);
}

TEST(OutOfRange, becomes_missing) {
  TemporaryFolder const folder(world());
  auto const table = read(folder.write("a.csv", kRows), OutOfRange::missing);
  EXPECT_EQ(table.rejected, 0U);
  EXPECT_THAT(table.out_of_range, ElementsAre(2, 0, 0, 0));
  auto const x = numbers(table);
  ASSERT_EQ(x.size(), 5U);
  EXPECT_TRUE(std::isnan(x[0]));
  EXPECT_EQ(x[1], -100.0);
  EXPECT_EQ(x[2], 100.0);
  EXPECT_TRUE(std::isnan(x[3]));
  EXPECT_TRUE(std::isnan(x[4]));
}

TEST(OutOfRange, becomes_the_bound) {
  TemporaryFolder const folder(world());
  auto const table = read(folder.write("a.csv", kRows), OutOfRange::clamp);
  EXPECT_EQ(table.rejected, 0U);
  EXPECT_THAT(table.out_of_range, ElementsAre(2, 0, 0, 0));
  auto const x = numbers(table);
  ASSERT_EQ(x.size(), 5U);
  EXPECT_THAT(std::span(x).first(4), ElementsAre(-100.0, -100.0, 100.0, 100.0));
  EXPECT_TRUE(std::isnan(x[4]));
}

}  // namespace
}  // namespace tessera
