// SPDX-License-Identifier: Apache-2.0
#include "prepare_customers.hpp"

#include "tessera/prep/weights.hpp"

#include <utility>

#include "add_aggregates.hpp"
#include "customer_view.hpp"

namespace tessera {

PreparedCustomers prepare_customers(Communicator const& comm, Stages& stage, Configuration const& config,
                                    KeyHasher const& hash) {
  PreparedCustomers out;
  out.read = stage("read", [&](Progress& p) { return read_table(comm, config.customers(), hash, p); });
  out.quality = stage("clean", [&](Progress&) { return clean_table(comm, out.read, config.customers()); });
  check_weights(comm, out.read.table, config.kmeans_weight);
  out.placed = stage("place", [&](Progress&) {
    return place_customers(comm, std::move(out.read.table), config.customers());
  });
  if (makes_columns(config)) {
    out.others = stage("aggregate",
                       [&](Progress& p) { return add_aggregates(comm, config, hash, out.placed.table, p); });
  }
  stage("account", [&](Progress&) { account_for(comm, out.placed, config.customers(), out.quality); });
  return out;
}

template <class T>
Features<T> find_features(Communicator const& comm, Stages& stage, Configuration const& config,
                          Table const& customers, Findings& found) {
  auto features = stage("features", [&](Progress&) {
    auto built = build_features<T>(comm, customers, clustered_features(config));
    found.correlated = correlated_features(built, config.correlation_report);
    if (config.drop_correlated) drop_correlated(built, config.correlation_report);
    return built;
  });
  if (config.reduction.method != ReductionMethod::none) {
    found.reduction =
        stage("reduction", [&](Progress&) { return reduce_features(comm, features, config.reduction); });
  }
  return features;
}

template Features<float> find_features(Communicator const&, Stages&, Configuration const&, Table const&,
                                       Findings&);
template Features<double> find_features(Communicator const&, Stages&, Configuration const&, Table const&,
                                        Findings&);

Baskets find_items(Communicator const& comm, Stages& stage, Configuration const& config,
                   Taxonomy const& taxonomy, Table const& customers, Findings& found) {
  return stage("items", [&](Progress&) {
    auto items = build_baskets(comm, customers, config.items);
    if (!config.items_taxonomy.empty())
      found.parents = add_ancestors(comm, taxonomy, config.items_taxonomy, items);
    return items;
  });
}

}  // namespace tessera
