// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Whether a result file still holds what was written.
namespace tessera {

enum class DigestState {
  ok,
  differs,     ///< the values are not those that were written
  unreadable,  ///< the values cannot be read, or the blocks that they were digested by are damaged
  missing,     ///< the file lists a digest of a dataset that it does not have
  not_listed,  ///< the file has a dataset of which it lists no digest
};

/// Local. "ok", "differs", "cannot be read", "missing", "not listed".
[[nodiscard]] std::string_view to_string(DigestState state) noexcept;

struct DatasetCheck {
  std::string dataset;  ///< or kAttributesCheck
  DigestState state = DigestState::ok;
  std::string stored, computed;  ///< hexadecimal; empty where there is none
};

/// Name of the check of all attributes and links together.
inline constexpr char kAttributesCheck[] = "attributes and links";

/// *Collective.* Computes every digest of a file anew and compares. By dataset, with the attributes last.
/// Throws InputError when the file has no readable list of digests.
[[nodiscard]] std::vector<DatasetCheck> check_digests(ResultReader const& reader);

}  // namespace tessera
