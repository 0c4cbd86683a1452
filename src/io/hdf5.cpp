// SPDX-License-Identifier: Apache-2.0
#include "hdf5.hpp"

#include "tessera/comm/native.hpp"

#include <limits>

namespace tessera::hdf5 {

namespace {

/// One line an entry, innermost last. Runs inside the C library, so nothing may be thrown.
herr_t append_entry(unsigned, H5E_error2_t const* entry, void* text) noexcept {
  try {
    static_cast<std::string*>(text)
        ->append("\n    HDF5: ")
        .append(entry->desc != nullptr ? entry->desc : "?");
    return 0;
  } catch (...) {
    return -1;
  }
}

std::string error_stack() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, append_entry, &text);
  return text;
}

void silence() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

}  // namespace

Failure::Failure(std::string_view doing)
    : std::runtime_error("HDF5 failed at " + std::string(doing) + error_stack()) {}

void check(herr_t status, std::string_view doing) {
  if (status < 0) throw Failure(doing);
}

Properties properties(hid_t property_class) {
  return own<Properties>(H5Pcreate(property_class), "a property list");
}

Properties parallel_access(Communicator const& comm) {
  silence();
  auto access = properties(H5P_FILE_ACCESS);
  check(H5Pset_fapl_mpio(access.get(), native(comm), MPI_INFO_NULL), "choosing MPI-IO");
  check(H5Pset_all_coll_metadata_ops(access.get(), true), "choosing collective metadata reads");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "choosing how to close");
  return access;
}

Properties serial_access() {
  silence();
  auto access = properties(H5P_FILE_ACCESS);
  check(H5Pset_file_locking(access.get(), false, true), "switching file locks off");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "choosing how to close");
  return access;
}

Type text_type(std::size_t bytes) {
  auto type = own<Type>(H5Tcopy(H5T_C_S1), "a string type");
  check(H5Tset_size(type.get(), bytes), "a string's length");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "a string's padding");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "a string's encoding");
  return type;
}

std::string type_name(hid_t type) {
  auto const bytes = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + std::to_string(8 * bytes);
    case H5T_FLOAT:
      return "float" + std::to_string(8 * bytes);
    case H5T_STRING:
      return H5Tis_variable_str(type) > 0 ? "string[]" : "string[" + std::to_string(bytes) + "]";
    case H5T_COMPOUND:
      return "record";
    default:
      return "another type";
  }
}

std::vector<std::uint64_t> shape_of(hid_t dataset) {
  auto const space = own<Space>(H5Dget_space(dataset), "a dataset's extent");
  int const axes = H5Sget_simple_extent_ndims(space.get());
  check(axes, "a dataset's number of axes");
  std::vector<hsize_t> shape(static_cast<std::size_t>(axes));
  if (axes > 0) check(H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr), "a dataset's extent");
  return {shape.begin(), shape.end()};
}

std::string to_string(std::vector<std::uint64_t> const& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (auto const length : shape) text += (text.empty() ? "" : " x ") + std::to_string(length);
  return text;
}

std::string why_unreadable(hid_t file, hid_t dataset) {
  auto const creation = own<Properties>(H5Dget_create_plist(dataset), "a dataset's storage");
  auto const layout = H5Pget_layout(creation.get());
  if (layout == H5D_VIRTUAL) return "is a virtual dataset whose values are in other files";
  if (layout == H5D_CONTIGUOUS && H5Pget_external_count(creation.get()) > 0)
    return "keeps its values in other files";
  auto const space = own<Space>(H5Dget_space(dataset), "a dataset's extent");
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) return "has no extent";
  auto const type = own<Type>(H5Dget_type(dataset), "a dataset's type");
  auto const shape = shape_of(dataset);
  // The product leaves out zeros, so that 0 x 2^60 is absurd too.
  unsigned __int128 bytes = H5Tget_size(type.get());
  bool empty = false;
  for (auto const length : shape) {
    empty = empty || length == 0;
    if (length > 0) bytes *= length;
    if (bytes > std::numeric_limits<std::int64_t>::max())
      return "has the impossible shape " + to_string(shape);
  }
  hsize_t file_size = 0;
  check(H5Fget_filesize(file, &file_size), "the size of the file");
  if (layout == H5D_CONTIGUOUS && !empty && bytes > file_size) {
    return "has the shape " + to_string(shape) + ", more than the whole file holds";
  }
  if (layout == H5D_COMPACT && !empty && bytes > H5Dget_storage_size(dataset)) {
    return "has the shape " + to_string(shape) + ", more than is stored of it";
  }
  return "";
}

}  // namespace tessera::hdf5
