// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/generate/bank_spec.hpp"
#include "tessera/io/table_writer.hpp"

#include <vector>

#include "bank_folder.hpp"

/// What was planted, beside the tables: `truth/<name>.csv`, always CSV, one file each.
namespace tessera::generate {

/// *Collective.* Writes all of it, customers in the order of their ordinals.
void write_truth(Communicator const& comm, BankSpec const& spec, BankFolder& folder, Progress& progress);

/// Local. What the files look like.
[[nodiscard]] std::vector<TableLayout> truth_layouts(BankSpec const& spec);

}  // namespace tessera::generate
