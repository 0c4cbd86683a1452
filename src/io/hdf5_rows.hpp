// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hdf5.hpp"

/// Rows of datasets to and from memory. A row is everything under one index of the first axis; a scalar is
/// one row.
///
/// Transfers are independent on purpose. The rows of one rank are one contiguous piece of the file, so
/// collective buffering has nothing to gain; and where a write fails on some ranks, Open MPI's collective
/// writes either report success or leave the other ranks waiting (seen with OMPIO and ROMIO of Open MPI 4.1
/// on a full disk). So every rank transfers its own rows and all agree on the outcome afterwards.
namespace tessera::hdf5 {

/// A run of rows of a dataset.
struct Rows {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Local. Writes `bytes`, rows of elements of `type`, in calls of at most `limit` bytes. Throws Failure.
void write_rows(hid_t dataset, hid_t type, Rows rows, std::span<std::byte const> bytes, std::size_t limit);
/// Local. The reverse.
void read_rows(hid_t dataset, hid_t type, Rows rows, std::span<std::byte> bytes, std::size_t limit);

/// Local. Bytes of one row of this shape. A scalar's row is one element.
[[nodiscard]] std::uint64_t row_bytes(std::vector<std::uint64_t> const& shape, std::size_t element_bytes);
/// Local. Rows of this shape.
[[nodiscard]] std::uint64_t row_count(std::vector<std::uint64_t> const& shape);

}  // namespace tessera::hdf5
