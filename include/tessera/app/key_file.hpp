// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"

#include <string>

namespace tessera {

/// *Collective.* The hasher for customer ids: keyed with the 32 bytes (64 hexadecimal digits) in `path`, read
/// by rank 0; with an all-zero key when `path` is empty. Throws ConfigurationError when the file is missing,
/// malformed, or open to group or others. The key is never printed.
[[nodiscard]] KeyHasher load_key(Communicator const& comm, std::string const& path);

}  // namespace tessera
