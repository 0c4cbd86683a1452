// SPDX-License-Identifier: Apache-2.0
#include "write_results.hpp"

#include "tessera/io/block_writer.hpp"
#include "tessera/profile/segment_totals.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "choices.hpp"
#include "write_features.hpp"
#include "write_lists.hpp"
#include "write_rules.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

void write_keys(ResultFile& file, Findings const& found) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(16 * found.keys.size());
  for (auto const& key : found.keys) {
    auto const of_key = key.bytes();
    bytes.insert(bytes.end(), of_key.begin(), of_key.end());
  }
  file.write_rows("/customers/key", found.blocks, std::span<std::uint8_t const>(bytes), {16},
                  {"keyed BLAKE2b-128 of the customer id, big-endian, ascending", "1", "customers x bytes"});
}

/// Centroids with every coordinate taken back to raw units.
std::vector<double> original_units(KMeansModel const& model, std::vector<Feature> const& features) {
  auto centroids = model.centroids;
  for (std::size_t i = 0; i < centroids.size(); ++i) {
    centroids[i] = features[i % features.size()].original(centroids[i]);
  }
  return centroids;
}

void write_model(ResultFile& file, std::string const& group, KMeansModel const& model) {
  write_table(file, group + "/centroids", model.centroids, model.k,
              {"centroids", "scaled", "segments x features"});
  write_list(file, group + "/size", model.size, {"customers of each segment", "customers", "segments"});
  auto const history = [&](std::string const& name, auto&& field, std::string const& text,
                           std::string const& units) {
    write_list(file, group + "/history/" + name, collect(model.history, field), {text, units, "iterations"});
  };
  history("inertia", &KMeansIteration::inertia, "sum of squared distances to the centroids assigned with",
          "scaled^2");
  history("moved", &KMeansIteration::moved, "customers that changed segment", "customers");
  history("shift", &KMeansIteration::shift, "sum of squared moves of the centroids", "scaled^2");
  history("refilled", &KMeansIteration::refilled, "empty segments that were given a new centroid",
          "segments");
  file.attribute(group, "inertia", model.inertia);
  file.attribute(group, "converged", std::int64_t{model.converged ? 1 : 0});
  file.attribute(group, "restart", static_cast<std::int64_t>(model.restart));
  file.attribute(group, "simplified_silhouette", model.quality.simplified_silhouette);
  file.attribute(group, "calinski_harabasz", model.quality.calinski_harabasz);
  file.attribute(group, "davies_bouldin", model.quality.davies_bouldin);
}

void write_profiles(ResultFile& file, Findings const& found) {
  std::uint64_t const k = found.selected_k();
  write_table(file, "/profiles/effect_size", found.profile.effect_size, k,
              {"(mean of the segment - mean of the base) / standard deviation of the base", "1",
               "segments x features"});
  if (found.item_names.empty()) return;
  write_list(file, "/profiles/item_name", found.item_names, {"items of the baskets", "1", "items"});
  write_table(file, "/profiles/item_support", found.profile.item_support, k,
              {"customers of the segment that hold the item", "customers", "segments x items"});
}

}  // namespace

void write_models(ResultFile& file, RowBlocks const& blocks, KMeansResult const& result, Distance distance,
                  Precision precision) {
  auto const& selected = result.models[result.selected];
  file.write_rows("/customers/segment", blocks, std::span<std::int32_t const>(result.segment), {},
                  {"segment in the selected model", "1", "customers"});
  file.write_rows("/customers/distance", blocks, std::span<float const>(result.distance), {},
                  {"distance to the own centroid", "scaled", "customers"});
  file.write_rows("/customers/margin", blocks, std::span<float const>(result.margin), {},
                  {"distance to the runner-up less distance to the own centroid", "scaled", "customers"});
  for (auto const& model : result.models) write_model(file, fmt::format("/model/{}", model.k), model);
  file.attribute("/model", "distance", schema::name_of(schema::kDistances, distance));
  file.attribute("/model", "precision", schema::name_of(schema::kPrecisions, precision));
  file.link("/model/selected", fmt::format("/model/{}", selected.k));
}

void write_weights(Communicator const& comm, ResultFile& file, RowBlocks const& blocks,
                   KMeansResult const& result, std::span<double const> weight) {
  auto const k = result.models[result.selected].k;
  file.write_rows("/customers/weight", blocks, weight, {},
                  {"how many customers each counts as", "customers", "customers"});
  write_list(file, fmt::format("/model/{}/weight", k), segment_totals(comm, result.segment, weight, k),
             {"sum of the weights of each segment's customers", "customers", "segments"});
}

void write_kmeans_work(ResultFile& file, KMeansWork const& work) {
  file.attribute("/run", "kmeans_messages", static_cast<std::int64_t>(work.messages));
  file.attribute("/run", "kmeans_bytes_per_iteration", static_cast<std::int64_t>(work.bytes));
  file.attribute("/run", "kmeans_assignments", static_cast<std::int64_t>(work.assignments));
  file.attribute("/run", "kmeans_scanned_share", work.scanned / static_cast<double>(work.assignments));
}

namespace {

std::array<BlockColumn, 4> const& itemset_columns() {
  static std::array<BlockColumn, 4> const columns{
      {{"/itemsets/depth",
        ElementType::uint16,
        {"items in the itemset; a node extends the nearest earlier node one shallower", "items", "nodes"}},
       {"/itemsets/item",
        ElementType::int32,
        {"item that the node adds: an index into item_name", "1", "nodes"}},
       {"/itemsets/support", ElementType::int64, {"customers that hold the itemset", "customers", "nodes"}},
       {"/itemsets/reported",
        ElementType::uint8,
        {"0: an inner node that is no result itself", "1", "nodes"}}}};
  return columns;
}

std::array<std::span<std::byte const>, 4> bytes_of(Nodes const& nodes) {
  return {{std::as_bytes(nodes.depth), std::as_bytes(nodes.item), std::as_bytes(nodes.support),
           std::as_bytes(nodes.reported)}};
}

/// *Collective.* What is known of the itemsets without them.
void write_itemset_summary(ResultFile& file, std::vector<std::string> const& item_name, std::uint64_t rows,
                           std::uint64_t min_support, std::uint64_t itemsets, bool truncated) {
  write_list(file, "/itemsets/item_name", item_name,
             {"frequent items in canonical order: ascending support, ties by item", "1", "frequent items"});
  file.attribute("/itemsets", "rows", static_cast<std::int64_t>(rows));
  file.attribute("/itemsets", "min_support", static_cast<std::int64_t>(min_support));
  file.attribute("/itemsets", "itemsets", static_cast<std::int64_t>(itemsets));
  file.attribute("/itemsets", "truncated", std::int64_t{truncated ? 1 : 0});
}

}  // namespace

void write_itemsets(ResultFile& file, ItemsetSearch& search) {
  auto const& summary = search.summary();
  write_itemset_summary(file, summary.item_name, summary.rows, summary.min_support, summary.itemsets,
                        summary.truncated);
  auto writer = file.write_blocks("/itemsets/block_offset", summary.block_offset, itemset_columns());
  search.find([&](std::uint64_t first, std::uint64_t blocks, Nodes const& nodes) {
    writer.put(first, blocks, bytes_of(nodes));
  });
  file.end_blocks(std::move(writer));
}

void write_itemsets(Communicator const& comm, ResultFile& file, ItemsetResult const& result) {
  constexpr std::uint64_t kBlock = 8192;  // nodes, as many as a search hands on at a time
  auto const& tree = result.tree;
  write_itemset_summary(file, tree.item_name, tree.rows, tree.min_support, result.itemsets, false);
  std::vector<std::uint64_t> offset{0};
  while (offset.back() < tree.nodes())
    offset.push_back(std::min<std::uint64_t>(offset.back() + kBlock, tree.nodes()));
  auto writer = file.write_blocks("/itemsets/block_offset", offset, itemset_columns());
  if (comm.rank() == 0 && tree.nodes() > 0) {
    writer.put(0, offset.size() - 1, bytes_of({tree.depth, tree.item, tree.support, tree.reported}));
  }
  file.end_blocks(std::move(writer));
}

void write_taxonomy(ResultFile& file, std::vector<std::string> const& item_names, Parents const& parents) {
  std::vector<std::string> parent;
  for (auto const p : parents)
    parent.push_back(p == kNoParent ? std::string() : item_names[static_cast<std::size_t>(p)]);
  write_list(file, "/taxonomy/item", item_names, {"items of the baskets, ancestors included", "1", "items"});
  write_list(file, "/taxonomy/parent", parent, {"what each item is a kind of; empty: nothing", "1", "items"});
}

void write_results(Communicator const& comm, ResultFile& file, Findings& found, Configuration const& config) {
  write_keys(file, found);
  if (!found.segments.models.empty()) {
    write_features(file, found);
    write_models(file, found.blocks, found.segments, config.kmeans.distance, config.kmeans_precision);
    if (!config.kmeans_weight.empty()) write_weights(comm, file, found.blocks, found.segments, found.weight);
    for (auto const& model : found.segments.models) {
      if (config.kmeans.distance == Distance::cosine) continue;  // a direction has no raw units
      write_table(file, fmt::format("/model/{}/centroids_original", model.k),
                  original_units(model, found.features.features), model.k,
                  {"centroids taken back to raw units", "raw", "segments x features"});
    }
    write_profiles(file, found);
  }
  if (!found.item_names.empty()) {
    if (found.itemsets) write_itemsets(file, *found.itemsets);
    if (found.generalised) write_itemsets(comm, file, *found.generalised);
    if (found.generalised) write_taxonomy(file, found.item_names, found.parents);
    if (found.has_rules) write_rules(comm, file, found.rules);
    if (found.by_segment) write_rules_by_segment(file, found.rules.rules.blocks, *found.by_segment);
  }
}

}  // namespace tessera
