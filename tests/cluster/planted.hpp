// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/random.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

/// Matrices for tests, made from the global row alone: any number of ranks sees slices of the same matrix.
namespace tessera::test {

/// Row r belongs to one of `groups` round clouds whose centres lie `apart` from each other along the axes.
struct Planted {
  std::uint64_t rows = 0;
  std::size_t columns = 3;
  std::uint64_t groups = 4;
  double apart = 10;
  double offset = 0;  // added to every value

  [[nodiscard]] std::uint64_t group(std::uint64_t row) const {
    return Draw(7, Purpose::generate).below(groups, row, 1000);
  }
  [[nodiscard]] float value(std::uint64_t row, std::size_t column) const {
    Draw const draw(7, Purpose::generate);
    double noise = -6;  // of twelve uniform draws: about normal, standard deviation 1
    for (std::uint32_t i = 0; i < 12; ++i)
      noise += draw.uniform(row, static_cast<std::uint32_t>(column) * 12 + i);
    auto const axis = static_cast<std::size_t>(group(row)) % columns;
    auto const steps = static_cast<double>(group(row) / columns + 1);
    return static_cast<float>(offset + noise + (axis == column ? apart * steps : 0.0));
  }
};

/// Local. The rank's slice of the matrix whose values are value(global row, column).
template <class T = float, class Value>
Matrix<T> slice(Communicator const& comm, std::uint64_t rows, std::size_t columns, Value const& value) {
  Matrix<T> out{regular_blocks(rows, comm.rank(), comm.size()), columns, {}};
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t f = 0; f < columns; ++f) out.values.push_back(value(out.blocks.global({i}).value, f));
  }
  return out;
}

inline Matrix<float> slice(Communicator const& comm, Planted const& planted) {
  return slice(comm, planted.rows, planted.columns,
               [&](std::uint64_t row, std::size_t column) { return planted.value(row, column); });
}

}  // namespace tessera::test
