// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "hdf5.hpp"

/// Where an HDF5 file keeps texts of variable length: its values are descriptors, which say how long a text
/// is and which object of which heap holds it. The library takes the length from the one and copies the
/// other, so that a descriptor that says too little makes it write where it has no memory (HDF5 1.10). So
/// both are compared before it reads.
namespace tessera::hdf5 {

class TextHeap {
 public:
  /// `file` must outlive it. Throws Failure.
  explicit TextHeap(hid_t file);

  /// Local. The type by which H5Dread hands out descriptors instead of texts.
  [[nodiscard]] static Type descriptor();
  static constexpr std::size_t kDescriptorBytes = 16;

  /// Local. Why the texts of these descriptors, one in each of `rows` records of `stride` bytes, cannot be
  /// read, or nothing: heaps that are not sound, lengths that are not those of the objects, texts longer than
  /// `longest`. Format: HDF5 File Format Specification 3.0, III.E and VIII.A.
  [[nodiscard]] std::string why_unreadable(std::byte const* first, std::size_t stride, std::size_t rows,
                                           std::uint64_t longest);

 private:
  [[nodiscard]] bool load(std::uint64_t address);
  [[nodiscard]] bool read(std::uint64_t position, std::span<std::byte> into) const;

  int file_descriptor_ = -1;  // the library's
  std::uint64_t base_ = 0;
  bool usual_sizes_ = false;
  std::uint64_t loaded_ = 0;                               // address of the heap in hand; 0: none
  std::unordered_map<std::uint32_t, std::uint64_t> size_;  // of its objects, by number
  std::vector<std::byte> window_;
};

}  // namespace tessera::hdf5
