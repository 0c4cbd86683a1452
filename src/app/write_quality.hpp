// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/io/result_file.hpp"

#include <cstdint>

#include "findings.hpp"

namespace tessera {

/// What a bin in /quality/bins counts; stored as a number.
enum class BinKind : std::uint8_t { missing, interval, category, rest };

/// *Collective.* /quality: the account of the tables' cleaning, and the distributions that a later run tells
/// drift against.
void write_quality(ResultFile& file, Findings const& found, Configuration const& configuration);

}  // namespace tessera
