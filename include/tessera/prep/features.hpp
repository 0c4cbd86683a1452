// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"
#include "tessera/data/table.hpp"
#include "tessera/stats/describe.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

/// Features: numeric columns made comparable.  raw -> impute -> transform -> scale -> clip -> float32 or
/// float64.
namespace tessera {

enum class Impute { median, mean, constant };
enum class Transform { none, log1p, sqrt, rank };
enum class Scale { none, zscore, robust, minmax };

struct FeatureSpec {
  std::string name;
  std::string table;
  std::string column;  ///< a number, date or datetime column
  Impute impute = Impute::median;
  double impute_value = 0.0;  ///< for Impute::constant, in raw units
  bool indicator = false;     ///< adds a 0/1 feature "<name>:missing" when values are missing
  Transform transform = Transform::none;
  Scale scale = Scale::zscore;
  std::optional<std::array<double, 2>> clip;  ///< bounds in scaled units
};

/// A feature's column holds a specification's values, or says 0/1 where they were missing.
enum class FeatureKind { value, missing_indicator };

/// How a feature was made, enough to make it again for new customers and to undo the scaling.
struct Feature {
  FeatureSpec spec;  ///< of an indicator: the specification it belongs to, with name "<name>:missing", not
                     ///< transformed and not scaled
  FeatureKind kind = FeatureKind::value;
  double imputed = 0.0;  ///< the value put where one is missing, raw units
  double center = 0.0;   ///< scaled = (transformed - center) / spread
  double spread = 1.0;
  ColumnStatistics raw;  ///< of the raw column, before imputation; of an indicator: of its 0/1 values

  /// Local. A scaled value (a centroid's coordinate) back in raw units. Transform::rank has no inverse by
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

/// *Collective.* One column a feature, in float or double, in configuration order, an indicator after its
/// feature. Statistics are exact and of all customers. All-missing columns are dropped with a warning, and so
/// is what is constant in the end (its indicator stays); a zero interquartile range falls back to the
/// standard deviation with a warning. Memory: the matrix and one column in double. Throws ConfigurationError
/// for a column that is not there or not numeric, reversed clip bounds, names used twice, a transform that
/// the values do not allow (log1p: -1 or less, sqrt: below 0), results beyond float32, and when no feature is
/// left.
template <class T>
[[nodiscard]] Features<T> build_features(Communicator const& comm, Table const& customers,
                                         std::vector<FeatureSpec> const& specs);

extern template Features<float> build_features(Communicator const&, Table const&,
                                               std::vector<FeatureSpec> const&);
extern template Features<double> build_features(Communicator const&, Table const&,
                                                std::vector<FeatureSpec> const&);

}  // namespace tessera
