// SPDX-License-Identifier: Apache-2.0
#include "hdf5_rows.hpp"

#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <numeric>

namespace tessera::hdf5 {

namespace {

/// Cuts rows into hyperslabs of at most `limit` bytes, in the order of their bytes: whole rows where one
/// fits, else pieces of rows.
class Slabs {
 public:
  Slabs(std::vector<std::uint64_t> const& shape, Rows rows, std::size_t element_bytes, std::size_t limit)
      : element_bytes_(element_bytes), begin_(shape.size(), 0), end_(shape.begin(), shape.end()) {
    begin_[0] = rows.first;
    end_[0] = rows.first + rows.count;
    start_ = begin_;
    count_.assign(shape.size(), 1);
    std::size_t const last = shape.size() - 1;
    std::uint64_t below = element_bytes;  // bytes of one step along the axis that is cut
    for (axis_ = last; axis_ > 0 && below * shape[axis_] <= limit; --axis_) below *= shape[axis_];
    step_ = std::max<std::uint64_t>(1, limit / std::max<std::uint64_t>(1, below));
    for (std::size_t axis = axis_ + 1; axis <= last; ++axis) count_[axis] = end_[axis];
  }

  /// Calls transfer(start, count, elements, first_byte) for every slab.
  template <class Transfer>
  void for_each(Transfer&& transfer) {
    std::uint64_t first_byte = 0;
    visit(0, [&] {
      auto const elements = std::accumulate(count_.begin(), count_.end(), hsize_t{1}, std::multiplies<>());
      transfer(start_.data(), count_.data(), elements, first_byte);
      first_byte += elements * element_bytes_;
    });
  }

 private:
  template <class Emit>
  void visit(std::size_t axis, Emit const& emit) {
    hsize_t const step = axis == axis_ ? step_ : 1;
    for (start_[axis] = begin_[axis]; start_[axis] < end_[axis]; start_[axis] += step) {
      count_[axis] = std::min(step, end_[axis] - start_[axis]);
      if (axis == axis_) {
        emit();
      } else {
        visit(axis + 1, emit);
      }
    }
  }

  std::size_t element_bytes_;
  std::vector<hsize_t> begin_, end_, start_, count_;
  std::size_t axis_ = 0;
  hsize_t step_ = 1;
};

/// Calls transfer(memory space, file space, first_byte) for pieces of at most `limit` bytes.
template <class Transfer>
void in_slabs(hid_t dataset, hid_t type, Rows rows, std::size_t bytes, std::size_t limit,
              Transfer&& transfer) {
  auto const shape = shape_of(dataset);
  auto const element_bytes = H5Tget_size(type);
  if (bytes != rows.count * row_bytes(shape, element_bytes)) {
    throw BugError("a buffer of " + std::to_string(bytes) + " bytes for " + std::to_string(rows.count) +
                   " rows of a dataset of shape " + to_string(shape));
  }
  if (rows.first > row_count(shape) || rows.count > row_count(shape) - rows.first) {
    throw BugError("rows " + std::to_string(rows.first) + " + " + std::to_string(rows.count) +
                   " of a dataset of shape " + to_string(shape));
  }
  if (bytes == 0) return;
  if (shape.empty()) {
    transfer(H5S_ALL, H5S_ALL, 0);
    return;
  }
  auto const file_space = own<Space>(H5Dget_space(dataset), "a dataset's extent");
  Slabs(shape, rows, element_bytes, limit)
      .for_each([&](hsize_t const* start, hsize_t const* count, hsize_t elements, std::uint64_t first_byte) {
        check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr),
              "selecting rows");
        auto const memory_space = own<Space>(H5Screate_simple(1, &elements, nullptr), "a buffer's extent");
        transfer(memory_space.get(), file_space.get(), first_byte);
      });
}

}  // namespace

std::uint64_t row_count(std::vector<std::uint64_t> const& shape) {
  return shape.empty() ? 1 : shape.front();
}

std::uint64_t row_bytes(std::vector<std::uint64_t> const& shape, std::size_t element_bytes) {
  std::uint64_t bytes = element_bytes;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (__builtin_mul_overflow(bytes, shape[axis], &bytes)) {
      throw BugError("a row of a dataset of shape " + to_string(shape) + " has more than 2^64 bytes");
    }
  }
  return bytes;
}

void write_rows(hid_t dataset, hid_t type, Rows rows, std::span<std::byte const> bytes, std::size_t limit) {
  in_slabs(dataset, type, rows, bytes.size(), limit, [&](hid_t memory, hid_t file, std::uint64_t first_byte) {
    check(H5Dwrite(dataset, type, memory, file, H5P_DEFAULT, bytes.data() + first_byte), "writing rows");
  });
}

void read_rows(hid_t dataset, hid_t type, Rows rows, std::span<std::byte> bytes, std::size_t limit) {
  in_slabs(dataset, type, rows, bytes.size(), limit, [&](hid_t memory, hid_t file, std::uint64_t first_byte) {
    check(H5Dread(dataset, type, memory, file, H5P_DEFAULT, bytes.data() + first_byte), "reading rows");
  });
}

}  // namespace tessera::hdf5
