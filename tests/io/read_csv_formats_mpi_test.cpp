// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
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
  return read_csv(world(), spec, KeyHasher(), Progress::silent());
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

}  // namespace
}  // namespace tessera
