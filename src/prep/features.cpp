// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/features.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/stats/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <span>

#include "columns.hpp"
#include "feature_column.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

std::string indicator_name(FeatureSpec const& spec) {
  return spec.name + ":missing";
}

void check(std::vector<FeatureSpec> const& specs, Table const& customers) {
  std::set<std::string> names;
  for (auto const& spec : specs) {
    std::string const user = "feature " + spec.name;
    if (!spec.table.empty() && spec.table != customers.name) {
      throw ConfigurationError(fmt::format("{} uses table {}", user, spec.table),
                               "a feature is made of a column that has one row a customer",
                               fmt::format("use table {}", customers.name));
    }
    static_cast<void>(detail::numbers_of(customers, spec.column, user));
    if (!names.insert(spec.name).second || (spec.indicator && !names.insert(indicator_name(spec)).second)) {
      throw ConfigurationError(fmt::format("{} would share its name with another", user),
                               "results are found by their names", "rename one of them");
    }
    if (spec.clip && !((*spec.clip)[0] < (*spec.clip)[1])) {
      throw ConfigurationError(fmt::format("{}: clip = [{}, {}]", user, (*spec.clip)[0], (*spec.clip)[1]),
                               "the first bound must be below the second", "swap or widen the bounds");
    }
    if (spec.impute == Impute::constant && !std::isfinite(spec.impute_value)) {
      throw ConfigurationError(fmt::format("{}: impute_value = {}", user, spec.impute_value),
                               "a missing value must become a number", "set a finite impute_value");
    }
  }
}

/// A specification with the column it reads.
struct Source {
  FeatureSpec const* spec;
  std::span<double const> raw;
  ColumnStatistics statistics;

  [[nodiscard]] bool wants_indicator() const { return spec->indicator && statistics.missing > 0; }
};

/// The matrix while its columns arrive one by one; columns that turn out to be useless leave a gap at the end
/// of each row, which is closed once.
template <class T>
class MatrixFiller {
 public:
  MatrixFiller(std::size_t rows, std::size_t capacity)
      : rows_(rows), capacity_(capacity), values_(rows * capacity) {}

  void append(std::span<double const> column) {
    for (std::size_t row = 0; row < rows_; ++row)
      values_[row * capacity_ + filled_] = static_cast<T>(column[row]);
    ++filled_;
  }
  [[nodiscard]] std::size_t columns() const noexcept { return filled_; }
  [[nodiscard]] std::vector<T> take() && {
    if (filled_ < capacity_) {
      for (std::size_t row = 0; row < rows_; ++row) {
        std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(row * capacity_), filled_,
                    values_.begin() + static_cast<std::ptrdiff_t>(row * filled_));
      }
      values_.resize(rows_ * filled_);
    }
    return std::move(values_);
  }

 private:
  std::size_t rows_, capacity_, filled_ = 0;
  std::vector<T> values_;
};

/// *Collective.*
detail::FeatureColumn make_indicator(Communicator const& comm, Source const& source) {
  detail::FeatureColumn out;
  out.values = together(comm, [&] { return std::vector<double>(source.raw.size()); });
  for (std::size_t row = 0; row < out.values.size(); ++row)
    out.values[row] = std::isnan(source.raw[row]) ? 1.0 : 0.0;
  out.feature.kind = FeatureKind::missing_indicator;
  out.feature.spec = *source.spec;
  out.feature.spec.name = indicator_name(*source.spec);
  out.feature.spec.transform = Transform::none;
  out.feature.spec.scale = Scale::none;
  out.feature.spec.clip.reset();
  out.feature.raw = describe(comm, out.values);
  return out;
}

std::vector<Source> survey(Communicator const& comm, Table const& customers,
                           std::vector<FeatureSpec> const& specs, std::vector<std::string>& warnings) {
  std::vector<Source> out;
  for (auto const& spec : specs) {
    auto const raw = detail::numbers_of(customers, spec.column, "feature " + spec.name);
    Source source{&spec, raw, describe(comm, raw)};
    if (source.statistics.count == 0) {
      warnings.push_back(
          fmt::format("feature {} is dropped: every value of column {} is missing", spec.name, spec.column));
    } else {
      out.push_back(std::move(source));
    }
  }
  return out;
}

}  // namespace

double Feature::original(double scaled) const {
  double const transformed = scaled * spread + center;
  switch (spec.transform) {
    case Transform::none:
      return transformed;
    case Transform::log1p:
      return std::expm1(transformed);
    case Transform::sqrt:
      return transformed * transformed;
    case Transform::rank:
      return transformed;
  }
  throw BugError("a transform without an inverse");
}

template <class T>
Features<T> build_features(Communicator const& comm, Table const& customers,
                           std::vector<FeatureSpec> const& specs) {
  check(specs, customers);
  Features<T> out;
  auto const sources = survey(comm, customers, specs, out.warnings);
  auto filler = together(comm, [&] {
    fail_if_planted("features", comm.rank());
    std::size_t capacity = sources.size();
    for (auto const& source : sources) capacity += source.wants_indicator() ? 1 : 0;
    return MatrixFiller<T>(customers.rows(), capacity);
  });
  for (auto const& source : sources) {
    auto column = detail::make_column<T>(comm, *source.spec, source.raw, source.statistics);
    out.warnings.insert(out.warnings.end(), column.warnings.begin(), column.warnings.end());
    if (column.useless) {
      out.warnings.push_back(fmt::format("feature {} is dropped: {}", source.spec->name, *column.useless));
    } else {
      filler.append(column.values);
      out.features.push_back(std::move(column.feature));
    }
    if (source.wants_indicator()) {
      auto indicator = make_indicator(comm, source);
      filler.append(indicator.values);
      out.features.push_back(std::move(indicator.feature));
    }
  }
  if (out.features.empty()) {
    throw ConfigurationError(fmt::format("none of {} features is left{}{}", specs.size(),
                                         out.warnings.empty() ? "" : ": ", fmt::join(out.warnings, "; ")),
                             "customers that do not differ in anything cannot be told apart",
                             "add features on columns that have different values");
  }
  out.matrix.blocks = customers.blocks;
  out.matrix.columns = filler.columns();
  out.matrix.values = std::move(filler).take();
  out.correlation = correlation(comm, out.matrix);
  return out;
}

template Features<float> build_features(Communicator const&, Table const&, std::vector<FeatureSpec> const&);
template Features<double> build_features(Communicator const&, Table const&, std::vector<FeatureSpec> const&);

}  // namespace tessera
