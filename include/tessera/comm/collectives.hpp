// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

/// Typed collectives over spans, with MPI's names. Counts are 64-bit; messages above the communicator's limit
/// travel in pieces. A floating-point sum throws BugError: its result would depend on the number of ranks.
/// Use ExactSum or FixedPoint and add integers.
namespace tessera {

enum class Reduce { sum, minimum, maximum };

template <class T>
concept Arithmetic = std::is_arithmetic_v<T> && !std::same_as<T, bool>;
/// What may travel as its bytes. Pointers and views are trivially copyable too, but mean nothing on another
/// rank.
template <class T>
concept Plain = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::ranges::borrowed_range<T>;

/// What a rank received from every other, in rank order.
template <Plain T>
struct Received {
  std::vector<T> values;
  std::vector<std::uint64_t> counts;  ///< [ranks] values from each rank
};

/// *Collective.* Waits for all ranks.
void barrier(Communicator const& comm);

/// *Collective.* `values` of `root` on every rank. The spans have the same length everywhere.
template <Plain T>
void broadcast(Communicator const& comm, std::span<T> values, int root);

/// *Collective.* Element-wise reduction, in place. The spans have the same length everywhere.
template <Arithmetic T>
void all_reduce(Communicator const& comm, std::span<T> values, Reduce operation);
template <Arithmetic T>
[[nodiscard]] T all_reduce(Communicator const& comm, T value, Reduce operation);

/// *Collective.* Sum of the values of lower ranks; zero on rank 0.
template <std::integral T>
[[nodiscard]] T exclusive_scan(Communicator const& comm, T value);

/// *Collective.* The values of all ranks in rank order, on every rank. Lengths may differ. Only for what does
/// not grow with the number of customers.
template <Plain T>
[[nodiscard]] Received<T> all_gather(Communicator const& comm, std::span<T const> values);
template <Plain T>
[[nodiscard]] std::vector<T> all_gather(Communicator const& comm, T const& value);

/// *Collective.* Sends the first send_counts[0] values to rank 0, the next send_counts[1] to rank 1, ...
template <Plain T>
[[nodiscard]] Received<T> all_to_all(Communicator const& comm, std::span<T const> values,
                                     std::span<std::uint64_t const> send_counts);

namespace detail {

enum class Scalar { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 };

template <Arithmetic T>
constexpr Scalar scalar_of() {
  if constexpr (std::floating_point<T>) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8);
    return sizeof(T) == 4 ? Scalar::f32 : Scalar::f64;
  } else if constexpr (sizeof(T) == 1) {
    return std::signed_integral<T> ? Scalar::i8 : Scalar::u8;
  } else if constexpr (sizeof(T) == 2) {
    return std::signed_integral<T> ? Scalar::i16 : Scalar::u16;
  } else if constexpr (sizeof(T) == 4) {
    return std::signed_integral<T> ? Scalar::i32 : Scalar::u32;
  } else {
    return std::signed_integral<T> ? Scalar::i64 : Scalar::u64;
  }
}

void broadcast_bytes(Communicator const& comm, std::span<std::byte> bytes, int root);
void all_reduce_scalars(Communicator const& comm, void* values, std::size_t count, Scalar type,
                        Reduce operation);
void exclusive_scan_scalar(Communicator const& comm, void* value, Scalar type);
void all_gather_bytes(Communicator const& comm, std::span<std::byte const> send, std::size_t element_size,
                      std::vector<std::uint64_t> const& counts, std::span<std::byte> receive);
void all_to_all_bytes(Communicator const& comm, std::span<std::byte const> send, std::size_t element_size,
                      std::span<std::uint64_t const> send_counts,
                      std::span<std::uint64_t const> receive_counts, std::span<std::byte> receive);
/// One number from each rank to each rank.
[[nodiscard]] std::vector<std::uint64_t> transpose_counts(Communicator const& comm,
                                                          std::span<std::uint64_t const> counts);
[[nodiscard]] std::uint64_t total(std::span<std::uint64_t const> counts);

}  // namespace detail

template <Plain T>
void broadcast(Communicator const& comm, std::span<T> values, int root) {
  detail::broadcast_bytes(comm, std::as_writable_bytes(values), root);
}

template <Arithmetic T>
void all_reduce(Communicator const& comm, std::span<T> values, Reduce operation) {
  detail::all_reduce_scalars(comm, values.data(), values.size(), detail::scalar_of<T>(), operation);
}

template <Arithmetic T>
T all_reduce(Communicator const& comm, T value, Reduce operation) {
  all_reduce(comm, std::span(&value, 1), operation);
  return value;
}

template <std::integral T>
T exclusive_scan(Communicator const& comm, T value) {
  detail::exclusive_scan_scalar(comm, &value, detail::scalar_of<T>());
  return value;
}

template <Plain T>
std::vector<T> all_gather(Communicator const& comm, T const& value) {
  std::vector<T> out(static_cast<std::size_t>(comm.size()));
  detail::all_gather_bytes(comm, std::as_bytes(std::span(&value, 1)), sizeof(T),
                           std::vector<std::uint64_t>(out.size(), 1), std::as_writable_bytes(std::span(out)));
  return out;
}

template <Plain T>
Received<T> all_gather(Communicator const& comm, std::span<T const> values) {
  Received<T> out;
  out.counts = all_gather(comm, static_cast<std::uint64_t>(values.size()));
  out.values.resize(detail::total(out.counts));
  detail::all_gather_bytes(comm, std::as_bytes(values), sizeof(T), out.counts,
                           std::as_writable_bytes(std::span(out.values)));
  return out;
}

template <Plain T>
Received<T> all_to_all(Communicator const& comm, std::span<T const> values,
                       std::span<std::uint64_t const> send_counts) {
  Received<T> out;
  out.counts = detail::transpose_counts(comm, send_counts);
  out.values.resize(detail::total(out.counts));
  detail::all_to_all_bytes(comm, std::as_bytes(values), sizeof(T), send_counts, out.counts,
                           std::as_writable_bytes(std::span(out.values)));
  return out;
}

}  // namespace tessera
