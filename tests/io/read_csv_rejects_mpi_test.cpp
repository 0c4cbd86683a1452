// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"

#include <string>
#include <vector>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::kGood;
using test::refusal;
using test::table;
using test::TemporaryFolder;
using test::world;
using testing::HasSubstr;
using enum RejectReason;

struct Bad {
  std::string line;
  RejectReason reason;
  std::int32_t column;
};

TEST(ReadCsvRejects, each_kind_of_bad_row_with_record_column_and_reason) {
  std::vector<Bad> const bad = {{"C,1,1,2026-01-01", wrong_field_count, -1},
                                {"C,1,1,2026-01-01,a,b", wrong_field_count, -1},
                                {"C,1\"\"2,1,2026-01-01,a", stray_quote, 0},
                                {"\"C\" ,1,1,2026-01-01,a", stray_quote, -1},
                                {std::string("C,1,1,2026-01-01,a\0b", 20), nul_byte, -1},
                                {"C,1,1,2026-01-01,\xE9", invalid_utf8, -1},
                                {",1,1,2026-01-01,a", missing_key, -1},
                                {"\"\",1,1,2026-01-01,a", missing_key, -1},
                                {"C,one,1,2026-01-01,a", not_a_number, 0},
                                {"C,1,1.5,2026-01-01,a", not_an_integer, 1},
                                {"C,1,9007199254740993,2026-01-01,a", number_overflow, 1},
                                {"C,1e999,1,2026-01-01,a", number_overflow, 0},
                                {"C,nan,1,2026-01-01,a", not_finite, 0},
                                {"C,-inf,1,2026-01-01,a", not_finite, 0},
                                {"C,1,1,2026-02-29,a", not_a_date, 2},
                                {"C,-100.5,1,2026-01-01,a", below_minimum, 0},
                                {"C,100.5,x,2026-01-01,a", above_maximum, 0}};
  TemporaryFolder const folder(world());
  std::string text = kGood;
  for (auto const& row : bad) text += row.line + "\n\nE, -100 ,1,,only good\n";
  auto spec = table({folder.write("a.csv", kGood), folder.write("b.csv", text)});
  spec.max_reject_fraction = 17.0 / 38.0;
  auto const read = read_csv(world(), spec, KeyHasher(), Progress::silent());
  EXPECT_EQ(read.records, 4 + 2 * bad.size());
  EXPECT_EQ(read.rejected, bad.size());
  auto const rejects = all_gather(world(), std::span<Reject const>(read.rejects)).values;
  ASSERT_EQ(rejects.size(), bad.size());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(rejects[i].file, 1U);
    EXPECT_EQ(rejects[i].record, 4 + 3 * i) << "header, empty lines and rejects count";
    EXPECT_EQ(rejects[i].column, bad[i].column) << bad[i].line;
    EXPECT_EQ(to_string(rejects[i].reason), to_string(bad[i].reason)) << bad[i].line;
  }
  EXPECT_EQ(all_reduce(world(), static_cast<std::uint64_t>(read.table.rows()), Reduce::sum), 4 + bad.size());
  for (auto const& column : read.table.columns) {
    if (auto const* number = std::get_if<NumberColumn>(&column.data)) {
      EXPECT_EQ(number->values.size(), read.table.rows()) << "nothing of a rejected row is kept";
    }
  }
  auto const& job = std::get<CategoryColumn>(read.table.column("job").data);
  EXPECT_EQ(job.categories, (std::vector<std::string>{"a", "b", "only good"}));
}

TEST(ReadCsvRejects, stop_the_run_beyond_the_allowed_share_without_showing_a_value) {
  TemporaryFolder const folder(world());
  std::string text = "id,x,n,day,job\n";
  for (int i = 0; i < 100; ++i) text += i % 10 < 3 && i != 0 ? "A,secret,1,,a\n" : "A,1,1,,a\n";
  auto spec = table({folder.write("a.csv", text)});
  spec.max_reject_fraction = 0.29;
  EXPECT_EQ(refusal(spec), "");
  spec.max_reject_fraction = 0.28;
  std::string const message = refusal(spec);
  EXPECT_THAT(message,
              HasSubstr("29 of 100 records of table 't' were rejected, a share of 0.29 where 0.28 is"));
  EXPECT_THAT(message, HasSubstr("'" + spec.path[0] + "' record 3 column 'x': not a number"));
  EXPECT_THAT(message, testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace tessera
