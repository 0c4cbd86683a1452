// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/error.hpp"

#include <optional>
#include <type_traits>
#include <utility>

/// Failing together. An exception that leaves one rank while the others wait in a collective is a hang, so
/// rank-local work that can fail runs inside `together`: either every rank goes on, or every rank throws the
/// same Error.
namespace tessera {

/// *Collective.* Throws the failure of the lowest failing rank on every rank; returns when there is none.
void agree(Communicator const& comm, std::optional<Error> const& failure);

/// Local; for destructors that would communicate. Whether an exception passes through this rank that the
/// ranks of `comm` did not agree on, so that the others may be waiting elsewhere: then no collective call may
/// follow until main has ended the job.
[[nodiscard]] bool fails_alone(Communicator const& comm) noexcept;

/// *Collective.* Runs rank-local work (no communication inside) and agrees on its success. Returns its
/// result.
template <class Work>
auto together(Communicator const& comm, Work&& work) -> std::invoke_result_t<Work> {
  using Result = std::invoke_result_t<Work>;
  std::optional<Error> failure;
  if constexpr (std::is_void_v<Result>) {
    try {
      std::forward<Work>(work)();
    } catch (...) {
      failure = as_error(std::current_exception());
    }
    agree(comm, failure);
  } else {
    std::optional<Result> result;
    try {
      result.emplace(std::forward<Work>(work)());
    } catch (...) {
      failure = as_error(std::current_exception());
    }
    agree(comm, failure);
    return std::move(*result);
  }
}

}  // namespace tessera
