// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_file.hpp"

#include "findings.hpp"

/// What goes where in the result file; docs/file-format.md describes the same for readers.
namespace tessera {

/// *Collective.* Everything but /run. Itemsets are found on the way.
void write_results(ResultFile& file, Findings& found);

/// *Collective.* /customers/{segment,distance,margin} and /model, for a direct K-means too.
void write_models(ResultFile& file, RowBlocks const& blocks, KMeansResult const& result);

/// *Collective.* What K-means cost, as attributes of /run: kmeans_messages, kmeans_bytes_per_iteration,
/// kmeans_assignments, kmeans_scanned_share.
void write_kmeans_work(ResultFile& file, KMeansWork const& work);

/// *Collective.* /itemsets, as they are found.
void write_itemsets(ResultFile& file, ItemsetSearch& search);

}  // namespace tessera
