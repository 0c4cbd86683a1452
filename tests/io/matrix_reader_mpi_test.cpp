// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/matrix_reader.hpp"
#include "tessera/io/result_file.hpp"

#include <cmath>
#include <cstdlib>

#include "hdf5_files.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::error_of;
using test::TemporaryFolder;
using test::world;
using testing::HasSubstr;

constexpr std::uint64_t kRows = 5000, kColumns = 7;

/// value(i) = i mod 4099 - 2000, exact in every type used.
double value(std::uint64_t i) {
  return static_cast<double>(i % 4099) - 2000.0;
}

/// Runs a Python script with `f` an open h5py file and numpy as np. False where there is no h5py.
/// *Collective.*
bool make_file(std::string const& path, std::string const& script) {
  int status = 0;
  if (world().rank() == 0) {
    std::ofstream(path + ".py")
        << "import h5py, numpy as np\nf = h5py.File('" + path +
               "', 'w')\nx = (np.arange(5000 * 7) % 4099 - 2000.0).reshape(5000, 7)\n" + script;
    status = std::system(("/usr/bin/python3 '" + path + ".py' 2> /dev/null").c_str());
  }
  broadcast(world(), std::span(&status, 1), 0);
  return status == 0;
}

void expect_values(Matrix<float> const& matrix) {
  EXPECT_EQ(matrix.columns, kColumns);
  EXPECT_EQ(matrix.blocks.total_rows, kRows);
  EXPECT_EQ(matrix.blocks.offset, regular_blocks(kRows, world().rank(), world().size()).offset);
  ASSERT_EQ(matrix.values.size(), matrix.rows() * kColumns);
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < matrix.values.size(); ++i) {
    wrong += matrix.values[i] == static_cast<float>(value(matrix.blocks.first_row * kColumns + i)) ? 0 : 1;
  }
  EXPECT_EQ(wrong, 0U);
}

TEST(MatrixReader, reads_every_numeric_type_and_layout) {
  TemporaryFolder const folder(world());
  auto const path = folder / "m.h5";
  if (!make_file(
          path,
          "f['f4'] = x.astype('<f4')\n"
          "f['f8'] = x\n"
          "f['big4'] = x.astype('>f4')\n"
          "f['big8'] = x.astype('>f8')\n"
          "f['i2'] = x.astype('i2')\n"
          "f['i8'] = x.astype('i8')\n"
          "f.create_dataset('group/chunked', data=x, chunks=(300, 3))\n"
          "f.create_dataset('gzip', data=x.astype('f4'), chunks=(999, 7), compression='gzip', shuffle=True)\n"
          "f.create_dataset('gzip8', data=x, chunks=(64, 2), compression='gzip')\n"
          "f['soft'] = h5py.SoftLink('/group/chunked')\n")) {
    GTEST_SKIP() << "no h5py";
  }
  for (auto const* const name :
       {"/f4", "/f8", "/big4", "/big8", "/i2", "/i8", "/group/chunked", "/gzip", "/gzip8", "/soft", "f4"}) {
    SCOPED_TRACE(name);
    expect_values(read_matrix<float>(world(), path, name));
    expect_values(read_matrix<float>(world().with_message_limit(1000), path, name));
    auto const small = read_small_matrix(world(), path, name, kRows, kColumns);
    ASSERT_EQ(small.size(), kRows * kColumns);
    for (std::size_t i = 0; i < small.size(); i += 997) EXPECT_EQ(small[i], value(i));
  }
}

TEST(MatrixReader, reads_what_a_result_file_holds) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  std::vector<double> const centroids{1.5, NAN, -INFINITY, 1e300, 0.1, -0.0};
  {
    ResultFile file(world(), path, Existing::refuse);
    file.write<double>("/c", centroids, {2, 3}, {"c", "1", "k x d"});
    file.commit();
  }
  auto const shape = read_matrix_shape(world(), path, "/c");
  EXPECT_EQ(shape.rows, 2U);
  EXPECT_EQ(shape.columns, 3U);
  auto const small = read_small_matrix(world(), path, "/c", 2, 3);
  EXPECT_THAT(small, testing::Pointwise(testing::NanSensitiveDoubleEq(), centroids));
  auto const matrix = read_matrix<float>(world(), path, "/c");
  if (matrix.rows() > 0) {
    EXPECT_EQ(matrix.values[0], 1.5F);
    EXPECT_TRUE(std::isnan(matrix.values[1]));
    EXPECT_EQ(matrix.values[2], -INFINITY);
    EXPECT_EQ(matrix.values[3], INFINITY);
    EXPECT_EQ(matrix.values[4], 0.1F);
  }
}

TEST(MatrixReader, says_what_is_wrong) {
  TemporaryFolder const folder(world());
  auto const path = folder / "m.h5";
  if (!make_file(path,
                 "f['x'] = x\n"
                 "f['line'] = x[:, 0]\n"
                 "f['cube'] = x.reshape(50, 100, 7)\n"
                 "f['scalar'] = 1.0\n"
                 "f['text'] = np.array([[b'a', b'b']])\n"
                 "f['nothing'] = h5py.Empty('f4')\n"
                 "f.create_dataset('no_rows', shape=(0, 7), dtype='f4')\n"
                 "f.create_dataset('no_columns', shape=(7, 0), dtype='f4')\n"
                 "f.create_dataset('wide', shape=(2, 2**31), dtype='u1', chunks=(1, 2**20))\n"
                 "f.create_dataset('huge', shape=(2**62, 8), dtype='f8', chunks=(2**10, 8))\n"
                 "f.create_dataset('outside', data=x, external=[('" +
                     folder / "o.bin" +
                     "', 0, h5py.h5f.UNLIMITED)])\n"
                     "f['link'] = h5py.ExternalLink('other.h5', '/x')\n"
                     "f['dangling'] = h5py.SoftLink('/gone')\n"
                     "f['loop'] = h5py.SoftLink('/loop')\n"
                     "l = h5py.VirtualLayout(shape=(5000, 7), dtype='f8')\n"
                     "l[:] = h5py.VirtualSource('" +
                     folder / "v.h5" +
                     "', 'x', shape=(5000, 7))\n"
                     "f.create_virtual_dataset('virtual', l)\n")) {
    GTEST_SKIP() << "no h5py";
  }
  auto const refused = [&](std::string const& file, std::string const& dataset, std::string const& words) {
    SCOPED_TRACE(dataset);
    auto const error = error_of([&] { (void)read_matrix<float>(world(), file, dataset); });
    EXPECT_EQ(error.code(), ExitCode::input) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(words));
    EXPECT_THAT(error.what(), HasSubstr(file));
    EXPECT_EQ(error_of([&] { (void)read_small_matrix(world(), file, dataset, 2, 2); }).code(),
              ExitCode::input);
    EXPECT_EQ(error_of([&] { (void)read_matrix_shape(world(), file, dataset); }).code(), ExitCode::input);
  };
  refused(folder / "none.h5", "/x", "No such file");
  refused(path + ".py", "/x", "not an HDF5 file");
  refused(path, "/y", "/x (5000 x 7 float64)");
  refused(path, "/", "has no dataset");
  refused(path, "", "");
  refused(path, "/link", "has no dataset");
  refused(path, "/dangling", "has no dataset");
  refused(path, "/loop", "has no dataset");
  refused(path, "/line", "has the shape 5000");
  refused(path, "/cube", "has the shape 50 x 100 x 7");
  refused(path, "/scalar", "scalar");
  refused(path, "/text", "string[1]");
  refused(path, "/nothing", "no extent");
  refused(path, "/no_rows", "is empty");
  refused(path, "/no_columns", "is empty");
  refused(path, "/wide", "columns");
  refused(path, "/huge", "impossible shape");
  refused(path, "/outside", "other files");
  refused(path, "/virtual", "other files");
  auto const error = error_of([&] { (void)read_small_matrix(world(), path, "/x", 3, 7); });
  EXPECT_THAT(error.what(), HasSubstr("5000 x 7 where 3 x 7 is needed"));
}

}  // namespace
}  // namespace tessera
