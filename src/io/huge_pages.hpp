// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <sys/mman.h>

/// Fewer page faults for large memory that is about to be written for the first time: on a machine with fast
/// parsing they cost as much as the parsing.
namespace tessera {

/// Local. Asks for large pages where they fit into [start, start + bytes); a refusal changes nothing.
inline void advise_huge_pages(void* start, std::size_t bytes) noexcept {
  constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20;
  auto const begin = (reinterpret_cast<std::uintptr_t>(start) + kHugePage - 1) & ~(kHugePage - 1);
  auto const end = (reinterpret_cast<std::uintptr_t>(start) + bytes) & ~(kHugePage - 1);
  if (begin < end) {
    ::madvise(static_cast<char*>(start) + (begin - reinterpret_cast<std::uintptr_t>(start)), end - begin,
              MADV_HUGEPAGE);
  }
}

}  // namespace tessera
