// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"
#include "tessera/io/result_file.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdf5.h>

/// HDF5 with owners for its handles and exceptions for its status codes. Private to `io`.
namespace tessera::hdf5 {

/// An HDF5 call failed; what() carries the library's own error stack. Callers turn it into an Error that
/// names the file and what to do.
struct Failure : std::runtime_error {
  explicit Failure(std::string_view doing);
};

/// Owner of one HDF5 handle.
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) noexcept : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() { static_cast<void>(close()); }

  [[nodiscard]] hid_t get() const noexcept { return id_; }
  [[nodiscard]] bool is_open() const noexcept { return id_ >= 0; }
  /// Closes early, for handles whose closing can fail in a way that matters.
  [[nodiscard]] herr_t close() noexcept { return is_open() ? Close(release()) : 0; }
  /// Gives the handle up without closing it.
  hid_t release() noexcept { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using File = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Object = Handle<H5Oclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using Attribute = Handle<H5Aclose>;
using Properties = Handle<H5Pclose>;

/// Owner of a file that all ranks opened together: closing it waits for all of them. A rank that fails alone
/// gives its handle up instead; should the others turn out to fail alike, HDF5 closes the file with MPI.
class SharedFile {
 public:
  explicit SharedFile(Communicator comm) : comm_(std::move(comm)) {}
  SharedFile(Communicator comm, File file) : comm_(std::move(comm)), file_(std::move(file)) {}
  SharedFile(SharedFile&&) = default;
  SharedFile& operator=(SharedFile&& other) noexcept {
    std::swap(comm_, other.comm_);
    std::swap(file_, other.file_);
    return *this;
  }
  /// *Collective* unless this rank fails alone.
  ~SharedFile() {
    if (file_.is_open() && fails_alone(comm_)) file_.release();
  }

  [[nodiscard]] hid_t get() const noexcept { return file_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return file_.is_open(); }
  /// *Collective.*
  [[nodiscard]] herr_t close() noexcept { return file_.close(); }

 private:
  Communicator comm_;
  File file_;
};

/// Local. Throws Failure when a call reports one.
void check(herr_t status, std::string_view doing);
/// Local. The owner of a handle that a call returned. Throws Failure when it returned none.
template <class Owner>
[[nodiscard]] Owner own(hid_t id, std::string_view doing) {
  if (id < 0) throw Failure(doing);
  return Owner(id);
}

/// Local. File access through MPI-IO, metadata read by one rank for all. Turns HDF5's own printing of errors
/// off.
[[nodiscard]] Properties parallel_access(Communicator const& comm);
/// Local. Plain file access by this rank alone, without locking: for looking, never for writing.
[[nodiscard]] Properties serial_access();
[[nodiscard]] Properties properties(hid_t property_class);

/// Local. The stored type of an element, little-endian. A library constant: not to be closed.
template <Storable T>
[[nodiscard]] hid_t stored_type() {
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    return H5T_STD_U8LE;
  } else if constexpr (std::is_same_v<T, std::uint16_t>) {
    return H5T_STD_U16LE;
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return H5T_STD_I32LE;
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return H5T_STD_U32LE;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return H5T_STD_I64LE;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return H5T_STD_U64LE;
  } else if constexpr (std::is_same_v<T, float>) {
    return H5T_IEEE_F32LE;
  } else {
    return H5T_IEEE_F64LE;
  }
}
/// Local. UTF-8 of `bytes` bytes, padded with zeros.
[[nodiscard]] Type text_type(std::size_t bytes);
/// Local. "float32", "string[12]", "record"; for messages and listings.
[[nodiscard]] std::string type_name(hid_t type);

/// Local. The extent of a dataset; empty for a scalar.
[[nodiscard]] std::vector<std::uint64_t> shape_of(hid_t dataset);
/// Local. "1000 x 20", "scalar".
[[nodiscard]] std::string to_string(std::vector<std::uint64_t> const& shape);
/// Local. Why this dataset's values cannot be trusted to be in this file or to fit in it, or nothing:
/// external storage, virtual datasets, shapes that overflow or are larger than the file.
[[nodiscard]] std::string why_unreadable(hid_t file, hid_t dataset);

}  // namespace tessera::hdf5
