// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/table_stream.hpp"

#include <string>
#include <vector>

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

constexpr char kTypes[] = R"(
n = 5000
i = np.arange(n)
words = np.array(['rot', 'grün', 'blau', ''], dtype=object)[i * 7 % 4]
x = np.where(i % 11 == 0, np.nan, np.where(i % 13 == 0, -1.0, i / 8 - 100))
birth = np.array([700101 + 5000 * (k % 2) + k % 28 for k in i])
enum = h5py.enum_dtype({'LOW': -1, 'HIGH': 300}, basetype='>i2')
kind = np.where(i % 3 == 0, -1, 300)
types = np.dtype([('id', '<u8'), ('unused', 'f4', (3,)), ('x', '>f4'), ('n', '<i2'), ('word', h5py.string_dtype()),
                  ('code', 'S4'), ('kind', enum), ('birth', 'i4'), ('day', 'S10'), ('flag', '?')])
t = np.zeros(n, dtype=types)
t['id'] = i * 3; t['x'] = x; t['n'] = i % 100 - 50; t['word'] = words
t['code'] = [b'c%d' % (k % 9) for k in i]; t['kind'] = kind; t['birth'] = birth
t['day'] = [b'20%02d-01-02' % (k % 60) for k in i]; t['flag'] = i % 2
def write(name, rows, **how):
    with h5py.File(name, 'w') as f:
        f.create_dataset('t', data=rows, **how)
        g = f.create_group('deep/g')
        for field in rows.dtype.names:
            if field != 'unused':
                kwds = dict(how)
                g.create_dataset(field, data=rows[field], dtype=types[field], **kwds)
        g['word2'] = h5py.SoftLink('/deep/g/word')
write('a.h5', t[:1234])
write('b.h5', t[1234:1234], chunks=(64,), maxshape=(None,))
write('c.h5', t[1234:], chunks=(64,), compression='gzip', shuffle=True)
with open('t.csv', 'w') as f:
    f.write('id,x,n,word,code,kind,birth,day,flag\n')
    for r in t:
        f.write(','.join([str(r['id']), '' if np.isnan(r['x']) else '%.17g' % r['x'], str(r['n']),
                          r['word'].decode() if isinstance(r['word'], bytes) else r['word'], r['code'].decode(),
                          'LOW' if r['kind'] == -1 else 'HIGH', '%06d' % r['birth'], r['day'].decode(),
                          'TRUE' if r['flag'] else 'FALSE']) + '\n')
)";

TableSpec spec_of(std::vector<std::string> path, std::string dataset) {
  TableSpec spec;
  spec.name = "t";
  spec.path = std::move(path);
  spec.format = TableFormat::hdf5;
  spec.dataset = std::move(dataset);
  spec.key = "id";
  spec.max_reject_fraction = 1;
  spec.columns = {column("x", ColumnType::real),        column("n", ColumnType::integer),
                  column("word", ColumnType::category), column("code", ColumnType::id),
                  column("kind", ColumnType::category), column("born", ColumnType::date),
                  column("sex", ColumnType::category),  column("day", ColumnType::date),
                  column("flag", ColumnType::category), column("number", ColumnType::category)};
  spec.columns[0].missing = {"", "-1", "NA"};
  spec.columns[0].min = -90;
  spec.columns[5].source = spec.columns[6].source = "birth";
  spec.columns[5].date_format = spec.columns[6].date_format = "birth_number";
  spec.columns[6].part = FieldPart::sex;
  spec.columns[9].source = "n";
  return spec;
}

TEST(ReadHdf5, gives_what_the_same_rows_in_csv_give) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, "import h5py\n" + std::string(kTypes))) GTEST_SKIP() << "no h5py";
  auto csv = spec_of({folder / "t.csv"}, "");
  csv.format = TableFormat::csv;
  auto const expected = read(csv);
  ASSERT_GT(expected.rejected, 0U);
  auto const content = content_of(expected.table);
  for (char const* dataset : {"/t", "t", "/deep/g", "deep/g/"}) {
    SCOPED_TRACE(dataset);
    auto const spec = spec_of({folder / "[abc].h5"}, dataset);
    auto const got = read(spec);
    EXPECT_EQ(got.records, 5000U);
    EXPECT_EQ(got.rejected, expected.rejected);
    EXPECT_TRUE(content_of(got.table) == content);
    ASSERT_EQ(got.files.size(), 3U);
    EXPECT_EQ(got.files[0].records, 1234U);
    EXPECT_EQ(got.files[1].records, 0U);
    EXPECT_EQ(got.files[2].records, 5000U - 1234U);
  }
}

TEST(ReadHdf5, in_rounds_gives_the_same_rows) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, "import h5py\n" + std::string(kTypes))) GTEST_SKIP() << "no h5py";
  auto const spec = spec_of({folder / "[abc].h5"}, "/t");
  auto const whole = read(spec);
  for (std::uint64_t const rows_a_round : {1U << 20, 500U}) {
    TableStream stream(world(), spec, KeyHasher(), Progress::silent(), {rows_a_round, 1 << 12, {}});
    std::vector<Key> keys;
    Table rows;
    while (stream.next(rows)) {
      EXPECT_LE(rows.rows(), rows_a_round);
      keys.insert(keys.end(), rows.keys.begin(), rows.keys.end());
    }
    EXPECT_TRUE(keys == whole.table.keys);
    auto const read = stream.finish();
    EXPECT_EQ(read.records, whole.records);
    EXPECT_EQ(read.rejected, whole.rejected);
    EXPECT_EQ(read.files.front().digest, whole.files.front().digest);
  }
}

TEST(ReadHdf5, rejects_stored_days_and_seconds_that_no_calendar_has) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, R"(
import h5py
day = np.array([0, 2932896, -719528, 2932897, -719529, 1 << 60, -(1 << 60), 20000])
with h5py.File('d.h5', 'w') as f:
    f['t/id'] = np.arange(8)
    f['t/day'] = day
    f['t/second'] = np.where(np.arange(8) == 7, 1 << 60, np.clip(day, -719528, 2932896) * 86400)
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto spec = spec_of({folder / "d.h5"}, "/t");
  spec.columns = {column("day", ColumnType::date), column("second", ColumnType::datetime)};
  auto const got = read(spec);
  EXPECT_EQ(got.rejected, 5U);
  for (auto const& reject : got.rejects) {
    EXPECT_EQ(reject.reason, RejectReason::impossible_date);
    EXPECT_EQ(reject.column, reject.record == 8 ? 1 : 0);
  }
  auto const& days = std::get<NumberColumn>(got.table.column("day").data).values;
  EXPECT_EQ(all_gather(world(), std::span<double const>(days)).values,
            (std::vector<double>{0, 2932896, -719528}));
}

}  // namespace
}  // namespace tessera
