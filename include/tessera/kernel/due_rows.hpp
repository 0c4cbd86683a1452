// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera {

struct DueRows {
  std::size_t count;  ///< rows listed
  float slack;        ///< the least deadline[i] - drift[segment[i]] of the rows: above 0 when none is due
};

/// Local. Lists, from `first` on in ascending order, the rows whose deadline has come: drift[segment[i]] >=
/// deadline[i]. segment, deadline: [n]; listed: room for n + 16.
[[nodiscard]] DueRows due_rows(std::span<std::int32_t const> segment, std::span<float const> deadline,
                               std::span<float const> drift, std::uint32_t first, std::uint32_t* listed);

}  // namespace tessera
