// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"

#include "tessera/comm/native.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>

#include "metered.hpp"
#include "state.hpp"
#include <boost/mpi/collectives.hpp>
#include <mpi.h>

namespace tessera {

namespace {

void check(int status, char const* call) {
  if (status == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(status, text.data(), &length);
  throw BugError(std::string(call) + " failed: " + text.data());
}

MPI_Datatype datatype(detail::Scalar type) {
  switch (type) {
    case detail::Scalar::i8:
      return MPI_INT8_T;
    case detail::Scalar::u8:
      return MPI_UINT8_T;
    case detail::Scalar::i16:
      return MPI_INT16_T;
    case detail::Scalar::u16:
      return MPI_UINT16_T;
    case detail::Scalar::i32:
      return MPI_INT32_T;
    case detail::Scalar::u32:
      return MPI_UINT32_T;
    case detail::Scalar::i64:
      return MPI_INT64_T;
    case detail::Scalar::u64:
      return MPI_UINT64_T;
    case detail::Scalar::f32:
      return MPI_FLOAT;
    case detail::Scalar::f64:
      return MPI_DOUBLE;
  }
  throw BugError("a scalar type without an MPI datatype");
}

std::size_t size_of(detail::Scalar type) {
  int size = 0;
  check(MPI_Type_size(datatype(type), &size), "MPI_Type_size");
  return static_cast<std::size_t>(size);
}

MPI_Op operation_of(Reduce operation) {
  switch (operation) {
    case Reduce::sum:
      return MPI_SUM;
    case Reduce::minimum:
      return MPI_MIN;
    case Reduce::maximum:
      return MPI_MAX;
  }
  throw BugError("a reduction without an MPI operation");
}

/// Calls piece(offset, length) for consecutive pieces of at most `limit` of `size` elements.
template <class Piece>
void in_pieces(std::size_t size, std::size_t limit, Piece&& piece) {
  for (std::size_t offset = 0; offset < size; offset += limit) piece(offset, std::min(limit, size - offset));
}

std::vector<std::uint64_t> offsets_of(std::span<std::uint64_t const> counts, std::size_t element_size) {
  std::vector<std::uint64_t> offsets(counts.size() + 1, 0);
  for (std::size_t i = 0; i < counts.size(); ++i) offsets[i + 1] = offsets[i] + counts[i] * element_size;
  return offsets;
}

/// Byte counts and displacements as MPI wants them.
std::vector<int> as_ints(std::span<std::uint64_t const> values) {
  std::vector<int> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [](std::uint64_t value) { return narrow<int>(value); });
  return out;
}

std::vector<std::uint64_t> differences(std::span<std::uint64_t const> offsets) {
  std::vector<std::uint64_t> out(offsets.size() - 1);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = offsets[i + 1] - offsets[i];
  return out;
}

/// Two ranks swap byte ranges of any length.
void exchange(Communicator const& comm, std::span<std::byte const> send, int to, std::span<std::byte> receive,
              int from) {
  std::size_t const limit = comm.message_limit();
  std::size_t const longest = std::max(send.size(), receive.size());
  std::vector<MPI_Request> requests;
  in_pieces(longest, limit, [&](std::size_t offset, std::size_t) {
    if (offset < receive.size()) {
      int const length = narrow<int>(std::min(limit, receive.size() - offset));
      check(MPI_Irecv(receive.data() + offset, length, MPI_BYTE, from, 0, native(comm),
                      &requests.emplace_back()),
            "MPI_Irecv");
    }
    if (offset < send.size()) {
      int const length = narrow<int>(std::min(limit, send.size() - offset));
      check(MPI_Isend(send.data() + offset, length, MPI_BYTE, to, 0, native(comm), &requests.emplace_back()),
            "MPI_Isend");
    }
  });
  check(MPI_Waitall(narrow<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
}

/// Open MPI's vectorised sums of 8- and 16-bit integers saturate where integers have to wrap around.
template <class T>
void sum_widened(Communicator const& comm, T* values, std::size_t count) {
  std::vector<std::uint32_t> wide(values, values + count);
  all_reduce(comm, std::span(wide), Reduce::sum);
  std::transform(wide.begin(), wide.end(), values, [](std::uint32_t sum) { return static_cast<T>(sum); });
}

}  // namespace

void barrier(Communicator const& comm) {
  detail::Metered const metered(comm);
  comm.state().mpi.barrier();
}

namespace detail {

std::uint64_t total(std::span<std::uint64_t const> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void broadcast_bytes(Communicator const& comm, std::span<std::byte> bytes, int root) {
  Metered const metered(comm, comm.rank() == root ? bytes.size() : 0, bytes.size());
  in_pieces(bytes.size(), comm.message_limit(), [&](std::size_t offset, std::size_t length) {
    check(MPI_Bcast(bytes.data() + offset, narrow<int>(length), MPI_BYTE, root, native(comm)), "MPI_Bcast");
  });
}

void all_reduce_scalars(Communicator const& comm, void* values, std::size_t count, Scalar type,
                        Reduce operation) {
  auto const size = size_of(type);
  Metered const metered(comm, count * size, count * size);
  if (operation == Reduce::sum) {
    switch (type) {
      case Scalar::f32:
      case Scalar::f64:
        throw BugError("a floating-point sum over ranks would depend on their number");
      case Scalar::i8:
      case Scalar::u8:
        return sum_widened(comm, static_cast<std::uint8_t*>(values), count);
      case Scalar::i16:
      case Scalar::u16:
        return sum_widened(comm, static_cast<std::uint16_t*>(values), count);
      default:
        break;
    }
  }
  auto* const bytes = static_cast<std::byte*>(values);
  in_pieces(count, std::max<std::size_t>(1, comm.message_limit() / size),
            [&](std::size_t offset, std::size_t length) {
              check(MPI_Allreduce(MPI_IN_PLACE, bytes + offset * size, narrow<int>(length), datatype(type),
                                  operation_of(operation), native(comm)),
                    "MPI_Allreduce");
            });
}

void exclusive_scan_scalar(Communicator const& comm, void* value, Scalar type) {
  Metered const metered(comm, size_of(type), size_of(type));
  check(MPI_Exscan(MPI_IN_PLACE, value, 1, datatype(type), MPI_SUM, native(comm)), "MPI_Exscan");
  // MPI leaves the result on rank 0 undefined.
  if (comm.rank() == 0) std::fill_n(static_cast<std::byte*>(value), size_of(type), std::byte{0});
}

void all_gather_bytes(Communicator const& comm, std::span<std::byte const> send, std::size_t element_size,
                      std::vector<std::uint64_t> const& counts, std::span<std::byte> receive) {
  auto const offsets = offsets_of(counts, element_size);
  Metered const metered(comm, send.size(), offsets.back());
  if (offsets.back() <= comm.message_limit()) {
    auto const lengths = as_ints(differences(offsets));
    auto const displacements = as_ints(offsets);
    check(MPI_Allgatherv(send.data(), narrow<int>(send.size()), MPI_BYTE, receive.data(), lengths.data(),
                         displacements.data(), MPI_BYTE, native(comm)),
          "MPI_Allgatherv");
    return;
  }
  auto const self = static_cast<std::size_t>(comm.rank());
  std::copy(send.begin(), send.end(), receive.begin() + static_cast<std::ptrdiff_t>(offsets[self]));
  for (int root = 0; root < comm.size(); ++root) {
    auto const r = static_cast<std::size_t>(root);
    broadcast_bytes(comm, receive.subspan(offsets[r], offsets[r + 1] - offsets[r]), root);
  }
}

std::vector<std::uint64_t> transpose_counts(Communicator const& comm, std::span<std::uint64_t const> counts) {
  if (counts.size() != static_cast<std::size_t>(comm.size())) {
    throw BugError("all_to_all wants one count a rank, got " + std::to_string(counts.size()));
  }
  std::vector<std::uint64_t> out;
  Metered const metered(comm, (counts.size() - 1) * sizeof(std::uint64_t), 0);
  boost::mpi::all_to_all(comm.state().mpi, std::vector<std::uint64_t>(counts.begin(), counts.end()), out);
  return out;
}

void all_to_all_bytes(Communicator const& comm, std::span<std::byte const> send, std::size_t element_size,
                      std::span<std::uint64_t const> send_counts,
                      std::span<std::uint64_t const> receive_counts, std::span<std::byte> receive) {
  auto const send_offsets = offsets_of(send_counts, element_size);
  auto const receive_offsets = offsets_of(receive_counts, element_size);
  if (send_offsets.back() != send.size())
    throw BugError("all_to_all counts do not add up to the values sent");
  auto const largest =
      all_reduce(comm, std::max(send_offsets.back(), receive_offsets.back()), Reduce::maximum);
  auto const self = static_cast<std::size_t>(comm.rank());
  Metered const metered(comm, send.size() - send_counts[self] * element_size, largest);
  if (largest <= comm.message_limit()) {
    auto const send_lengths = as_ints(differences(send_offsets));
    auto const receive_lengths = as_ints(differences(receive_offsets));
    auto const send_displacements = as_ints(send_offsets);
    auto const receive_displacements = as_ints(receive_offsets);
    check(MPI_Alltoallv(send.data(), send_lengths.data(), send_displacements.data(), MPI_BYTE, receive.data(),
                        receive_lengths.data(), receive_displacements.data(), MPI_BYTE, native(comm)),
          "MPI_Alltoallv");
    return;
  }
  int const ranks = comm.size();
  for (int step = 0; step < ranks; ++step) {
    int const to = (comm.rank() + step) % ranks;
    int const from = (comm.rank() - step + ranks) % ranks;
    auto const t = static_cast<std::size_t>(to), f = static_cast<std::size_t>(from);
    exchange(comm, send.subspan(send_offsets[t], send_offsets[t + 1] - send_offsets[t]), to,
             receive.subspan(receive_offsets[f], receive_offsets[f + 1] - receive_offsets[f]), from);
  }
}

}  // namespace detail

}  // namespace tessera
