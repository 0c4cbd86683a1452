// SPDX-License-Identifier: Apache-2.0
#include "segment_counts.hpp"

#include <algorithm>
#include <cmath>

#include "inconsistent.hpp"
#include "model_groups.hpp"

namespace tessera {

namespace {

/// How the matrix holds the features' 0 and 1, from /features.
class Scaling {
 public:
  explicit Scaling(ResultReader const& reader)
      : center_(reader.read<double>("/features/center")),
        spread_(reader.read<double>("/features/spread")),
        clip_(reader.read<double>("/features/clip")),
        weight_(reader.read<double>("/features/weight")) {}

  [[nodiscard]] bool is_of(std::size_t features) const {
    return center_.size() == features && spread_.size() == features && clip_.size() == 2 * features &&
           weight_.size() == features;
  }
  /// The share of ones where values of the feature have this mean.
  [[nodiscard]] double share(std::size_t feature, double mean) const {
    double const zero = scaled(feature, 0), one = scaled(feature, 1);
    return (mean - zero) / (one - zero);
  }

 private:
  [[nodiscard]] double scaled(std::size_t feature, double raw) const {
    double const value = (raw - center_[feature]) / spread_[feature];
    return weight_[feature] * std::min(std::max(value, clip_[2 * feature]), clip_[2 * feature + 1]);
  }

  std::vector<double> center_, spread_;  // [features]
  std::vector<double> clip_;             // [features, 2]
  std::vector<double> weight_;           // [features]
};

std::vector<BinaryFeature> binary_features(ResultReader const& reader, std::string const& model,
                                           SegmentCounts const& counts) {
  std::vector<BinaryFeature> out;
  if (!reader.has("/features/kind")) return out;
  auto const kind = reader.read_strings("/features/kind"), column = reader.read_strings("/features/column"),
             category = reader.read_strings("/features/category");
  auto const centroid = reader.read<double>(model + "/centroids");
  Scaling const scaling(reader);
  auto const d = counts.features;
  if (kind.size() != d || column.size() != d || category.size() != d || !scaling.is_of(d) ||
      centroid.size() != counts.size.size() * d)
    throw inconsistent(reader, "/features is not of as many features as " + model + "/centroids");
  bool const tell = reader.has(model + "/centroids_original") && !reader.has(model + "/weight");
  for (std::size_t f = 0; f < d; ++f) {
    if (kind[f] != "category" && kind[f] != "missing") continue;
    auto& feature = out.emplace_back(
        BinaryFeature{f, column[f] + "=" + (kind[f] == "missing" ? ":missing" : category[f])});
    for (std::size_t s = 0; tell && s < counts.size.size(); ++s) {
      auto const customers =
          std::llround(scaling.share(f, centroid[s * d + f]) * static_cast<double>(counts.size[s]));
      feature.customers.push_back(
          std::clamp<std::int64_t>(customers, 0, std::max<std::int64_t>(counts.size[s], 0)));
    }
  }
  return out;
}

}  // namespace

SegmentCounts read_segment_counts(ResultReader const& reader) {
  SegmentCounts out;
  auto const model = selected_model(reader);
  out.size = reader.read<std::int64_t>(model + "/size");
  auto const shape = reader.dataset(model + "/centroids").shape;
  if (shape.size() != 2 || shape[0] != out.size.size())
    throw inconsistent(reader, model + "/centroids is not segments x features");
  out.features = static_cast<std::size_t>(shape[1]);
  if (reader.has("/profiles/item_support")) {
    out.item = reader.read_strings("/profiles/item_name");
    out.support = reader.read<std::int64_t>("/profiles/item_support");
    if (out.support.size() != out.size.size() * out.item.size())
      throw inconsistent(reader, "/profiles/item_support is not segments x items");
  }
  out.binary = binary_features(reader, model, out);
  return out;
}

}  // namespace tessera
