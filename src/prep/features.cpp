// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/features.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/stats/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "feature_checks.hpp"
#include "feature_column.hpp"
#include "feature_source.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

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

}  // namespace

std::string indicator_name(FeatureSpec const& spec) {
  return spec.name + ":missing";
}

double Feature::original(double scaled) const {
  double const transformed = scaled / spec.weight * spread + center;
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
  detail::check_features(specs, customers);
  Features<T> out;
  std::vector<detail::FeatureSource> sources;
  for (auto const& spec : specs) {
    if (auto source = detail::survey_feature(comm, customers, spec, out.warnings))
      sources.push_back(std::move(*source));
  }
  detail::check_names(sources, customers);
  auto filler = together(comm, [&] {
    fail_if_planted("features", comm.rank());
    std::size_t capacity = 0;
    for (auto const& source : sources) capacity += source.columns();
    return MatrixFiller<T>(customers.rows(), capacity);
  });
  for (auto const& source : sources) {
    detail::make_columns<T>(comm, customers, source, [&](detail::FeatureColumn column) {
      out.warnings.insert(out.warnings.end(), column.warnings.begin(), column.warnings.end());
      if (column.useless) {
        out.warnings.push_back(
            fmt::format("feature {} is dropped: {}", column.feature.spec.name, *column.useless));
        return;
      }
      filler.append(column.values);
      out.features.push_back(std::move(column.feature));
    });
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
