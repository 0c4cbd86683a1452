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
using testing::HasSubstr;

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

/// What every rank is told.
std::string refusal(TableSpec const& spec) {
  std::string message;
  try {
    (void)read(spec);
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::input);
    message = error.what_is_wrong();
  }
  EXPECT_EQ(broadcast_text(world(), message, 0), message);
  return message;
}

TEST(ReadHdf5, refuses_what_a_file_claims_and_does_not_have) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, R"(
import h5py
with h5py.File('other.h5', 'w') as f:
    f['x'] = np.arange(4.0)
with h5py.File('h.h5', 'w') as f:
    ids = np.arange(4)
    def group(name, **columns):
        g = f.create_group(name)
        g['id'] = ids
        for key, value in columns.items():
            g[key] = value
        return g
    group('link', x=h5py.ExternalLink('other.h5', '/x'))
    group('dangling', x=h5py.SoftLink('/nowhere'))
    group('short', x=np.arange(3.0))
    group('matrix', x=np.zeros((4, 2)))
    group('array', x=np.zeros(4, dtype=[('a', 'f4')]))
    group('lacks', y=np.zeros(4))
    group('sparse').create_dataset('x', (1 << 40,), dtype='f8', chunks=(1024,))
    group('huge').create_dataset('x', (4,), maxshape=(None,), dtype='f8', chunks=(1 << 28,))[:] = 1
    group('unwritten').create_dataset('x', (4,), dtype='f8')
    group('outside').create_dataset('x', (4,), dtype='f8', external=[('raw.bin', 0, 32)])
    group('long').create_dataset('x', data=np.array([b'1'] * 4, dtype='S300'))
    group('endless').create_dataset('x', data=['1', '2', '9' * 300, '4'], dtype=h5py.string_dtype())
    f['plain'] = np.arange(4.0)
    f['number'] = 7
)")) {
    GTEST_SKIP() << "no h5py";
  }
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder / "h.h5"};
  spec.format = TableFormat::hdf5;
  spec.key = "id";
  spec.max_record_bytes = 256;
  spec.columns = {column("x", ColumnType::real)};
  auto const with = [&](std::string dataset) {
    spec.dataset = std::move(dataset);
    return refusal(spec);
  };
  EXPECT_THAT(with("/link"), HasSubstr("/link/x is a link into another file"));
  EXPECT_THAT(with("/dangling"), HasSubstr("leads nowhere"));
  EXPECT_THAT(with("/short"), HasSubstr("/short/x has 3 rows, but the columns before it 4"));
  EXPECT_THAT(with("/matrix"), HasSubstr("has the shape 4 x 2 where one axis, of rows, is wanted"));
  EXPECT_THAT(with("/array"), HasSubstr("values of type record"));
  EXPECT_THAT(with("/lacks"), HasSubstr("/lacks has no field 'x'; the nearest is"));
  EXPECT_THAT(with("/sparse"), HasSubstr("never written"));
  EXPECT_THAT(with("/huge"), HasSubstr("has chunks of 268435456 rows"));
  EXPECT_THAT(with("/unwritten"), HasSubstr("its values were never written"));
  EXPECT_THAT(with("/outside"), HasSubstr("keeps its values in other files"));
  EXPECT_THAT(with("/long"), HasSubstr("texts of 300 bytes, more than max_record_bytes = 256"));
  EXPECT_THAT(with("/endless"), HasSubstr("a text of 300 bytes, more than max_record_bytes = 256"));
  EXPECT_THAT(with("/plain"), HasSubstr("/plain holds float64, not records"));
  EXPECT_THAT(with("/number"), HasSubstr("has the shape scalar"));
  EXPECT_THAT(with("/none"), HasSubstr("there is no '/none' in it"));
  spec.path = {folder.write("text.h5", "id,x\nA,1\n")};
  EXPECT_THAT(with("/t"), HasSubstr("it is not an HDF5 file"));
}

}  // namespace
}  // namespace tessera
