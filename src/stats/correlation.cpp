// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/correlation.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/core/exact_sum.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tessera {

namespace {

constexpr std::size_t kWidth = 8;          // columns of a panel
constexpr std::size_t kPairsAtOnce = 128;  // panel pairs whose exact sums are held together: 4.7 MB

using Products = std::array<double, kWidth * kWidth>;  // of the columns of two panels

struct PanelPair {
  std::size_t left, right;
};

/// What is taken from every column before multiplying, and whether anything is left.
struct Columns {
  std::vector<double> mean;
  std::vector<char> constant;
};

template <class T>
Columns survey(Communicator const& comm, Matrix<T> const& matrix) {
  auto const& blocks = matrix.blocks;
  std::size_t const columns = matrix.columns;
  std::vector<ExactSum> sums(columns);
  std::vector<double> block_sums(
      columns);  // in row order with a column a lane: much faster than exact value by value
  std::vector<T> lowest(columns, std::numeric_limits<T>::infinity());
  std::vector<T> highest(columns, -std::numeric_limits<T>::infinity());
  for (std::size_t block = 0; block < blocks.blocks(); ++block) {
    std::fill(block_sums.begin(), block_sums.end(), 0.0);
    for (std::size_t row = blocks.offset[block]; row < blocks.offset[block + 1]; ++row) {
      auto const of_row = matrix.row(LocalRow{row});
      for (std::size_t c = 0; c < columns; ++c) {
        block_sums[c] += static_cast<double>(of_row[c]);
        lowest[c] = std::min(lowest[c], of_row[c]);
        highest[c] = std::max(highest[c], of_row[c]);
      }
    }
    for (std::size_t c = 0; c < columns; ++c) sums[c].add(block_sums[c]);
  }
  all_reduce(comm, std::span(sums));
  all_reduce(comm, std::span(lowest), Reduce::minimum);
  all_reduce(comm, std::span(highest), Reduce::maximum);
  Columns out;
  for (std::size_t c = 0; c < columns; ++c) {
    out.mean.push_back(sums[c].value() / static_cast<double>(blocks.total_rows));
    out.constant.push_back(lowest[c] >= highest[c] ? 1 : 0);
  }
  return out;
}

/// The rows of a block as panels: [panels][rows][kWidth] of centred doubles, zeros beyond the last column.
template <class T>
void centre(std::span<T const> rows, std::vector<double> const& mean, std::vector<double>& panels) {
  std::size_t const columns = mean.size();
  std::size_t const count = rows.size() / columns;
  panels.assign((columns + kWidth - 1) / kWidth * count * kWidth, 0.0);
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t c = 0; c < columns; ++c) {
      panels[(c / kWidth * count + row) * kWidth + c % kWidth] =
          static_cast<double>(rows[row * columns + c]) - mean[c];
    }
  }
}

/// Every product of a left and a right column summed over the rows in order. A lane is a pair of columns: the
/// compiler may vectorise over lanes, which changes no lane's additions.
Products multiply(double const* left, double const* right, std::size_t rows) {
  constexpr std::size_t kStep = 2;  // left columns whose sums fit the registers with all the right ones
  Products out;
  for (std::size_t i = 0; i < kWidth; i += kStep) {
    double sums[kStep][kWidth] = {};
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t s = 0; s < kStep; ++s) {
        double const factor = left[row * kWidth + i + s];
        for (std::size_t j = 0; j < kWidth; ++j) sums[s][j] += factor * right[row * kWidth + j];
      }
    }
    for (std::size_t s = 0; s < kStep; ++s)
      std::copy_n(sums[s], kWidth, out.begin() + static_cast<std::ptrdiff_t>((i + s) * kWidth));
  }
  return out;
}

/// Sums over all rows of the products of the columns in each of these panel pairs.
template <class T>
std::vector<ExactSum> sums_of_products(Communicator const& comm, Matrix<T> const& matrix,
                                       std::vector<double> const& mean, std::span<PanelPair const> pairs) {
  auto const& blocks = matrix.blocks;
  std::vector<ExactSum> sums(pairs.size() * kWidth * kWidth);
  std::vector<double> panels;
  for (std::size_t block = 0; block < blocks.blocks(); ++block) {
    std::size_t const first = blocks.offset[block], rows = blocks.offset[block + 1] - first;
    if (rows == 0) continue;
    centre(std::span(matrix.values).subspan(first * mean.size(), rows * mean.size()), mean, panels);
    auto const panel = [&](std::size_t p) { return panels.data() + p * rows * kWidth; };
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      auto const products = multiply(panel(pairs[p].left), panel(pairs[p].right), rows);
      for (std::size_t i = 0; i < products.size(); ++i) sums[p * products.size() + i].add(products[i]);
    }
  }
  all_reduce(comm, std::span(sums));
  return sums;
}

/// In place: covariances to correlations.
void normalize(std::vector<double>& matrix, std::vector<char> const& constant) {
  std::size_t const columns = constant.size();
  std::vector<double> squares(columns);
  for (std::size_t i = 0; i < columns; ++i) squares[i] = matrix[i * columns + i];
  for (std::size_t i = 0; i < columns; ++i) {
    matrix[i * columns + i] = 1.0;
    for (std::size_t j = i + 1; j < columns; ++j) {
      double& upper = matrix[i * columns + j];
      upper = constant[i] != 0 || constant[j] != 0
                  ? 0.0
                  : std::clamp(upper / std::sqrt(squares[i] * squares[j]), -1.0, 1.0);
      matrix[j * columns + i] = upper;
    }
  }
}

}  // namespace

template <class T>
std::vector<double> correlation(Communicator const& comm, Matrix<T> const& matrix) {
  std::size_t const columns = matrix.columns;
  std::vector<double> out(columns * columns, 0.0);
  if (columns == 0) return out;
  auto const survey_of = survey(comm, matrix);
  std::vector<PanelPair> pairs;
  std::size_t const panels = (columns + kWidth - 1) / kWidth;
  for (std::size_t left = 0; left < panels; ++left) {
    for (std::size_t right = left; right < panels; ++right) pairs.push_back({left, right});
  }
  for (std::size_t done = 0; done < pairs.size(); done += kPairsAtOnce) {
    auto const batch =
        std::span<PanelPair const>(pairs).subspan(done, std::min(kPairsAtOnce, pairs.size() - done));
    auto const sums = sums_of_products(comm, matrix, survey_of.mean, batch);
    for (std::size_t s = 0; s < sums.size(); ++s) {
      auto const& pair = batch[s / (kWidth * kWidth)];
      std::size_t const i = pair.left * kWidth + s / kWidth % kWidth, j = pair.right * kWidth + s % kWidth;
      if (i <= j && j < columns) out[i * columns + j] = sums[s].value();
    }
  }
  normalize(out, survey_of.constant);
  return out;
}

template std::vector<double> correlation(Communicator const&, Matrix<float> const&);
template std::vector<double> correlation(Communicator const&, Matrix<double> const&);

}  // namespace tessera
