// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/matrix_reader.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "hdf5_input.hpp"
#include "hdf5_rows.hpp"
#include "hdf5_walk.hpp"

namespace tessera {

namespace {

/// float64 values converted at a time.
constexpr std::size_t kBuffer = std::size_t{8} << 20;
/// Most memory for chunks that a compressed dataset keeps decoded.
constexpr std::size_t kMostChunkCache = std::size_t{256} << 20;
constexpr std::size_t kMostListed = 30;

/// "/x (1000 x 20 float64), /y ..."
std::string list_datasets(hid_t file) {
  std::string text;
  std::size_t listed = 0;
  for (auto const& link : hdf5::links_of(file)) {
    if (link.kind != hdf5::LinkKind::hard) continue;
    auto const object = hdf5::open_object(file, link.path);
    if (H5Iget_type(object.get()) != H5I_DATASET) continue;
    if (++listed > kMostListed) return text + ", ...";
    auto const type = hdf5::own<hdf5::Type>(H5Dget_type(object.get()), "a dataset's type");
    text += (text.empty() ? "" : ", ") + link.path + " (" + hdf5::to_string(hdf5::shape_of(object.get())) +
            " " + hdf5::type_name(type.get()) + ")";
  }
  return text.empty() ? "none" : text;
}

InputError unsuitable(std::string const& path, std::string const& dataset, std::string const& what) {
  return {"the dataset " + dataset + " of " + path + " " + what,
          "a matrix [rows, columns] of numbers is wanted", "name another dataset or file"};
}

/// Which chunks to keep decoded so that a pass over the rows decodes each once.
hdf5::Properties with_chunk_cache(hid_t dataset) {
  auto access = hdf5::properties(H5P_DATASET_ACCESS);
  auto const creation = hdf5::own<hdf5::Properties>(H5Dget_create_plist(dataset), "a dataset's storage");
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return access;
  std::array<hsize_t, 2> chunk{1, 1};
  hdf5::check(H5Pget_chunk(creation.get(), 2, chunk.data()), "a dataset's chunks");
  auto const type = hdf5::own<hdf5::Type>(H5Dget_type(dataset), "a dataset's type");
  auto const shape = hdf5::shape_of(dataset);
  auto const across = shape.size() < 2 ? 1 : (shape[1] + chunk[1] - 1) / chunk[1];
  unsigned __int128 const bytes =
      static_cast<unsigned __int128>(across) * chunk[0] * chunk[1] * H5Tget_size(type.get());
  constexpr std::size_t kSlots = 12421;
  hdf5::check(
      H5Pset_chunk_cache(access.get(), kSlots,
                         static_cast<std::size_t>(std::min<unsigned __int128>(bytes, kMostChunkCache)), 1.0),
      "choosing a cache of chunks");
  return access;
}

/// Whether a dataset of one axis will do.
enum class Vectors { refused, as_columns };

MatrixShape check_matrix(hdf5::SharedFile const& file, hid_t dataset, std::string const& path,
                         std::string const& name, Vectors vectors) {
  auto const reason = hdf5::why_unreadable(file.get(), dataset);
  if (!reason.empty()) throw unsuitable(path, name, reason);
  auto const type = hdf5::own<hdf5::Type>(H5Dget_type(dataset), "a dataset's type");
  auto const kind = H5Tget_class(type.get());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) {
    throw unsuitable(path, name, "holds values of type " + hdf5::type_name(type.get()));
  }
  auto shape = hdf5::shape_of(dataset);
  if (shape.size() == 1 && vectors == Vectors::as_columns) shape.push_back(1);
  if (shape.size() != 2) throw unsuitable(path, name, "has the shape " + hdf5::to_string(shape));
  if (shape[0] == 0 || shape[1] == 0)
    throw unsuitable(path, name, "is empty (" + hdf5::to_string(shape) + ")");
  if (shape[1] > std::uint64_t{std::numeric_limits<std::int32_t>::max()}) {
    throw unsuitable(path, name, "has " + std::to_string(shape[1]) + " columns, more than 2^31 - 1");
  }
  return {shape[0], shape[1]};
}

/// Opens a matrix for reading, or says why not. Local work that every rank of the file does alike.
hdf5::Dataset open_matrix(hdf5::SharedFile const& file, std::string const& path, std::string const& name,
                          MatrixShape& shape, Vectors vectors = Vectors::refused) {
  if (!hdf5::leads_inside(file.get(), name) ||
      H5Iget_type(hdf5::open_object(file.get(), name).get()) != H5I_DATASET) {
    throw InputError("the file " + path + " has no dataset " + name + "; it has " + list_datasets(file.get()),
                     "it is an input of this job", "name one of the datasets of the file");
  }
  auto const plain = hdf5::own<hdf5::Dataset>(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT),
                                              "opening the dataset " + name);
  shape = check_matrix(file, plain.get(), path, name, vectors);
  return hdf5::own<hdf5::Dataset>(H5Dopen2(file.get(), name.c_str(), with_chunk_cache(plain.get()).get()),
                                  "opening the dataset " + name);
}

void read_converted(hid_t dataset, hdf5::Rows rows, std::uint64_t columns, std::span<float> values,
                    std::size_t limit) {
  auto const rows_each = std::max<std::uint64_t>(1, kBuffer / (columns * sizeof(double)));
  std::vector<double> buffer;
  for (std::uint64_t first = 0; first < rows.count; first += rows_each) {
    auto const count = std::min(rows_each, rows.count - first);
    buffer.resize(count * columns);
    hdf5::read_rows(dataset, H5T_NATIVE_DOUBLE, {rows.first + first, count},
                    std::as_writable_bytes(std::span(buffer)), limit);
    std::transform(buffer.begin(), buffer.end(),
                   values.begin() + static_cast<std::ptrdiff_t>(first * columns),
                   [](double value) { return static_cast<float>(value); });
  }
}

bool is_float32(hid_t dataset) {
  auto const type = hdf5::own<hdf5::Type>(H5Dget_type(dataset), "a dataset's type");
  return H5Tget_class(type.get()) == H5T_FLOAT && H5Tget_size(type.get()) == sizeof(float);
}

void read_values(hid_t dataset, hdf5::Rows rows, std::uint64_t columns, std::span<float> values,
                 std::size_t limit) {
  if (!is_float32(dataset)) return read_converted(dataset, rows, columns, values, limit);
  hdf5::read_rows(dataset, H5T_NATIVE_FLOAT, rows, std::as_writable_bytes(values), limit);
}

void read_values(hid_t dataset, hdf5::Rows rows, std::uint64_t, std::span<double> values, std::size_t limit) {
  hdf5::read_rows(dataset, H5T_NATIVE_DOUBLE, rows, std::as_writable_bytes(values), limit);
}

}  // namespace

template <class T>
Matrix<T> read_matrix(Communicator const& comm, std::string const& path, std::string const& dataset) {
  auto const file = hdf5::open_to_read(comm, path);
  MatrixShape shape;
  auto const opened = hdf5::reading(comm, path, [&] { return open_matrix(file, path, dataset, shape); });
  Matrix<T> matrix;
  hdf5::reading(comm, path, [&] {
    matrix.blocks = regular_blocks(shape.rows, comm.rank(), comm.size());
    matrix.columns = shape.columns;
    matrix.values.resize(matrix.rows() * matrix.columns);
    read_values(opened.get(), {matrix.blocks.first_row, matrix.rows()}, shape.columns,
                std::span(matrix.values), comm.message_limit());
  });
  return matrix;
}

template <class T>
std::vector<T> read_column(Communicator const& comm, std::string const& path, std::string const& dataset,
                           RowBlocks const& blocks) {
  auto const file = hdf5::open_to_read(comm, path);
  MatrixShape shape;
  auto const opened =
      hdf5::reading(comm, path, [&] { return open_matrix(file, path, dataset, shape, Vectors::as_columns); });
  std::vector<T> values;
  hdf5::reading(comm, path, [&] {
    if (shape.rows != blocks.total_rows || shape.columns != 1) {
      throw unsuitable(path, dataset,
                       "has the shape " + hdf5::to_string({shape.rows, shape.columns}) + " where " +
                           hdf5::to_string({blocks.total_rows, 1}) + " is needed");
    }
    values.resize(blocks.rows());
    read_values(opened.get(), {blocks.first_row, blocks.rows()}, 1, std::span(values), comm.message_limit());
  });
  return values;
}

template Matrix<float> read_matrix(Communicator const&, std::string const&, std::string const&);
template Matrix<double> read_matrix(Communicator const&, std::string const&, std::string const&);
template std::vector<float> read_column(Communicator const&, std::string const&, std::string const&,
                                        RowBlocks const&);
template std::vector<double> read_column(Communicator const&, std::string const&, std::string const&,
                                         RowBlocks const&);

MatrixShape read_matrix_shape(Communicator const& comm, std::string const& path, std::string const& dataset) {
  auto const file = hdf5::open_to_read(comm, path);
  MatrixShape shape;
  static_cast<void>(hdf5::reading(comm, path, [&] { return open_matrix(file, path, dataset, shape); }));
  return shape;
}

std::vector<double> read_small_matrix(Communicator const& comm, std::string const& path,
                                      std::string const& dataset, std::uint64_t rows, std::uint64_t columns) {
  auto const file = hdf5::open_to_read(comm, path);
  std::vector<double> values;
  MatrixShape shape;
  auto const opened = hdf5::reading(comm, path, [&] { return open_matrix(file, path, dataset, shape); });
  hdf5::reading(comm, path, [&] {
    if (shape.rows != rows || shape.columns != columns) {
      throw unsuitable(path, dataset,
                       "has the shape " + hdf5::to_string({shape.rows, shape.columns}) + " where " +
                           hdf5::to_string({rows, columns}) + " is needed");
    }
    values.resize(rows * columns);
    if (comm.rank() != 0) return;
    hdf5::read_rows(opened.get(), H5T_NATIVE_DOUBLE, {0, rows}, std::as_writable_bytes(std::span(values)),
                    comm.message_limit());
  });
  broadcast(comm, std::span(values), 0);
  return values;
}

}  // namespace tessera
