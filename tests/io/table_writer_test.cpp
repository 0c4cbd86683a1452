// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/table_writer.hpp"

#include "tessera/core/error.hpp"

#include <fstream>
#include <iterator>
#include <limits>

#include "temporary_folder.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace tessera {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

TableLayout layout() {
  return {"things",
          "a thing",
          {{"thing_id", FieldType::text, 16, 0, false, "its id"},
           {"name", FieldType::text, 12, 0, true, "its name"},
           {"count", FieldType::integer, 0, 0, false, "how many"},
           {"maybe", FieldType::integer, 0, 0, true, "how many, if told"},
           {"price", FieldType::decimal, 0, 2, false, "currency units"},
           {"day", FieldType::date, 0, 0, true, "of sale"}}};
}

void write_some(TableWriter& out, int rows) {
  for (int i = 0; i < rows; ++i) {
    out.id('T', static_cast<std::uint64_t>(i));
    i % 3 == 0 ? out.missing() : out.text(i % 3 == 1 ? "plain" : "a,\"b\"");
    out.integer(-i);
    i % 2 == 0 ? out.missing() : out.integer(i);
    out.decimal(i % 2 == 0 ? -5 - i : 1234567 + i);
    i % 4 == 0 ? out.missing() : out.date(20000 + i);
    out.end_row();
  }
}

std::string content(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TableWriter, writes_csv_with_a_header_quotes_and_a_private_file) {
  TemporaryFolder const folder(Communicator::self());
  auto const path = folder / "things.csv";
  auto const out = open_table(path, layout(), TableFileFormat::csv);
  write_some(*out, 3);
  EXPECT_FALSE(std::filesystem::exists(path));  // not before it is whole
  out->commit();
  EXPECT_EQ(out->rows(), 3U);
  EXPECT_EQ(content(path),
            "thing_id,name,count,maybe,price,day\n"
            "T0,,0,,-0.05,\n"
            "T1,plain,-1,1,12345.68,2024-10-05\n"
            "T2,\"a,\"\"b\"\"\",-2,,-0.07,2024-10-06\n");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(folder.files(), 1U);
}

TEST(TableWriter, writes_more_rows_than_a_buffer_holds) {
  TemporaryFolder const folder(Communicator::self());
  auto const path = folder / "things.csv";
  auto const out = open_table(path, layout(), TableFileFormat::csv);
  write_some(*out, 100'000);
  out->commit();
  TableText text(layout());
  write_some(text.writer(), 100'000);
  auto const expected = csv_header(layout()) + text.take();
  EXPECT_EQ(content(path), expected);
  TableSize size(layout(), TableFileFormat::csv);
  write_some(size.writer(), 100'000);
  EXPECT_EQ(size.bytes() + csv_header(layout()).size(), expected.size());
  EXPECT_EQ(size.rows(), 100'000U);
  EXPECT_EQ(text.take(), "");
}

TEST(TableWriter, quotes_names_in_a_header_as_it_does_texts) {
  TemporaryFolder const folder(Communicator::self());
  TableLayout const odd{"t", "", {{"a,b", FieldType::integer}, {"c\"d", FieldType::integer}}};
  EXPECT_EQ(csv_header(odd), "\"a,b\",\"c\"\"d\"\n");
  open_table(folder / "t.csv", odd, TableFileFormat::csv)->commit();
  EXPECT_EQ(content(folder / "t.csv"), csv_header(odd));
}

TEST(TableWriter, writes_the_extremes_of_integers) {
  TableText text({"t", "", {{"a", FieldType::integer}, {"b", FieldType::decimal, 0, 3}}});
  text.writer().integer(std::numeric_limits<std::int64_t>::min());
  text.writer().decimal(std::numeric_limits<std::int64_t>::min());
  text.writer().end_row();
  EXPECT_EQ(text.take(), "-9223372036854775808,-9223372036854775.808\n");
}

TEST(TableWriter, writes_hdf5_columns_that_depend_on_the_rows_alone) {
  TemporaryFolder const folder(Communicator::self());
  constexpr int kRows = 20'001;  // more than two chunks
  for (auto const* name : {"a.h5", "b.h5"}) {
    auto const out = open_table(folder / name, layout(), TableFileFormat::hdf5);
    write_some(*out, kRows);
    out->commit();
  }
  EXPECT_EQ(content(folder / "a.h5"), content(folder / "b.h5"));
  // h5py reads what is in it in tests/program/generate_test.py.
  TableSize size(layout(), TableFileFormat::hdf5);
  write_some(size.writer(), kRows);
  EXPECT_EQ(size.bytes(), kRows * (16 + 12 + 8 + 8 + 8 + 10U));
  EXPECT_GE(std::filesystem::file_size(folder / "a.h5"), size.bytes());
}

TEST(TableWriter, leaves_nothing_when_it_is_given_up) {
  TemporaryFolder const folder(Communicator::self());
  for (auto const format : {TableFileFormat::csv, TableFileFormat::hdf5}) {
    auto const out = open_table(folder / "things", layout(), format);
    write_some(*out, 10'000);
  }
  EXPECT_EQ(folder.files(), 0U);
}

TEST(TableWriter, refuses_an_existing_file_and_a_folder_that_is_not_there) {
  TemporaryFolder const folder(Communicator::self());
  auto const path = folder.write("things", "mine");
  for (auto const format : {TableFileFormat::csv, TableFileFormat::hdf5}) {
    EXPECT_THROW(static_cast<void>(open_table(path, layout(), format)), Error);
    EXPECT_THROW(static_cast<void>(open_table(folder / "no/things", layout(), format)), Error);
  }
  EXPECT_EQ(content(path), "mine");
}

TEST(TableWriter, calls_rows_of_the_wrong_shape_a_bug) {
  TableText text(layout());
  text.writer().integer(1);
  EXPECT_THROW(text.writer().end_row(), BugError);
  TemporaryFolder const folder(Communicator::self());
  auto const out = open_table(folder / "things", layout(), TableFileFormat::hdf5);
  EXPECT_THROW(out->text("more than sixteen bytes"), BugError);
  EXPECT_THROW(out->end_row(), BugError);
}

}  // namespace
}  // namespace tessera
