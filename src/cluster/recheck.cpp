// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/recheck.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/nearest.hpp"
#include "tessera/kernel/squared_distance.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "customers.hpp"

namespace tessera {

namespace {

using cluster::Customers;

/// How far two squared distances may be apart though a chain of `d` roundings finds their order either way:
/// stored values are at most 1, so no partial sum is above 2 d.
template <class T>
double rounding_of_scores(std::size_t d) {
  auto const terms = static_cast<double>(d);
  return 8 * terms * terms * static_cast<double>(std::numeric_limits<T>::epsilon());
}

template <class T>
class LabelJudge {
 public:
  LabelJudge(Customers<T> const& customers, Centroids<T> const& centroids)
      : customers_(customers), centroids_(centroids) {}

  void judge(std::size_t row, std::int32_t segment, float distance, LabelRecheck& out) const {
    ++out.checked;
    if (segment < 0 || static_cast<std::size_t>(segment) >= centroids_.size()) {
      ++out.other_segment;
      return;
    }
    auto const x = customers_.rows(row, 1);
    std::int32_t nearest = 0;
    reference::nearest<T>(x, centroids_, std::span(&nearest, 1));
    double const own = squared_to(x, segment);
    if (nearest != segment && own - squared_to(x, nearest) > rounding_of_scores<T>(customers_.columns())) {
      ++out.other_segment;
    }
    auto const columns = static_cast<double>(customers_.columns());
    double const slack = std::sqrt(columns) * static_cast<double>(std::numeric_limits<T>::epsilon());
    double const is = std::sqrt(own) * customers_.unit, was = static_cast<double>(distance);
    if (!(std::abs(is - was) <= kRoundingOfFloats * is + slack * customers_.unit)) ++out.other_distance;
  }

 private:
  static constexpr double kRoundingOfFloats = 4e-7;  // distances are stored in single precision

  [[nodiscard]] double squared_to(std::span<T const> x, std::int32_t segment) const {
    return squared_distance<T>(x, centroids_.row(static_cast<std::size_t>(segment)));
  }

  Customers<T> const& customers_;
  Centroids<T> const& centroids_;
};

}  // namespace

template <class T>
LabelRecheck recheck_labels(Communicator const& comm, Matrix<T> matrix, Distance distance,
                            std::span<double const> centroids, ClaimedLabels const& claimed,
                            std::span<std::uint8_t const> wanted) {
  auto const customers = cluster::centre<T>(comm, std::move(matrix), {}, distance);
  auto out = together(comm, [&] {
    Centroids<T> const stored(cluster::to_stored<T>(customers, centroids), customers.columns());
    LabelJudge<T> const judge(customers, stored);
    LabelRecheck own;
    for (std::size_t row = 0; row < customers.rows(); ++row) {
      if (wanted[row] != 0) judge.judge(row, claimed.segment[row], claimed.distance[row], own);
    }
    return own;
  });
  for (auto* const count : {&out.checked, &out.other_segment, &out.other_distance})
    *count = all_reduce(comm, *count, Reduce::sum);
  return out;
}

template LabelRecheck recheck_labels(Communicator const&, Matrix<float>, Distance, std::span<double const>,
                                     ClaimedLabels const&, std::span<std::uint8_t const>);
template LabelRecheck recheck_labels(Communicator const&, Matrix<double>, Distance, std::span<double const>,
                                     ClaimedLabels const&, std::span<std::uint8_t const>);

}  // namespace tessera
