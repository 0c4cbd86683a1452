// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/random.hpp"
#include "tessera/data/matrix.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cluster/planted.hpp"

/// Customers that an algorithm with bounds finds hard, made from the global row alone.
namespace tessera::test {

enum class Content {
  uniform,            // no structure: labels change for a long time
  clustered,          // most labels settle at once
  duplicated,         // 40 different rows
  grid,               // whole numbers: exact ties everywhere
  near_ties,          // halfway between whole numbers but for the last bit
  constant_columns,   // every second column is 0.1
  all_equal_but_one,  // one column tells customers apart
  offset_million,     // a spread of 1 at 10^6
  offset_billion,     // a spread of 1,000 at 10^9: few values in float
  one_outlier,        // a customer 10^7 times as far as the others
  two_outliers,       // at +1 and -1, around customers within 10^-8
  vanishing,          // the same within 10^-20: squares are denormal in float, and sums do not show them
  denormal,           // denormal in float and far too small for squares
  mixed_scales,       // each column a thousand times smaller than the one before
};

inline constexpr Content kContents[] = {
    Content::uniform,        Content::clustered,        Content::duplicated,        Content::grid,
    Content::near_ties,      Content::constant_columns, Content::all_equal_but_one, Content::offset_million,
    Content::offset_billion, Content::one_outlier,      Content::two_outliers,      Content::vanishing,
    Content::denormal,       Content::mixed_scales};

inline constexpr std::uint64_t kAwkwardSeed = 13;

/// A coordinate of the middle of the row's cloud, of 12.
inline double cloud(std::uint64_t row, std::uint32_t f) {
  Draw const draw(kAwkwardSeed, Purpose::generate);
  return 2 * draw.uniform(draw.below(12, row, 4000), 3000 + f) - 1;
}

struct Awkward {
  Content content = Content::uniform;
  std::uint64_t rows = 0;
  std::size_t columns = 0;
  double last_bit = 0x1p-23;  // relative, of a value

  [[nodiscard]] double value(std::uint64_t row, std::size_t column) const {
    Draw const draw(kAwkwardSeed, Purpose::generate);
    auto const f = static_cast<std::uint32_t>(column);
    double const u = 2 * draw.uniform(row, f) - 1;
    double const bit = static_cast<double>(draw.below(3, row, 1000 + f)) - 1;
    switch (content) {
      case Content::uniform:
        return u;
      case Content::clustered:
        return cloud(row, f) + 0.05 * u;
      case Content::duplicated:
        return 2 * draw.uniform(draw.below(40, row, 5000), f) - 1;
      case Content::grid:
        return std::round(3 * u);
      case Content::near_ties:
        return (std::round(2 * u) + (draw.below(2, row, 2000 + f) == 0 ? 0.0 : 0.5)) * (1 + bit * last_bit);
      case Content::constant_columns:
        return column % 2 == 1 ? 0.1 : cloud(row, f) + 0.2 * u;
      case Content::all_equal_but_one:
        return column + 1 == columns ? u : 7.7;
      case Content::offset_million:
        return 1e6 + cloud(row, f) + 0.2 * u;
      case Content::offset_billion:
        return 1e9 + 1000 * (cloud(row, f) + 0.2 * u);
      case Content::one_outlier:
        return row == 17 ? 1e7 : cloud(row, f) + 0.1 * u;
      case Content::two_outliers:
        return row < 2 ? (row == 0 ? 1.0 : -1.0) : 1e-8 * (cloud(row, f) + 0.3 * u);
      case Content::vanishing:
        return row < 2 ? (row == 0 ? 1.0 : -1.0) : 1e-20 * (cloud(row, f) + 0.3 * u);
      case Content::denormal:
        return 1e-42 * (cloud(row, f) + 0.3 * u);
      case Content::mixed_scales:
        return (cloud(row, f) + 0.3 * u) * std::pow(1e-3, static_cast<double>(column));
    }
    return 0;
  }
};

template <class T>
Matrix<T> slice_as(Communicator const& comm, Awkward awkward) {
  awkward.last_bit = static_cast<double>(std::numeric_limits<T>::epsilon());
  return slice<T>(comm, awkward.rows, awkward.columns, [&](std::uint64_t row, std::size_t column) {
    return static_cast<T>(awkward.value(row, column));
  });
}

}  // namespace tessera::test
