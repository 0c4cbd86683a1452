// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/io/result_file.hpp"

#include <span>

#include "findings.hpp"

/// What goes where in the result file; docs/file-format.md describes the same for readers.
namespace tessera {

/// *Collective.* Everything but /run. Itemsets are found on the way.
void write_results(Communicator const& comm, ResultFile& file, Findings& found, Configuration const& config);

/// *Collective.* /customers/{segment,distance,margin} and /model, for a direct K-means too. `distance` and
/// `precision` are those that the models were made with.
void write_models(ResultFile& file, RowBlocks const& blocks, KMeansResult const& result, Distance distance,
                  Precision precision);

/// *Collective.* /customers/weight and the selected model's sums of weights; `weight`: [rows].
void write_weights(Communicator const& comm, ResultFile& file, RowBlocks const& blocks,
                   KMeansResult const& result, std::span<double const> weight);

/// *Collective.* What K-means cost, as attributes of /run: kmeans_messages, kmeans_bytes_per_iteration,
/// kmeans_assignments, kmeans_scanned_share.
void write_kmeans_work(ResultFile& file, KMeansWork const& work);

/// *Collective.* /itemsets, as they are found.
void write_itemsets(ResultFile& file, ItemsetSearch& search);

/// *Collective.* /itemsets from memory.
void write_itemsets(Communicator const& comm, ResultFile& file, ItemsetResult const& result);

/// *Collective.* /taxonomy: the parent of each item.
void write_taxonomy(ResultFile& file, std::vector<std::string> const& item_names, Parents const& parents);

}  // namespace tessera
