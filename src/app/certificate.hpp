// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/io/result_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "invariants.hpp"

namespace tessera {

/// What was checked of a result file, and how it came out.
struct Verified {
  std::vector<Check> checks;
  std::vector<std::string> counts;      ///< what was looked at and how much of it, in words
  std::optional<Digest> file_digest{};  ///< of all its bytes, where somebody asked for more than digests

  [[nodiscard]] std::size_t failed() const {
    return static_cast<std::size_t>(
        std::count_if(checks.begin(), checks.end(), [](Check const& check) { return !check.holds; }));
  }
};

/// *Collective.* For people and archives: which file, made by what from what, by digests; what was checked;
/// the verdict. Precondition: there is a digest of the file.
[[nodiscard]] std::string certificate_of(ResultReader const& reader, Verified const& verified);

}  // namespace tessera
