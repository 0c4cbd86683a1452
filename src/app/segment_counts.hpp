// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a result tells of its segments in numbers of customers, openly or by its centroids.
namespace tessera {

/// A feature that is 1 for some customers and 0 for all others, so that means of it are shares.
struct BinaryFeature {
  std::size_t feature = 0;                ///< on the axis of features
  std::string item;                       ///< "column=category" as items are named, or "column=:missing"
  std::vector<std::int64_t> customers{};  ///< [segments] who have a 1; empty: the centroids do not tell
};

struct SegmentCounts {
  std::vector<std::int64_t> size;     ///< [segments]
  std::vector<std::string> item;      ///< of the profiles, if there are any
  std::vector<std::int64_t> support;  ///< [segments, items] customers who hold them
  std::size_t features = 0;
  std::vector<BinaryFeature> binary;  ///< of the features
};

/// *Collective.* Of the selected model. Centroids by the cosine distance and weighted ones are no shares of
/// customers. Throws InputError where the file's parts do not fit each other.
[[nodiscard]] SegmentCounts read_segment_counts(ResultReader const& reader);

}  // namespace tessera
