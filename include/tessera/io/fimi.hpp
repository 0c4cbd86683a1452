// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"

#include <string>

namespace tessera {

/// *Collective.* Reads baskets in the format of the FIMI repository: a basket a line, items as whole numbers
/// from 0 to 2^31-1 separated by blanks or tabs. Baskets keep the file's order in regular blocks; item names
/// are the integers as text in numeric order; repeated items of a basket count once; an empty line is an
/// empty basket. Every rank parses its own bytes; a `.gz` or `.zst` file is read too, by one rank, which
/// holds all its baskets for a moment. Throws InputError with file and line for anything else, for a file
/// that is missing, empty or not regular, and where the path is a pattern that names several files.
[[nodiscard]] Baskets read_fimi(Communicator const& comm, std::string const& path);

}  // namespace tessera
