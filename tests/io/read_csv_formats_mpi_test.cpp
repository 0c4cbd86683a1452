// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/parse_field.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"

namespace tessera {
namespace {

using test::column;
using test::refusal;
using test::TemporaryFolder;
using test::world;

TableRead read(TableSpec const& spec) {
  return read_table(world(), spec, KeyHasher(), Progress::silent());
}

/// Values of a number column, of all ranks in file order.
std::vector<double> numbers(TableRead const& read, std::string const& name) {
  auto const& own = std::get<NumberColumn>(read.table.column(name).data).values;
  return all_gather(world(), std::span<double const>(own)).values;
}

/// The words of a category column, "-" where missing.
std::vector<std::string> words(TableRead const& read, std::string const& name) {
  auto const& column = std::get<CategoryColumn>(read.table.column(name).data);
  std::vector<std::string> out;
  for (auto const code : all_gather(world(), std::span<std::int32_t const>(column.codes)).values)
    out.push_back(code == kMissingCode ? "-" : column.categories[static_cast<std::size_t>(code)]);
  return out;
}

std::vector<RejectReason> reasons(TableRead const& read) {
  std::vector<std::uint8_t> own;
  for (auto const& reject : read.rejects) own.push_back(static_cast<std::uint8_t>(reject.reason));
  std::vector<RejectReason> all;
  for (auto const reason : all_gather(world(), std::span<std::uint8_t const>(own)).values)
    all.push_back(static_cast<RejectReason>(reason));
  return all;
}

TEST(ReadCsvFormats, one_field_feeds_two_columns) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "client";
  spec.path = {folder.write("client.asc",
                            "\"client_id\";\"birth_number\"\n1;\"706213\"\n2;\"450204\"\n3;\"\"\n"
                            "4;\"455504\"\n5;\"450230\"\n6;oops\n")};
  spec.delimiter = ';';
  spec.key = "client_id";
  spec.max_reject_fraction = 0.5;
  auto birth = column("birth_date", ColumnType::date);
  auto sex = column("sex", ColumnType::category);
  birth.source = sex.source = "birth_number";
  birth.date_format = sex.date_format = "birth_number";
  birth.century_pivot = 0;
  sex.part = FieldPart::sex;
  for (bool const sex_first : {false, true}) {
    spec.columns = sex_first ? std::vector{sex, birth} : std::vector{birth, sex};
    auto const got = read(spec);
    auto const days = numbers(got, "birth_date");
    ASSERT_EQ(days.size(), 4U);
    EXPECT_EQ(days[0], parse_date("1970-12-13").value);
    EXPECT_EQ(days[1], parse_date("1945-02-04").value);
    EXPECT_NE(days[2], days[2]);
    EXPECT_EQ(days[3], parse_date("1945-05-04").value);
    EXPECT_EQ(words(got, "sex"), (std::vector<std::string>{"female", "male", "-", "female"}));
    EXPECT_EQ(reasons(got), (std::vector{RejectReason::impossible_date, RejectReason::not_a_date}));
  }
}

TEST(ReadCsvFormats, tokens_with_blanks_mean_a_missing_sex_as_they_mean_a_missing_date) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("t.csv", "id,born\nA,706213\nB, ? \nC,?\nD,450204\n")};
  spec.key = "id";
  auto birth = column("birth", ColumnType::date), sex = column("sex", ColumnType::category);
  birth.source = sex.source = "born";
  birth.date_format = sex.date_format = "birth_number";
  birth.missing = sex.missing = {" ? "};
  sex.part = FieldPart::sex;
  spec.columns = {birth, sex};
  EXPECT_EQ(words(read(spec), "sex"), (std::vector<std::string>{"female", "-", "-", "male"}));
}

TEST(ReadCsvFormats, a_column_may_have_another_name_than_its_field) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("t.csv", "id,x,issued\nA,1,931107 00:00:00\nB,2,931108 12:00:00\n")};
  spec.key = "id";
  auto amount = column("amount", ColumnType::real), day = column("issued", ColumnType::date);
  amount.source = "x";
  day.date_format = "%y%m%d %H:%M:%S";
  spec.columns = {amount, day};
  auto const got = read(spec);
  EXPECT_EQ(numbers(got, "amount"), (std::vector<double>{1, 2}));
  EXPECT_EQ(numbers(got, "issued"),
            (std::vector<double>{parse_date("1993-11-07").value, parse_date("1993-11-08").value}));
  spec.columns.front().source = "y";
  EXPECT_EQ(refusal(spec).substr(0, 26), "table 't' has no column 'y");
}

TEST(ReadCsvFormats, a_pattern_that_cannot_be_is_refused_on_every_rank) {
  TemporaryFolder const folder(world());
  TableSpec spec = test::table({folder.write("t.csv", test::kGood)});
  spec.columns[2].date_format = "%y%m";
  EXPECT_EQ(refusal(spec, ExitCode::configuration),
            "column 'day' of table 't': date_format = \"%y%m\" (needs one day)");
}

TEST(ReadCsvFormats, numbers_with_decimal_comma_and_thousands_points) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("t.csv",
                            "id;x;n\nA;1.234.567,5;1.234\nB;-0,25;-7\nC;\"12,5\";12\nD;-1,0;999999\n"
                            "E;1.5;1\nF;1.23.456;1\nG;1;1,5\nH;0.123;1\nI; 12.345 ;+1.000\n")};
  spec.delimiter = ';';
  spec.decimal = ',';
  spec.thousands = ".";
  spec.key = "id";
  spec.max_reject_fraction = 0.5;
  spec.columns = {column("x", ColumnType::real), column("n", ColumnType::integer)};
  spec.columns[0].missing = {"-1,0"};
  auto const got = read(spec);
  auto const x = numbers(got, "x");
  ASSERT_EQ(x.size(), 5U);
  EXPECT_EQ(x[0], 1234567.5);
  EXPECT_EQ(x[1], -0.25);
  EXPECT_EQ(x[2], 12.5);
  EXPECT_NE(x[3], x[3]);
  EXPECT_EQ(x[4], 12345.0);
  EXPECT_EQ(numbers(got, "n"), (std::vector<double>{1234, -7, 12, 999999, 1000}));
  EXPECT_EQ(reasons(got), (std::vector{RejectReason::not_a_number, RejectReason::not_a_number,
                                       RejectReason::not_an_integer, RejectReason::not_a_number}));
}

TEST(ReadCsvFormats, quoted_numbers_may_hold_the_delimiter) {
  TemporaryFolder const folder(world());
  auto spec = test::table({folder.write("t.csv", "id,x\nA,\"1,5\"\nB,\"-2,25\"\n")});
  spec.columns.resize(1);
  spec.decimal = ',';
  EXPECT_EQ(numbers(read(spec), "x"), (std::vector<double>{1.5, -2.25}));
  spec.quoted = false;
  EXPECT_EQ(refusal(spec, ExitCode::configuration),
            "table 't': delimiter = \",\" (is a mark in numbers too)");
}

/// The same two customers and a damaged one in each encoding: name and city, a key that is not ASCII.
TableSpec chinese(TemporaryFolder const& folder, Encoding encoding, std::string const& header,
                  std::string const& rows) {
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("t.csv", header + rows)};
  spec.key = "客户";
  spec.encoding = encoding;
  spec.max_reject_fraction = 0.5;
  spec.columns = {column("城市", ColumnType::category), column("x", ColumnType::real)};
  return spec;
}

TEST(ReadCsvFormats, chinese_files_give_what_the_same_file_in_utf8_gives) {
  // 客户 = BF CD BB A7, 城市 = B3 C7 CA D0, 北京 = B1 B1 BE A9; 乗 = 81 5C and 亅 = 81 7C end in ASCII bytes;
  // U+3400 = 81 39 EE 39 exists in GB18030 only
  std::string const header = "\xBF\xCD\xBB\xA7,\xB3\xC7\xCA\xD0,x\n";
  std::string const rows =
      "\xB1\xB1 1,\xB1\xB1\xBE\xA9,1\nB,\"\x81\x5C\"\"\x81\x7C\",2\nC,,3\nD,\xB1,4\nE,\xB1\xB1 ,5\n";
  TemporaryFolder const folder(world());
  auto const expected = read(chinese(folder, Encoding::utf8, "客户,城市,x\n",
                                     "北 1,北京,1\nB,\"乗\"\"亅\",2\nC,,3\nD,\xB1,4\nE,北 ,5\n"));
  EXPECT_EQ(words(expected, "城市"), (std::vector<std::string>{"北京", "乗\"亅", "-", "北 "}));
  for (auto const encoding : {Encoding::gbk, Encoding::gb18030}) {
    auto const got = read(chinese(folder, encoding, header, rows));
    EXPECT_EQ(words(got, "城市"), words(expected, "城市"));
    EXPECT_EQ(numbers(got, "x"), (std::vector<double>{1, 2, 3, 5}));
    EXPECT_EQ(all_gather(world(), std::span<Key const>(got.table.keys)).values,
              all_gather(world(), std::span<Key const>(expected.table.keys)).values);
    EXPECT_EQ(reasons(got), (std::vector{RejectReason::invalid_encoding}));
  }
  auto const four = read(chinese(folder, Encoding::gb18030, header, "A,\x81\x39\xEE\x39,1\n"));
  EXPECT_EQ(words(four, "城市"), (std::vector<std::string>{"\xE3\x90\x80"}));
  EXPECT_NE(refusal(chinese(folder, Encoding::gbk, "\xBF,x\n", rows)).find("is not valid gbk"),
            std::string::npos);
}

TEST(ReadCsvFormats, latin1_is_read_as_it_is_defined) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("t.csv", "id,m\xF8te\nA,Z\xFCrich\nB,\"\xC5rhus\"\nC,Bern\n")};
  spec.key = "id";
  spec.encoding = Encoding::latin1;
  spec.columns = {column("møte", ColumnType::category)};
  EXPECT_EQ(words(read(spec), "møte"), (std::vector<std::string>{"Zürich", "Århus", "Bern"}));
}

TEST(ReadCsvFormats, delimiters_that_may_be_half_a_character_are_refused) {
  auto spec = test::table({"unused.csv"});
  for (auto const encoding : {Encoding::gbk, Encoding::gb18030}) {
    spec.encoding = encoding;
    for (char const delimiter : {'|', '\\', '~', '@', 'A', '0'}) {
      spec.delimiter = delimiter;
      EXPECT_NE(refusal(spec, ExitCode::configuration).find("the delimiter of table 't' is"),
                std::string::npos);
    }
    for (char const delimiter : {',', ';', '\t', ':', ' ', '\x01'}) {
      spec.delimiter = delimiter;
      EXPECT_NO_THROW((void)csv_dialect(spec));
    }
  }
}

}  // namespace
}  // namespace tessera
