// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"

#include <string>

namespace tessera {

/// *Collective.* Reads baskets in the format of the FIMI repository: a basket a line, items as non-negative
/// integers up to 2^31-1 separated by blanks. Baskets keep the file's order in regular blocks; item names are
/// the integers as text in numeric order; repeated items of a basket count once; an empty line is an empty
/// basket. `.gz` and `.zst` are read too. Throws InputError with file and line for anything else.
[[nodiscard]] Baskets read_fimi(Communicator const& comm, std::string const& path);

}  // namespace tessera
