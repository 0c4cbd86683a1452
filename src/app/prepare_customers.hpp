// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"

#include "findings.hpp"
#include "prepared_customers.hpp"
#include "stages.hpp"

/// From the tables of a configuration to what is clustered: a run does it, and who checks one does it again.
namespace tessera {

/// *Collective.* Reads all tables: one cleaned row a customer.
[[nodiscard]] PreparedCustomers prepare_customers(Communicator const& comm, Stages& stage,
                                                  Configuration const& config, KeyHasher const& hash);

/// *Collective.* Features, those alike reported or left out, and their scores if they are asked for. What is
/// told of them goes to found.correlated and found.reduction.
template <class T>
[[nodiscard]] Features<T> find_features(Communicator const& comm, Stages& stage, Configuration const& config,
                                        Table const& customers, Findings& found);

extern template Features<float> find_features(Communicator const&, Stages&, Configuration const&,
                                              Table const&, Findings&);
extern template Features<double> find_features(Communicator const&, Stages&, Configuration const&,
                                               Table const&, Findings&);

/// *Collective.* The customers' baskets; with a taxonomy (of the file items.taxonomy) their items' ancestors
/// too, and found.parents.
[[nodiscard]] Baskets find_items(Communicator const& comm, Stages& stage, Configuration const& config,
                                 Taxonomy const& taxonomy, Table const& customers, Findings& found);

}  // namespace tessera
