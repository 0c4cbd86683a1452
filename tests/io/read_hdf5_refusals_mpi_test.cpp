// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"

#include <string>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include "io/typed_files.hpp"
#include <gmock/gmock.h>

namespace tessera {
namespace {

using test::column;
using test::make_files;
using test::refusal;
using test::TemporaryFolder;
using test::world;
using testing::HasSubstr;

TableSpec spec_of(std::string path, std::string dataset = "") {
  TableSpec spec;
  spec.name = "t";
  spec.path = {std::move(path)};
  spec.format = TableFormat::hdf5;
  spec.dataset = std::move(dataset);
  spec.key = "id";
  spec.columns = {column("x", ColumnType::real)};
  return spec;
}

TEST(ReadHdf5Refuses, what_a_file_claims_and_does_not_have) {
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
    group('huge').create_dataset('x', (4,), maxshape=(None,), dtype='f8', chunks=(1 << 28,),
                                 compression='gzip').id.write_direct_chunk((0,), bytes(8))
    group('unwritten').create_dataset('x', (4,), dtype='f8')
    group('outside').create_dataset('x', (4,), dtype='f8', external=[('raw.bin', 0, 32)])
    group('long').create_dataset('x', data=np.array([b'1'] * 4, dtype='S300'))
    group('endless').create_dataset('x', data=['1', '2', '9' * 300, '4'], dtype=h5py.string_dtype())
    f['plain'] = np.arange(4.0)
    f['number'] = 7
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto spec = spec_of(folder / "h.h5");
  spec.max_record_bytes = 256;
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

TEST(ReadHdf5Refuses, values_that_are_elsewhere_or_in_a_form_that_is_not_known) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, R"(
import h5py
with h5py.File('other.h5', 'w') as f:
    f['t/id'] = f['t/x'] = np.arange(4.0)
with h5py.File('h.h5', 'w') as f:
    f['away'] = h5py.ExternalLink('other.h5', '/t')
    f['detour'] = h5py.SoftLink('/away')
    f['loop'] = h5py.SoftLink('/loop')
    f['virtual/id'] = np.arange(4)
    layout = h5py.VirtualLayout(shape=(4,), dtype='f8')
    layout[:] = h5py.VirtualSource('other.h5', '/t/x', shape=(4,))
    f['virtual'].create_virtual_dataset('x', layout)
    f['filter/id'] = np.arange(4)
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_chunk((4,))
    how.set_filter(511, h5py.h5z.FLAG_OPTIONAL, ())
    x = h5py.h5d.create(f['filter'].id, b'x', h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((4,)), how)
    x.write_direct_chunk((0,), bytes(32))
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto const with = [&](std::string const& dataset) { return refusal(spec_of(folder / "h.h5", dataset)); };
  EXPECT_THAT(with("/away"), HasSubstr("there is no '/away' in it, or it is in another file"));
  EXPECT_THAT(with("/detour"), HasSubstr("there is no '/detour' in it, or it is in another file"));
  EXPECT_THAT(with("/loop"), HasSubstr("there is no '/loop' in it"));
  EXPECT_THAT(with("/virtual"), HasSubstr("/virtual/x is a virtual dataset whose values are in other files"));
  EXPECT_THAT(with("/filter"), HasSubstr("/filter/x is stored with the filter 511"));
}

TEST(ReadHdf5Refuses, shapes_that_the_file_does_not_bear_out) {
  TemporaryFolder const folder(world());
  // a shape is patched where the library wrote it: 1311 rows stand nowhere else
  if (!make_files(folder, R"(
import h5py
with h5py.File('absurd.h5', 'w') as f:
    x = f.create_dataset('t/x', (1 << 61,), dtype='f8', chunks=(1024,))
    f['t/id'] = x
def patched(name, rows, **how):
    with h5py.File(name, 'w', libver='earliest') as f:
        if how:
            f.create_dataset('t/x', data=np.zeros(1311), **how)
        else:
            layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            layout.set_layout(h5py.h5d.COMPACT)
            x = h5py.h5d.create(f.create_group('t').id, b'x', h5py.h5t.IEEE_F64LE,
                                h5py.h5s.create_simple((1311,)), layout)
            x.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros(1311))
        f['t/id'] = f['t/x']
    content = open(name, 'rb').read()
    old, new = (1311).to_bytes(8, 'little'), rows.to_bytes(8, 'little')
    assert content.count(old) > 0
    open(name, 'wb').write(content.replace(old, new))
patched('compact.h5', 1 << 20)
patched('contiguous.h5', 1 << 40, chunks=None)
patched('chunked.h5', 1 << 40, chunks=(64,))
patched('overflow.h5', 1 << 63, chunks=(64,))
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto const with = [&](std::string const& name) { return refusal(spec_of(folder / (name + ".h5"), "/t")); };
  EXPECT_THAT(with("absurd"), HasSubstr("/t/id has the impossible shape 2305843009213693952"));
  EXPECT_THAT(with("compact"), HasSubstr("cannot read the HDF5 file"));
  EXPECT_THAT(with("contiguous"), HasSubstr("cannot read the HDF5 file"));
  EXPECT_THAT(with("chunked"), HasSubstr("/t/id has 1099511627776 rows in 17179869184 chunks"));
  EXPECT_THAT(with("overflow"), HasSubstr("cannot read the HDF5 file"));
}

TEST(ReadHdf5Refuses, a_record_that_is_too_long_in_a_small_file_of_billions_before_memory_is_taken_for_them) {
  TemporaryFolder const folder(world());
  // two filters of deflate: 2^36 rows in some 300 KB
  if (!make_files(folder, R"(
import h5py, zlib
with h5py.File('h.h5', 'w') as f:
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_chunk((1 << 24,))
    how.set_deflate(9)
    how.set_deflate(9)
    g = f.create_group('t')
    x = h5py.h5d.create(g.id, b'x', h5py.h5t.STD_U8LE, h5py.h5s.create_simple((1 << 36,)), how)
    chunk = zlib.compress(zlib.compress(bytes(1 << 24), 9), 9)
    for i in range(1 << 12):
        x.write_direct_chunk((i << 24,), chunk)
    g['id'] = g['x']
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto spec = spec_of(folder / "h.h5", "/t");
  spec.columns = {column("x", ColumnType::category)};
  spec.max_record_bytes = 1;
  EXPECT_THAT(refusal(spec), HasSubstr("take more than 1 bytes"));
}

TEST(ReadHdf5Refuses, texts_whose_descriptors_lie_about_them) {
  TemporaryFolder const folder(world());
  // 3001 bytes: the length stands in the descriptor and, behind a number and a count, in the heap
  if (!make_files(folder, R"(
import h5py, struct
def made(name, field, length, at=0):
    text = 'x' * 3001
    with h5py.File(name, 'w') as f:
        if field == 'x':
            f['t/x'] = np.array(['a', text, 'b'], dtype=object)
            f['t/id'] = np.arange(3)
        else:
            t = np.zeros(3, dtype=[('id', 'i8'), ('x', h5py.string_dtype())])
            t['x'] = ['a', text, 'b']
            f['t'] = t
    content = bytearray(open(name, 'rb').read())
    stated = [i for i in range(len(content) - 8) if content[i:i + 4] == struct.pack('<I', 3001)]
    descriptor = [i for i in stated if content[i + 4:i + 8] != bytes(4)]
    assert len(descriptor) == 1
    if length is not None:
        content[descriptor[0] + at:descriptor[0] + at + 4] = struct.pack('<I', length)
    open(name, 'wb').write(content)
for field in 'x', 'record':
    made('sound-%s.h5' % field, field, None)
    made('short-%s.h5' % field, field, 1)
    made('long-%s.h5' % field, field, 3002)
    made('endless-%s.h5' % field, field, 0xFFFFFFF0)
    made('number-%s.h5' % field, field, 77, 12)
    made('heap-%s.h5' % field, field, 3001, 4)
)")) {
    GTEST_SKIP() << "no h5py";
  }
  for (std::string const field : {"-x.h5", "-record.h5"}) {
    auto const with = [&](std::string const& name) {
      auto spec = spec_of(folder / (name + field), "/t");
      spec.columns = {column("x", ColumnType::category)};
      return refusal(spec);
    };
    EXPECT_EQ(with("sound"), "");
    EXPECT_THAT(with("short"), HasSubstr("/t has a text that has not the length that is said of it"));
    EXPECT_THAT(with("long"), HasSubstr("/t has a text that has not the length that is said of it"));
    EXPECT_THAT(with("endless"), HasSubstr("/t has a text of 4294967280 bytes, more than max_record_bytes"));
    EXPECT_THAT(with("number"), HasSubstr("/t has a text that has not the length that is said of it"));
    EXPECT_THAT(with("heap"), HasSubstr("/t has texts in a heap that is damaged"));
  }
}

TEST(ReadHdf5Refuses, records_that_are_too_long_though_none_of_their_texts_is) {
  TemporaryFolder const folder(world());
  if (!make_files(folder, R"(
import h5py
with h5py.File('h.h5', 'w') as f:
    f['t/id'] = np.arange(100)
    f['t/x'] = np.array(['MARKER' + 'x' * (194 if k == 41 else 10) for k in range(100)], dtype=object)
    f['t/y'] = np.array(['MARKER' + 'y' * 94] * 100, dtype=object)
    f['wide/id'] = np.arange(100)
    f['wide/x'] = f['wide/y'] = np.array([b'MARKER'] * 100, dtype='S200')
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto spec = spec_of(folder / "h.h5", "/t");
  spec.columns = {column("x", ColumnType::category), column("y", ColumnType::category)};
  spec.max_record_bytes = 304;  // "41,", 200 bytes, a comma, 100 bytes
  EXPECT_EQ(refusal(spec), "");
  spec.max_record_bytes = 303;
  EXPECT_EQ(refusal(spec), "the texts of record 42 of '" + spec.path[0] + "' take more than 303 bytes");
  spec.dataset = "/wide";
  EXPECT_THAT(refusal(spec), HasSubstr("the texts of a record of /wide have room for 400 bytes, more than "
                                       "max_record_bytes = 303"));
  for (std::uint64_t const limit : {std::uint64_t{0}, std::uint64_t{1} << 40}) {
    spec.max_record_bytes = limit;
    EXPECT_THAT(refusal(spec, ExitCode::configuration), HasSubstr("max_record_bytes of table 't'"));
  }
}

}  // namespace
}  // namespace tessera
