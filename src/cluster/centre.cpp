// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "customers.hpp"
#include <fmt/core.h>

namespace tessera::cluster {

namespace {

template <class T>
struct Columns {
  explicit Columns(std::size_t columns)
      : sum(columns),
        low(columns, std::numeric_limits<T>::infinity()),
        high(columns, -std::numeric_limits<T>::infinity()) {}
  std::vector<ExactSum> sum;
  std::vector<T> low, high;
};

/// Larger values of a double could not be summed, nor their differences squared.
constexpr double kLargest = 1e150;

template <class T>
bool is_usable(T value) {
  return std::abs(static_cast<double>(value)) <= kLargest;
}

template <class T>
[[noreturn]] void reject(Matrix<T> const& matrix, std::size_t block, std::size_t column) {
  auto const first = matrix.blocks.offset[block];
  auto row = first;
  while (is_usable(matrix.values[row * matrix.columns + column])) ++row;
  bool const is_finite = std::isfinite(matrix.values[row * matrix.columns + column]);
  throw InputError(
      fmt::format("column {} of row {} (both counted from 0) is {}", column,
                  matrix.blocks.global({row}).value, is_finite ? "beyond 1e150" : "not a finite number"),
      is_finite ? "squared distances to it overflow" : "a distance to it does not exist",
      is_finite ? "measure the column in a larger unit"
                : "impute missing values, or leave the row or the column out");
}

/// Sum, minimum and maximum of each column of this rank. Sums by block do not depend on ranks.
template <class T>
Columns<T> survey(Matrix<T> const& matrix) {
  std::size_t const d = matrix.columns;
  Columns<T> out(d);
  std::vector<double> partial(d);
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    if (matrix.blocks.offset[block] == matrix.blocks.offset[block + 1]) continue;
    std::fill(partial.begin(), partial.end(), 0.0);
    double* __restrict const sum = partial.data();
    T* __restrict const low = out.low.data();
    T* __restrict const high = out.high.data();
    for (auto row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      T const* __restrict const x = matrix.values.data() + row * d;
      for (std::size_t f = 0; f < d; ++f) {
        sum[f] += static_cast<double>(x[f]);
        low[f] = x[f] < low[f] ? x[f] : low[f];
        high[f] = x[f] > high[f] ? x[f] : high[f];
      }
    }
    for (std::size_t f = 0; f < d; ++f) {
      if (!std::isfinite(partial[f]) || !is_usable(low[f]) || !is_usable(high[f])) reject(matrix, block, f);
      out.sum[f].add(partial[f]);
    }
  }
  return out;
}

/// Stores (x - mean) / unit; returns the weighted sum of squares, again block by block.
template <class T>
ExactSum store_centred(Customers<T>& customers) {
  auto& matrix = customers.matrix;
  std::size_t const d = matrix.columns;
  double const inverse_unit = 1 / customers.unit;
  ExactSum out;
  std::vector<double> partial(d);
  double const* __restrict const mean = customers.mean.data();
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    std::fill(partial.begin(), partial.end(), 0.0);
    double* __restrict const sum = partial.data();
    for (auto row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      T* __restrict const x = matrix.values.data() + row * d;
      double const weight = customers.weight_of(row);
      for (std::size_t f = 0; f < d; ++f) {
        x[f] = static_cast<T>((static_cast<double>(x[f]) - mean[f]) * inverse_unit);
        sum[f] += weight * (static_cast<double>(x[f]) * static_cast<double>(x[f]));
      }
    }
    for (double const squares : partial) out.add(squares);
  }
  return out;
}

/// Scaled by a power of two, which rounds nothing, so that no square overflows or vanishes.
double length_of(auto const& point) {
  double largest = 0;
  for (auto const value : point) largest = std::max(largest, std::abs(static_cast<double>(value)));
  int exponent = 0;
  std::frexp(largest, &exponent);
  double const scale = std::ldexp(1.0, -std::max(exponent, -1000));
  double squares = 0;
  for (auto const value : point) {
    double const scaled = static_cast<double>(value) * scale;
    squares += scaled * scaled;
  }
  return std::sqrt(squares) / scale;
}

/// Brings every row to length 1.
template <class T>
void normalise(Matrix<T>& matrix) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    auto const x = matrix.row(LocalRow{i});
    double const length = length_of(x);
    if (!(length > 0)) {
      throw InputError(fmt::format("row {} (counted from 0) has only zeros", matrix.blocks.global({i}).value),
                       "it points nowhere, so that it has no cosine with anything",
                       "leave such rows out, or use the euclidean distance");
    }
    for (T& value : x) value = static_cast<T>(static_cast<double>(value) / length);
  }
}

/// Largest weight of this rank.
template <class T>
double largest_weight(Matrix<T> const& matrix, std::vector<T> const& weight) {
  if (weight.empty()) return 1;
  double largest = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (!(weight[i] > 0) || !std::isfinite(weight[i])) {
      throw InputError(fmt::format("the weight of row {} (counted from 0) is {}",
                                   matrix.blocks.global({i}).value, weight[i]),
                       "a customer counts by its weight", "give finite weights above 0");
    }
    largest = std::max(largest, static_cast<double>(weight[i]));
  }
  return largest;
}

}  // namespace

template <class T>
Customers<T> centre(Communicator const& comm, Matrix<T> matrix, std::vector<T> weight, Distance distance) {
  std::size_t const d = matrix.columns;
  Columns<T> columns = together(comm, [&] {
    Columns<T> surveyed = survey(matrix);
    if (distance == Distance::euclidean) return surveyed;
    normalise(matrix);
    return survey(matrix);
  });
  all_reduce(comm, std::span(columns.low), Reduce::minimum);
  all_reduce(comm, std::span(columns.high), Reduce::maximum);
  double const heaviest =
      all_reduce(comm, together(comm, [&] { return largest_weight(matrix, weight); }), Reduce::maximum);

  Customers<T> out;
  out.distance = distance;
  out.weight = std::move(weight);
  out.mean = exact_totals(comm, columns.sum);
  std::vector<double> reach(d);  // of |x - mean|
  for (std::size_t f = 0; f < d; ++f) {
    auto const low = static_cast<double>(columns.low[f]), high = static_cast<double>(columns.high[f]);
    // rounding must not push the mean of a constant column off its value
    out.mean[f] = std::clamp(out.mean[f] / static_cast<double>(matrix.blocks.total_rows), low, high);
    reach[f] = std::max(out.mean[f] - low, high - out.mean[f]);
  }
  int exponent = 0;
  std::frexp(*std::max_element(reach.begin(), reach.end()), &exponent);
  out.unit = std::ldexp(1.0, std::max(exponent, -1000));  // whose inverse is finite

  // With at least 2^12 terms allowed for, a single value stays below 2^50 grid steps: move_rows relies on it.
  auto const terms = std::max<std::uint64_t>(matrix.blocks.total_rows, 4096);
  for (double const r : reach) {
    out.grid.push_back(
        FixedPoint::for_sum(heaviest * static_cast<double>(static_cast<T>(r / out.unit)), terms));
    out.scale.push_back(out.grid.back().scale());
  }
  out.weight_grid = FixedPoint::for_sum(heaviest, terms);
  out.matrix = std::move(matrix);
  ExactSum weights;
  for (auto const w : out.weight) weights.add(static_cast<double>(w));
  std::vector<ExactSum> sums{store_centred(out), weights};
  auto const totals = exact_totals(comm, sums);
  out.sum_of_squares = totals[0];
  out.total_weight = out.weight.empty() ? static_cast<double>(out.matrix.blocks.total_rows) : totals[1];
  return out;
}

template <class T>
std::vector<T> to_stored(Customers<T> const& customers, std::span<double const> points) {
  std::size_t const d = customers.columns();
  std::vector<T> out(points.size());
  for (std::size_t first = 0; first < points.size(); first += d) {
    double const length = customers.distance == Distance::cosine ? length_of(points.subspan(first, d)) : 1.0;
    for (std::size_t f = 0; f < d; ++f) {
      double const coordinate = length > 0 ? points[first + f] / length : points[first + f];
      out[first + f] = static_cast<T>((coordinate - customers.mean[f]) / customers.unit);
    }
  }
  return out;
}

template <class T>
std::vector<double> from_stored(Customers<T> const& customers,
                                std::type_identity_t<std::span<T const>> points) {
  std::vector<double> out(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    out[i] = customers.mean[i % customers.columns()] + static_cast<double>(points[i]) * customers.unit;
  }
  return out;
}

template <class T>
std::vector<T> at_its_length(Customers<T> const& customers, std::vector<T> points) {
  if (customers.distance == Distance::euclidean) return points;
  return to_stored<T>(customers, from_stored<T>(customers, points));
}

template Customers<float> centre(Communicator const&, Matrix<float>, std::vector<float>, Distance);
template Customers<double> centre(Communicator const&, Matrix<double>, std::vector<double>, Distance);
template std::vector<float> to_stored(Customers<float> const&, std::span<double const>);
template std::vector<double> to_stored(Customers<double> const&, std::span<double const>);
template std::vector<double> from_stored(Customers<float> const&, std::span<float const>);
template std::vector<double> from_stored(Customers<double> const&, std::span<double const>);
template std::vector<float> at_its_length(Customers<float> const&, std::vector<float>);
template std::vector<double> at_its_length(Customers<double> const&, std::vector<double>);

}  // namespace tessera::cluster
