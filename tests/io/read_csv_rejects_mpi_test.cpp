// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/random.hpp"
#include "tessera/io/csv_text.hpp"
#include "tessera/io/parse_field.hpp"

#include <bit>
#include <string>
#include <variant>
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
                                {"C,1,1,2026-01-01,\xE9", invalid_encoding, -1},
                                {",1,1,2026-01-01,a", missing_key, -1},
                                {"\"\",1,1,2026-01-01,a", missing_key, -1},
                                {"C,one,1,2026-01-01,a", not_a_number, 0},
                                {"C,1,1.5,2026-01-01,a", not_an_integer, 1},
                                {"C,1,9007199254740993,2026-01-01,a", number_overflow, 1},
                                {"C,1e999,1,2026-01-01,a", number_overflow, 0},
                                {"C,nan,1,2026-01-01,a", not_finite, 0},
                                {"C,-inf,1,2026-01-01,a", not_finite, 0},
                                {"C,1,1,2026-02-29,a", impossible_date, 2},
                                {"C,-100.5,1,2026-01-01,a", below_minimum, 0},
                                {"C,100.5,x,2026-01-01,a", above_maximum, 0}};
  TemporaryFolder const folder(world());
  std::string text = kGood;
  for (auto const& row : bad) text += row.line + "\n\nE, -100 ,1,,only good\n";
  auto spec = table({folder.write("a.csv", kGood), folder.write("b.csv", text)});
  spec.max_reject_fraction = 17.0 / 38.0;
  auto const read = read_table(world(), spec, KeyHasher(), Progress::silent());
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

/// A field that is a number, missing, nearly a number, or out of range, and how it is written.
std::string odd_number(Draw const& draw, std::uint64_t row, std::uint32_t column) {
  constexpr std::string_view kOdd[] = {"",
                                       "-999",
                                       "-999.0",
                                       "NA",
                                       "x",
                                       "1e3",
                                       " 7 ",
                                       "\"8.5\"",
                                       "+4",
                                       "1.2.3",
                                       "-",
                                       "1e999",
                                       "101.5",
                                       "-0",
                                       "\"\"",
                                       "\" 9\"",
                                       "3.25",
                                       "\"-999\"",
                                       "12345678901234567"};
  if (draw.below(12, row, 100 + column) == 0)
    return std::string(kOdd[draw.below(std::size(kOdd), row, column)]);
  return std::to_string(draw.below(100, row, 200 + column)) + (column == 0 ? ".25" : "");
}

/// What the field stands for, decided alone.
std::variant<double, RejectReason> alone(ColumnSpec const& spec, std::string_view field) {
  std::string scratch;
  std::string_view const text = trimmed(field.starts_with('"') ? unquoted(field, scratch) : field);
  if (MissingTokens(spec.missing).contains(text)) return kMissingNumber;
  auto const parsed = spec.type == ColumnType::integer ? parse_integer(text) : parse_real(text);
  if (parsed.problem) return *parsed.problem;
  if (parsed.value < spec.min) return below_minimum;
  if (parsed.value > spec.max) return above_maximum;
  return parsed.value;
}

TEST(ReadCsvRejects, and_values_are_those_of_each_record_alone_however_many_are_parsed_together) {
  TemporaryFolder const folder(world());
  Draw const draw(11, Purpose::generate);
  auto spec = table({});
  spec.columns = {{"x", ColumnType::real, -1000.0, 100.0, {"", "-999", "NA"}},
                  {"n", ColumnType::integer, -1000.0, 1e6, {"", "-999"}}};
  spec.max_reject_fraction = 1.0;
  std::string text = "n,id,x\n";
  std::vector<std::uint64_t> bits;
  std::vector<Key> keys;
  std::vector<Reject> expected;
  for (std::uint64_t row = 0; row < 3000; ++row) {
    std::string const x = odd_number(draw, row, 0), n = odd_number(draw, row, 1);
    std::string const id = row % 97 == 0 ? "" : std::string(row % 150, 'i') + std::to_string(row);
    text += n + ',' + (row % 5 == 0 && !id.empty() ? "\"\"\"" + id + '"' : id) + ',' + x + '\n';
    auto const reject = [&](std::int32_t column, RejectReason reason) {
      expected.push_back({row + 2, 0, column, reason});
    };
    auto const a = alone(spec.columns[0], x), b = alone(spec.columns[1], n);
    if (id.empty()) {
      reject(-1, missing_key);
    } else if (auto const* reason = std::get_if<RejectReason>(&a)) {
      reject(0, *reason);
    } else if (auto const* other = std::get_if<RejectReason>(&b)) {
      reject(1, *other);
    } else {
      bits.push_back(std::bit_cast<std::uint64_t>(std::get<double>(a)));
      bits.push_back(std::bit_cast<std::uint64_t>(std::get<double>(b)));
      keys.push_back(KeyHasher()((row % 5 == 0 ? "\"" : "") + id));
    }
  }
  spec.path = {folder.write("a.csv", text)};
  for (CsvPortions const& portions : {CsvPortions{}, CsvPortions{300, 4096, 0}}) {
    auto const read = read_table(world(), spec, KeyHasher(), Progress::silent(), portions);
    auto const all_keys = all_gather(world(), std::span<Key const>(read.table.keys)).values;
    ASSERT_EQ(all_keys, keys);
    auto const values = [&](std::size_t column) {
      auto const& own = std::get<NumberColumn>(read.table.columns[column].data).values;
      return all_gather(world(), std::span<double const>(own)).values;
    };
    auto const x = values(0), n = values(1);
    ASSERT_EQ(2 * x.size(), bits.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(x[i]), bits[2 * i]) << i;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(n[i]), bits[2 * i + 1]) << i;
    }
    auto const rejects = all_gather(world(), std::span<Reject const>(read.rejects)).values;
    ASSERT_EQ(rejects.size(), expected.size());
    for (std::size_t i = 0; i < rejects.size(); ++i) {
      ASSERT_EQ(rejects[i].record, expected[i].record);
      ASSERT_EQ(rejects[i].column, expected[i].column) << rejects[i].record;
      ASSERT_EQ(to_string(rejects[i].reason), to_string(expected[i].reason)) << rejects[i].record;
    }
  }
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
