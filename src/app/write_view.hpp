// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/result_file.hpp"

namespace tessera {

/// *Collective.* /customers/view: what is known of each customer before anything is imputed or scaled, so
/// that other programs can read it and results can be checked. Ids are left out, and what is sensitive.
void write_view(ResultFile& file, Configuration const& config, Table const& customers);

}  // namespace tessera
