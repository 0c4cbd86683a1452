// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/table_stream.hpp"

#include <string>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include "io/typed_files.hpp"
#include <gmock/gmock.h>

namespace tessera {
namespace {

using test::column;
using test::content_of;
using test::make_files;
using test::read;
using test::TemporaryFolder;
using test::world;
using testing::HasSubstr;

TableSpec table(std::vector<std::string> path) {
  TableSpec spec = test::table(std::move(path));
  spec.format = TableFormat::parquet;
  return spec;
}

/// What every rank is told of a file that is not Parquet.
std::string refusal_of_text() {
  TemporaryFolder const folder(world());
  try {
    (void)read(table({folder.write("t.parquet", "id,x\nA,1\n")}));
  } catch (Error const& error) {
    return error.what();
  }
  return "";
}

bool has_arrow() {
  static bool const has = refusal_of_text().find("reads no Parquet") == std::string::npos;
  return has;
}

constexpr char kFiles[] = R"(
import pyarrow as pa, pyarrow.parquet as pq, datetime
n = 5000
i = np.arange(n)
ids = i * 3
word = [['rot', 'grün', None][k % 3] for k in i]
x = [None if k % 11 == 0 else float('nan') if k % 7 == 0 else k / 8 - 100 for k in i]
days = [None if k % 17 == 0 else datetime.date(1969, 12, 1) + datetime.timedelta(days=int(k)) for k in i]
times = [datetime.datetime(1969, 12, 31, 12) + datetime.timedelta(hours=int(k)) for k in i]
t = pa.table({'extra': pa.array([[1]] * n), 'word': pa.array(word), 'id': pa.array(ids, pa.uint64()),
              'x': pa.array(x, pa.float64()), 'n': pa.array(i % 100, pa.int16()),
              'day': pa.array(days, pa.date32()), 'time': pa.array(times, pa.timestamp('us')),
              'code': pa.array(['c%d' % (k % 9) for k in i]).dictionary_encode(), 'flag': pa.array(i % 2 == 0)})
pq.write_table(t.slice(0, 1234), 'a.parquet', row_group_size=100)
pq.write_table(t.slice(1234, 0), 'b.parquet')
pq.write_table(t.slice(1234), 'c.parquet', row_group_size=999, compression='zstd')
with open('t.csv', 'w') as f:
    f.write('id,x,n,word,code,day,time,flag\n')
    for k in i:
        f.write(','.join([str(ids[k]), '' if x[k] is None or x[k] != x[k] else '%.17g' % x[k], str(k % 100),
                          word[k] or '', 'c%d' % (k % 9), '' if days[k] is None else str(days[k]), str(times[k]),
                          'true' if k % 2 == 0 else 'false']) + '\n')
)";

TableSpec all_types(std::vector<std::string> path) {
  TableSpec spec = table(std::move(path));
  spec.max_reject_fraction = 1;
  spec.columns = {column("x", ColumnType::real),        column("n", ColumnType::integer),
                  column("word", ColumnType::category), column("code", ColumnType::category),
                  column("day", ColumnType::date),      column("time", ColumnType::datetime),
                  column("flag", ColumnType::category)};
  spec.columns[0].min = -90;
  return spec;
}

TEST(ReadParquet, is_refused_where_the_build_has_no_arrow) {
  auto const message = refusal_of_text();
  if (has_arrow()) {
    EXPECT_THAT(message, HasSubstr("cannot read the Parquet file"));
  } else {
    EXPECT_THAT(message, HasSubstr("-DTESSERA_PARQUET=ON"));
  }
}

TEST(ReadParquet, gives_what_the_same_rows_in_csv_give) {
  if (!has_arrow()) GTEST_SKIP() << "no Arrow in this build";
  TemporaryFolder const folder(world());
  ASSERT_TRUE(make_files(folder, kFiles)) << "TESSERA_PYTHON must have pyarrow";
  auto csv = all_types({folder / "t.csv"});
  csv.format = TableFormat::csv;
  auto const expected = read(csv);
  auto const spec = all_types({folder / "[abc].parquet"});
  auto const got = read(spec);
  EXPECT_EQ(got.records, 5000U);
  EXPECT_GT(got.rejected, 0U);
  EXPECT_EQ(got.rejected, expected.rejected);
  EXPECT_TRUE(content_of(got.table) == content_of(expected.table));
  EXPECT_EQ(got.files[0].records, 1234U);

  TableStream stream(world(), spec, KeyHasher(), Progress::silent(), {500, 1 << 12, {}});
  std::vector<Key> keys;
  Table rows;
  while (stream.next(rows)) keys.insert(keys.end(), rows.keys.begin(), rows.keys.end());
  EXPECT_TRUE(keys == got.table.keys);
}

TEST(ReadParquet, refuses_columns_that_are_not_there_or_not_of_values) {
  if (!has_arrow()) GTEST_SKIP() << "no Arrow in this build";
  TemporaryFolder const folder(world());
  ASSERT_TRUE(make_files(folder, kFiles));
  auto spec = all_types({folder / "a.parquet"});
  auto const refusal = [&](char const* source) {
    spec.columns[0].source = source;
    try {
      (void)read(spec);
    } catch (Error const& error) {
      EXPECT_EQ(error.code(), ExitCode::input);
      return error.what_is_wrong();
    }
    return std::string();
  };
  EXPECT_THAT(refusal("cod"), HasSubstr("it has no column 'cod'; the nearest is 'code'"));
  EXPECT_THAT(refusal("extra"), HasSubstr("holds values of type list"));
}

TEST(ReadParquet, refuses_texts_and_records_that_are_too_long_and_no_words_that_are_not_meant) {
  if (!has_arrow()) GTEST_SKIP() << "no Arrow in this build";
  TemporaryFolder const folder(world());
  ASSERT_TRUE(make_files(folder, R"(
import pyarrow as pa, pyarrow.parquet as pq
words = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1], pa.int32()), ['MARKER' + 'a' * 94, 'b', 'c' * 5000])
pq.write_table(pa.table({'id': ['1', '2', '3', '4'], 'x': words, 'y': ['MARKER' + 'd' * 94] * 4}), 'a.parquet')
)"));
  auto spec = table({folder / "a.parquet"});
  spec.columns = {column("x", ColumnType::category), column("y", ColumnType::category)};
  auto const with = [&](std::uint64_t limit) {
    spec.max_record_bytes = limit;
    return test::refusal(spec);
  };
  EXPECT_EQ(with(203), "");  // an id, two texts of 100 bytes, two commas
  EXPECT_EQ(with(202), "the texts of record 1 of '" + spec.path[0] + "' take more than 202 bytes");
  EXPECT_THAT(with(99), HasSubstr("a text of 100 bytes, more than max_record_bytes = 99"));
}

}  // namespace
}  // namespace tessera
