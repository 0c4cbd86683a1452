// SPDX-License-Identifier: Apache-2.0
#include "hdf5_fields.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace tessera::hdf5 {

namespace {

constexpr std::uint64_t kLargestChunk = std::uint64_t{1} << 30;

/// Numbers of an enumeration and their names.
std::map<std::int64_t, std::string> names_of(hid_t type) {
  std::map<std::int64_t, std::string> names;
  int const members = H5Tget_nmembers(type);
  check(members, "an enumeration");
  auto const stored = own<Type>(H5Tget_super(type), "an enumeration's numbers");
  for (unsigned i = 0; i < static_cast<unsigned>(members); ++i) {
    std::int64_t value = 0;
    std::byte raw[sizeof value] = {};
    check(H5Tget_member_value(type, i, raw), "an enumeration's number");
    std::memcpy(&value, raw, sizeof value);
    check(H5Tconvert(stored.get(), H5T_NATIVE_INT64, 1, &value, nullptr, H5P_DEFAULT), "an enumeration");
    char* const name = H5Tget_member_name(type, i);
    if (name == nullptr) throw Failure("an enumeration's name");
    names.emplace(value, name);
    H5free_memory(name);
  }
  return names;
}

StoredField of_numbers(FieldValues::Kind kind, hid_t memory) {
  StoredField field;
  field.kind = kind;
  field.memory = own<Type>(H5Tcopy(memory), "a type");
  field.bytes = sizeof(std::int64_t);
  return field;
}

StoredField of_texts(hid_t type, std::uint64_t longest) {
  StoredField field;
  field.kind = FieldValues::Kind::texts;
  field.memory = own<Type>(H5Tcopy(type), "a string's type");
  field.bytes = H5Tget_size(type);
  field.variable = H5Tis_variable_str(type) > 0;
  field.padding = H5Tget_strpad(type);
  if (!field.variable && field.bytes > longest)
    throw Failure(fmt::format("texts of {} bytes, more than max_record_bytes = {}", field.bytes, longest));
  return field;
}

StoredField of_type(hid_t type, std::uint64_t longest) {
  std::size_t const bytes = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      if (bytes > sizeof(std::int64_t)) break;
      return H5Tget_sign(type) == H5T_SGN_NONE ? of_numbers(FieldValues::Kind::naturals, H5T_NATIVE_UINT64)
                                               : of_numbers(FieldValues::Kind::integers, H5T_NATIVE_INT64);
    case H5T_FLOAT:
      if (bytes > 16) break;
      return of_numbers(FieldValues::Kind::reals, H5T_NATIVE_DOUBLE);
    case H5T_ENUM: {
      if (bytes > sizeof(std::int64_t)) break;
      auto field = of_numbers(FieldValues::Kind::integers, H5T_NATIVE_INT64);
      field.names = names_of(type);
      return field;
    }
    case H5T_STRING:
      return of_texts(type, longest);
    default:
      break;
  }
  throw Failure("values of type " + type_name(type) + ", where numbers, enumerations and texts can be read");
}

std::string_view text_at(StoredField const& field, std::byte const* at) {
  auto const* text = reinterpret_cast<char const*>(at);
  if (field.variable) {
    std::memcpy(&text, at, sizeof text);
    return text == nullptr ? std::string_view() : std::string_view(text);
  }
  std::string_view const whole(text, field.bytes);
  if (field.padding == H5T_STR_NULLTERM) return whole.substr(0, whole.find('\0'));
  char const pad = field.padding == H5T_STR_SPACEPAD ? ' ' : '\0';
  return whole.substr(0, whole.find_last_not_of(pad) + 1);
}

template <class T, class Out>
void copy_values(std::byte const* from, std::size_t stride, std::size_t rows, std::vector<Out>& to) {
  to.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    T value;
    std::memcpy(&value, from + row * stride, sizeof value);
    to[row] = static_cast<Out>(value);
  }
}

/// Filters that this installation cannot undo.
std::string missing_filter(hid_t creation) {
  int const filters = H5Pget_nfilters(creation);
  check(filters, "a dataset's filters");
  for (unsigned i = 0; i < static_cast<unsigned>(filters); ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    char name[64] = {};
    auto const filter = H5Pget_filter2(creation, i, &flags, &values, nullptr, sizeof name, name, &config);
    check(filter, "a dataset's filter");
    if (H5Zfilter_avail(filter) <= 0) {
      std::string known;
      for (char const* c = name; c != name + sizeof name && *c >= ' ' && *c < 0x7F; ++c) known += *c;
      return fmt::format("is stored with the filter {} ('{}'), which this HDF5 library does not have",
                         static_cast<int>(filter), known);
    }
  }
  return "";
}

}  // namespace

StoredField stored_field(std::string name, hid_t type, std::uint64_t longest) {
  StoredField field = of_type(type, longest);
  field.name = std::move(name);
  return field;
}

void take_values(StoredField const& field, std::byte const* first, std::size_t stride, std::size_t rows,
                 FieldValues& values) {
  values.kind = field.kind;
  values.missing.clear();
  values.names = field.names;
  switch (field.kind) {
    case FieldValues::Kind::texts:
      values.texts.resize(rows);
      for (std::size_t row = 0; row < rows; ++row) values.texts[row] = text_at(field, first + row * stride);
      break;
    case FieldValues::Kind::reals:
      copy_values<double>(first, stride, rows, values.reals);
      break;
    default:
      copy_values<std::int64_t>(first, stride, rows, values.integers);
  }
}

std::string why_not_a_column(hid_t file, hid_t dataset) {
  auto const reason = why_unreadable(file, dataset);
  if (!reason.empty()) return reason;
  auto const shape = shape_of(dataset);
  if (shape.size() != 1) return "has the shape " + to_string(shape) + " where one axis, of rows, is wanted";
  if (shape[0] == 0) return "";
  auto const creation = own<Properties>(H5Dget_create_plist(dataset), "a dataset's storage");
  H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
  check(H5Dget_space_status(dataset, &status), "a dataset's storage");
  if (status == H5D_SPACE_STATUS_NOT_ALLOCATED)
    return "has the shape " + to_string(shape) + ", but its values were never written";
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return "";

  hsize_t chunk = 0;
  check(H5Pget_chunk(creation.get(), 1, &chunk), "a dataset's chunks");
  auto const type = own<Type>(H5Dget_type(dataset), "a dataset's type");
  if (chunk == 0 || chunk > kLargestChunk / H5Tget_size(type.get()))
    return fmt::format("has chunks of {} rows, more than {} bytes", chunk, kLargestChunk);
  hsize_t chunks = 0;
  auto const space = own<Space>(H5Dget_space(dataset), "a dataset's extent");
  check(H5Dget_num_chunks(dataset, space.get(), &chunks), "counting chunks");
  std::uint64_t const needed = (shape[0] - 1) / chunk + 1;
  if (chunks < needed)
    return fmt::format("has {} rows in {} chunks, of which {} were never written", shape[0], needed,
                       needed - chunks);
  return missing_filter(creation.get());
}

std::uint64_t chunk_bytes(hid_t dataset) {
  auto const creation = own<Properties>(H5Dget_create_plist(dataset), "a dataset's storage");
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return 0;
  hsize_t rows = 0;
  check(H5Pget_chunk(creation.get(), 1, &rows), "a dataset's chunks");
  return rows * H5Tget_size(own<Type>(H5Dget_type(dataset), "a dataset's type").get());
}

Properties TextArena::transfer() {
  auto list = properties(H5P_DATASET_XFER);
  check(H5Pset_vlen_mem_manager(list.get(), &TextArena::allocate, this, &TextArena::release, this),
        "choosing memory for strings");
  return list;
}

void TextArena::clear() noexcept {
  texts_.clear();
  held_ = 0;
}

/// Runs inside the C library, so nothing may be thrown.
void* TextArena::allocate(std::size_t bytes, void* arena) noexcept {
  auto& self = *static_cast<TextArena*>(arena);
  try {
    if (bytes > self.longest_ + 1) {  // its NUL is counted
      self.refused_ =
          fmt::format("a text of {} bytes, more than max_record_bytes = {}", bytes - 1, self.longest_);
      return nullptr;
    }
    if (bytes > self.most_ - self.held_) {
      self.refused_ = fmt::format("texts of more than {} bytes in a few rows", self.most_);
      return nullptr;
    }
    self.held_ += bytes;
    return self.texts_.emplace_back(std::make_unique_for_overwrite<char[]>(bytes)).get();
  } catch (...) {
    return nullptr;
  }
}

}  // namespace tessera::hdf5
