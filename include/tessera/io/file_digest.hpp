// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"

#include <string>

namespace tessera {

/// *Collective.* The digest of all bytes of a file, as inputs have one: BlockDigest in blocks of
/// kDigestBlockBytes. All ranks read, in bounded memory. Throws InputError where there is no such file, or it
/// becomes shorter meanwhile.
[[nodiscard]] Digest file_digest(Communicator const& comm, std::string const& path);

}  // namespace tessera
