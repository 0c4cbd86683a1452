// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"
#include "tessera/data/table.hpp"
#include "tessera/stats/describe.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Features: columns made comparable.  raw -> winsorise -> impute -> transform -> scale -> clip -> weigh ->
/// float32 or float64.
namespace tessera {

enum class Impute { median, mean, constant, group };
enum class Transform { none, log1p, sqrt, rank };
enum class Scale { none, zscore, robust, minmax };
/// How a category column becomes numbers: not at all (the column is a number), a 0/1 feature a category, or
/// the share of customers that have the same category.
enum class Encode { none, onehot, frequency };

struct FeatureSpec {
  std::string name;
  std::string table;
  std::string column;  ///< a number, date or datetime column; a category column to be encoded
  Encode encode = Encode::none;
  std::uint64_t max_categories = 20;  ///< for Encode::onehot: only so many of the most frequent
  double min_share = 0.0;             ///< for Encode::onehot: only those of so many of the customers
  std::optional<std::array<double, 2>> winsorise;  ///< probabilities; values beyond these quantiles are moved
                                                   ///< to them
  Impute impute = Impute::median;
  double impute_value = 0.0;  ///< for Impute::constant, in raw units
  std::string impute_by;   ///< for Impute::group: a category column; the median of those with the same value
  bool indicator = false;  ///< adds a 0/1 feature "<name>:missing" when values are missing
  Transform transform = Transform::none;
  Scale scale = Scale::zscore;
  std::optional<std::array<double, 2>> clip;  ///< bounds in scaled units
  double weight = 1.0;                        ///< multiplies what is scaled and clipped; above 0
};

/// Local. The name of the feature that tells where a specification's values are missing.
[[nodiscard]] std::string indicator_name(FeatureSpec const& spec);

/// What a feature's column holds: a specification's values, 0/1 where they were missing, 0/1 where they are
/// one category, or scores of a reduction.
enum class FeatureKind { value, missing_indicator, category, score };

/// A number for each category that has one.
struct CategoryValues {
  std::vector<std::string> category;  ///< ascending
  std::vector<double> value;
};

/// How a feature was made, enough to make it again for new customers and to undo the scaling. A new customer
/// whose group or category is not listed gets `imputed`.
struct Feature {
  FeatureSpec spec;  ///< of an indicator: the specification it belongs to, with name "<name>:missing", not
                     ///< transformed and not scaled
  FeatureKind kind = FeatureKind::value;
  std::string category;  ///< of FeatureKind::category: which one is 1
  std::array<double, 2> bounds{-std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::infinity()};  ///< of winsorising, raw units
  std::uint64_t winsorised = 0;     ///< customers whose value was moved to a bound
  double imputed = 0.0;             ///< the value put where one is missing, raw units
  CategoryValues imputed_by_group;  ///< of Impute::group: instead, for customers of these groups; empty where
                                    ///< no value was missing
  CategoryValues frequency;         ///< of Encode::frequency: the raw value of each category that occurs
  double center = 0.0;              ///< scaled = (transformed - center) / spread, then clipped and weighed
  double spread = 1.0;
  ColumnStatistics raw;  ///< of the raw column, before winsorising and imputation; of an indicator or a
                         ///< category: of its 0/1 values

  /// Local. A weighed value (a centroid's coordinate) back in raw units. Transform::rank has no inverse by
  /// formula: its rank is returned.
  [[nodiscard]] double original(double scaled) const;
};

/// What is left to tell of features when their matrix has been used up.
struct FeatureSet {
  std::vector<Feature> features;      ///< columns of the matrix, dropped ones left out
  std::vector<double> correlation;    ///< [features, features]
  std::vector<std::string> warnings;  ///< the same on every rank: dropped columns and why, replaced scales
};

template <class T>
struct Features : FeatureSet {
  Matrix<T> matrix;  ///< [customers, features]
};

/// *Collective.* One column a feature, in float or double, in configuration order; a feature "job=admin." a
/// category in the order of categories; an indicator after its feature. Statistics are exact and of all
/// customers. All-missing columns are dropped with a warning, and so is what is constant in the end, or
/// has no category that is frequent enough (their indicators stay); a zero interquartile range falls back to
/// the standard deviation with a warning. A customer whose category has no feature, or who has none, is 0 in
/// all of them. Memory: the matrix and two columns in double. Imputing by group takes five reductions a
/// group. Throws ConfigurationError for a column that is not there or of the wrong type, settings that do not
/// go together, reversed bounds, names used twice, a transform that the values do not allow (log1p: -1 or
/// less, sqrt: below 0), results beyond float32, and when no feature is left.
template <class T>
[[nodiscard]] Features<T> build_features(Communicator const& comm, Table const& customers,
                                         std::vector<FeatureSpec> const& specs);

extern template Features<float> build_features(Communicator const&, Table const&,
                                               std::vector<FeatureSpec> const&);
extern template Features<double> build_features(Communicator const&, Table const&,
                                                std::vector<FeatureSpec> const&);

}  // namespace tessera
