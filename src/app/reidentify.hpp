// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "customer_ids.hpp"
#include "export_job.hpp"

/// The one export that names customers.
namespace tessera {

/// Local. Throws ConfigurationError for options of re-identification that do not go together: a part that has
/// no customers, standard output, which is nobody's file, no source, or a key without --reidentify.
void check_reidentification(ExportRequest const& request);

/// *Collective.* The ids of the result's customers, from the configuration's table of customers. Says in the
/// log that ids are about to be written, how many and where. Throws ConfigurationError where the key is not
/// the one that the run was made with, InputError where the result does not tell.
[[nodiscard]] CustomerIds reidentify(ExportJob const& job);

}  // namespace tessera
