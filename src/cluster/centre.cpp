// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <cmath>
#include <limits>

#include "customers.hpp"
#include <fmt/core.h>

namespace tessera::cluster {

namespace {

struct Columns {
  explicit Columns(std::size_t columns)
      : sum(columns),
        low(columns, std::numeric_limits<float>::infinity()),
        high(columns, -std::numeric_limits<float>::infinity()) {}
  std::vector<ExactSum> sum;
  std::vector<float> low, high;
};

[[noreturn]] void reject(Matrix<float> const& matrix, std::size_t block, std::size_t column) {
  auto const first = matrix.blocks.offset[block];
  auto row = first;
  while (std::isfinite(matrix.values[row * matrix.columns + column])) ++row;
  throw InputError(fmt::format("column {} of row {} (both counted from 0) is not a finite number", column,
                               matrix.blocks.global({row}).value),
                   "a distance to it does not exist",
                   "impute missing values, or leave the row or the column out");
}

/// Sum, minimum and maximum of each column of this rank. Sums by block do not depend on ranks.
Columns survey(Matrix<float> const& matrix) {
  std::size_t const d = matrix.columns;
  Columns out(d);
  std::vector<double> partial(d);
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    std::fill(partial.begin(), partial.end(), 0.0);
    for (auto row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      float const* const x = matrix.values.data() + row * d;
      for (std::size_t f = 0; f < d; ++f) {
        partial[f] += static_cast<double>(x[f]);
        out.low[f] = std::min(out.low[f], x[f]);
        out.high[f] = std::max(out.high[f], x[f]);
      }
    }
    for (std::size_t f = 0; f < d; ++f) {
      if (!std::isfinite(partial[f])) reject(matrix, block, f);  // floats cannot overflow a double sum
      out.sum[f].add(partial[f]);
    }
  }
  return out;
}

/// Stores (x - mean) / unit; returns the sum of squares, again block by block.
ExactSum store_centred(Matrix<float>& matrix, std::vector<double> const& mean, double unit) {
  std::size_t const d = matrix.columns;
  double const inverse_unit = 1 / unit;
  ExactSum out;
  std::vector<double> partial(d);
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    std::fill(partial.begin(), partial.end(), 0.0);
    for (auto row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      float* const x = matrix.values.data() + row * d;
      for (std::size_t f = 0; f < d; ++f) {
        x[f] = static_cast<float>((static_cast<double>(x[f]) - mean[f]) * inverse_unit);
        partial[f] += static_cast<double>(x[f]) * static_cast<double>(x[f]);
      }
    }
    for (double const squares : partial) out.add(squares);
  }
  return out;
}

}  // namespace

Customers centre(Communicator const& comm, Matrix<float> matrix) {
  std::size_t const d = matrix.columns;
  Columns columns = together(comm, [&] { return survey(matrix); });
  all_reduce(comm, std::span(columns.low), Reduce::minimum);
  all_reduce(comm, std::span(columns.high), Reduce::maximum);

  Customers out;
  out.mean = exact_totals(comm, columns.sum);
  std::vector<double> reach(d);  // of |x - mean|
  for (std::size_t f = 0; f < d; ++f) {
    double const low = columns.low[f], high = columns.high[f];
    // rounding must not push the mean of a constant column off its value
    out.mean[f] = std::clamp(out.mean[f] / static_cast<double>(matrix.blocks.total_rows), low, high);
    reach[f] = std::max(out.mean[f] - low, high - out.mean[f]);
  }
  int exponent = 0;
  std::frexp(*std::max_element(reach.begin(), reach.end()), &exponent);
  out.unit = std::ldexp(1.0, exponent);

  // With at least 2^12 terms allowed for, a single value stays below 2^50 grid steps: move_rows relies on it.
  auto const terms = std::max<std::uint64_t>(matrix.blocks.total_rows, 4096);
  for (double const r : reach) {
    out.grid.push_back(FixedPoint::for_sum(static_cast<double>(static_cast<float>(r / out.unit)), terms));
    out.scale.push_back(out.grid.back().scale());
  }
  std::vector<ExactSum> squares{store_centred(matrix, out.mean, out.unit)};
  out.sum_of_squares = exact_totals(comm, squares).front();
  out.matrix = std::move(matrix);
  return out;
}

std::vector<float> to_stored(Customers const& customers, std::span<double const> points) {
  std::vector<float> out(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    out[i] = static_cast<float>((points[i] - customers.mean[i % customers.columns()]) / customers.unit);
  }
  return out;
}

std::vector<double> from_stored(Customers const& customers, std::span<float const> points) {
  std::vector<double> out(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    out[i] = customers.mean[i % customers.columns()] + static_cast<double>(points[i]) * customers.unit;
  }
  return out;
}

}  // namespace tessera::cluster
