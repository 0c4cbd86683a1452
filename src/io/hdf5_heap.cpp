// SPDX-License-Identifier: Apache-2.0
#include "hdf5_heap.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

namespace tessera::hdf5 {

namespace {

constexpr std::size_t kHeaderBytes = 16;  // of a heap and of an object in it
constexpr std::size_t kMostObjects = 1 << 16;

/// Little-endian.
template <class T>
T number_at(std::byte const* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Leaves descriptors as they are. Called by the library, with all paths from strings to opaque values.
herr_t keep_descriptors(hid_t from, hid_t to, H5T_cdata_t* how, size_t, size_t, size_t, void*, void*, hid_t) {
  if (how->command != H5T_CONV_INIT) return 0;
  how->need_bkg = H5T_BKG_NO;
  return H5Tis_variable_str(from) > 0 && H5Tget_size(to) == TextHeap::kDescriptorBytes ? 0 : -1;
}

}  // namespace

TextHeap::TextHeap(hid_t file) {
  auto const creation = own<Properties>(H5Fget_create_plist(file), "the file's layout");
  std::size_t address_bytes = 0, length_bytes = 0;
  check(H5Pget_sizes(creation.get(), &address_bytes, &length_bytes), "the file's layout");
  usual_sizes_ = address_bytes == 8 && length_bytes == 8;
  hsize_t userblock = 0;
  check(H5Pget_userblock(creation.get(), &userblock), "the file's layout");
  base_ = userblock;
  void* handle = nullptr;
  check(H5Fget_vfd_handle(file, H5P_DEFAULT, &handle), "the file's descriptor");
  file_descriptor_ = *static_cast<int const*>(handle);
}

Type TextHeap::descriptor() {
  static herr_t const registered = [] {
    auto const text = own<Type>(H5Tcopy(H5T_C_S1), "a string type");
    check(H5Tset_size(text.get(), H5T_VARIABLE), "a string type");
    auto const opaque = own<Type>(H5Tcreate(H5T_OPAQUE, kDescriptorBytes), "an opaque type");
    return H5Tregister(H5T_PERS_SOFT, "descriptors", text.get(), opaque.get(), keep_descriptors);
  }();
  check(registered, "registering a conversion");
  return own<Type>(H5Tcreate(H5T_OPAQUE, kDescriptorBytes), "an opaque type");
}

std::string TextHeap::why_unreadable(std::byte const* first, std::size_t stride, std::size_t rows,
                                     std::uint64_t longest) {
  if (!usual_sizes_) return "texts of variable length with addresses that are not of 8 bytes";
  for (std::size_t row = 0; row < rows; ++row) {
    auto const* const at = first + row * stride;
    auto const length = number_at<std::uint32_t>(at);
    auto const address = number_at<std::uint64_t>(at + 4);
    if (address == 0) continue;  // no text
    if (length > longest)
      return fmt::format("a text of {} bytes, more than max_record_bytes = {}", length, longest);
    if (address != loaded_ && !load(address)) {
      loaded_ = 0;
      return "texts in a heap that is damaged";
    }
    auto const object = size_.find(number_at<std::uint32_t>(at + 12));
    if (object == size_.end() || object->second != length)
      return "a text that has not the length that is said of it";
  }
  return "";
}

/// The sizes of all objects of the heap at an address.
bool TextHeap::load(std::uint64_t address) {
  std::byte header[kHeaderBytes];
  if (!read(address, header) || std::memcmp(header, "GCOL\1", 5) != 0) return false;
  auto const end = number_at<std::uint64_t>(header + 8);
  size_.clear();
  std::uint64_t window_begin = 0, window_end = 0, position = kHeaderBytes;
  while (position < end && end - position >= kHeaderBytes) {
    if (position < window_begin || position + kHeaderBytes > window_end) {
      window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(4096, end - position)));
      if (address + position < address || !read(address + position, window_)) return false;
      window_begin = position;
      window_end = position + window_.size();
    }
    auto const* const object = window_.data() + (position - window_begin);
    auto const number = number_at<std::uint16_t>(object);
    auto const size = number_at<std::uint64_t>(object + 8);
    if (number == 0) {  // free space, with its header, up to the end
      if (size != end - position) return false;
      break;
    }
    if (size > end - position - kHeaderBytes || size_.size() == kMostObjects) return false;
    size_[number] = size;
    position += kHeaderBytes + (size + 7) / 8 * 8;
  }
  loaded_ = address;
  return true;
}

bool TextHeap::read(std::uint64_t position, std::span<std::byte> into) const {
  if (position > std::uint64_t{1} << 62) return false;
  auto const got = ::pread(file_descriptor_, into.data(), into.size(), static_cast<off_t>(base_ + position));
  return got == static_cast<ssize_t>(into.size());
}

}  // namespace tessera::hdf5
