// SPDX-License-Identifier: Apache-2.0
#include "../../src/itemset/bit_columns.hpp"

#include "tessera/core/random.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace tessera {
namespace {

/// A table of bits, and the same as columns.
struct Table {
  std::vector<std::vector<std::uint8_t>> holds;  // [rows][columns]
  BitColumns columns;

  Table(std::size_t rows, std::size_t count, MemoryMeter& meter)
      : holds(rows, std::vector<std::uint8_t>(count)), columns(rows, count, meter) {
    Draw const draw(7, Purpose::sample);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < count; ++c) {
        if (draw.below(10, r * count + c) >= 2 + c % 5) continue;
        holds[r][c] = 1;
        columns.set(r, c);
      }
    }
  }
  [[nodiscard]] std::int64_t count(std::vector<std::int32_t> const& items) const {
    return std::count_if(holds.begin(), holds.end(), [&](auto const& row) {
      return std::all_of(items.begin(), items.end(),
                         [&](auto item) { return row[static_cast<std::size_t>(item)] != 0; });
    });
  }
};

/// What `columns` counts for a class, and what the table holds.
void expect_pairs(Table const& table, BitColumns const& columns, std::vector<std::int32_t> const& prefix,
                  std::vector<std::int32_t> const& path, std::vector<std::int32_t> const& names,
                  std::vector<std::int32_t> const& own) {
  std::size_t const m = own.size();
  std::vector<std::int64_t> counts(m * (m - 1) / 2, 0), expected;
  for (std::size_t a = 0; a < m; ++a) {
    for (std::size_t b = a + 1; b < m; ++b) {
      auto items = prefix;
      items.push_back(names[a]);
      items.push_back(names[b]);
      expected.push_back(table.count(items));
    }
  }
  ClassPairs const pairs{path, own, 0, m - 1, counts};
  columns.count(std::span(&pairs, 1));
  EXPECT_EQ(counts, expected);
}

/// One block, a full block and a piece, many; few and many columns.
TEST(BitColumns, count_pairs_below_any_path_before_and_after_projecting) {
  for (std::size_t const rows : {0U, 1U, 63U, 64U, 500U, 32768U, 32769U, 70000U}) {
    for (std::size_t const count : {5U, 13U}) {
      SCOPED_TRACE(testing::Message() << rows << " rows, " << count << " columns");
      MemoryMeter meter(std::uint64_t{1} << 30);
      Table const table(rows, count, meter);
      std::vector<std::int32_t> const own{2, 3, 4}, projected{0, 1, 2};
      expect_pairs(table, table.columns, {}, {}, own, own);
      for (std::vector<std::int32_t> const& path :
           {std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0, 1}}) {
        expect_pairs(table, table.columns, path, path, own, own);
        auto const with = static_cast<std::size_t>(table.count(path));
        EXPECT_EQ(table.columns.count(path), with);
        auto const shorter = table.columns.project(path, own, with, meter);
        EXPECT_EQ(shorter.rows(), with);
        expect_pairs(table, shorter, path, {}, own, projected);
      }
    }
  }
}

TEST(BitColumns, stay_within_the_memory_limit) {
  MemoryMeter meter(1000);
  EXPECT_THROW(BitColumns(100'000, 10, meter), MemoryLimitReached);
}

}  // namespace
}  // namespace tessera
