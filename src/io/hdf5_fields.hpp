// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/record_file.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "hdf5.hpp"

/// How a field of an HDF5 table is stored and brought to memory.
namespace tessera::hdf5 {

/// One field in memory as H5Dread leaves it there.
struct StoredField {
  std::string name;
  Type memory;            ///< what H5Dread converts to
  std::size_t bytes = 0;  ///< of `memory`
  FieldValues::Kind kind = FieldValues::Kind::reals;
  bool variable = false;                      ///< a pointer to text that ends with NUL
  H5T_str_t padding = H5T_STR_NULLTERM;       ///< of texts of fixed length
  std::map<std::int64_t, std::string> names;  ///< of an enumeration
};

/// Local. How values of `type` are read. Throws Failure, with the reason, for what is neither a number nor a
/// text, and for texts longer than `longest` bytes.
[[nodiscard]] StoredField stored_field(std::string name, hid_t type, std::uint64_t longest);

/// Local. The values of a field in `rows` records of `stride` bytes. Texts stay where they are.
void take_values(StoredField const& field, std::byte const* first, std::size_t stride, std::size_t rows,
                 FieldValues& values);

/// Local. Why a dataset [rows] cannot be read with the memory that its size suggests, or nothing: besides
/// why_unreadable, values that were never written, chunks too large, filters that are not installed.
[[nodiscard]] std::string why_not_a_column(hid_t file, hid_t dataset);

/// Local. Bytes of one chunk of a dataset [rows] once it is unpacked; 0: its values are not in chunks.
[[nodiscard]] std::uint64_t chunk_bytes(hid_t dataset);

/// Where HDF5 puts texts of variable length: together, so that they are given back together, and bounded.
class TextArena {
 public:
  /// `longest`: bytes of one text; `most`: of all together.
  TextArena(std::uint64_t longest, std::uint64_t most) : longest_(longest), most_(most) {}
  TextArena(TextArena const&) = delete;
  TextArena& operator=(TextArena const&) = delete;

  /// The property list for H5Dread; for as long as this arena is where it is.
  [[nodiscard]] Properties transfer();
  /// Gives the memory back.
  void clear() noexcept;
  /// What was too much when H5Dread failed, or nothing.
  [[nodiscard]] std::string const& refused() const noexcept { return refused_; }

 private:
  static void* allocate(std::size_t bytes, void* arena) noexcept;
  static void release(void*, void*) noexcept {}

  std::uint64_t longest_, most_, held_ = 0;
  std::vector<std::unique_ptr<char[]>> texts_;
  std::string refused_;
};

}  // namespace tessera::hdf5
