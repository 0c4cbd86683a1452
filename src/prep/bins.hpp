// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/prep/items.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A numeric column cut into bins of about equal numbers of customers.
namespace tessera::detail {

class Bins {
 public:
  /// *Collective.* At most `wanted` bins, none of them empty; no bin at all when every value is missing.
  Bins(Communicator const& comm, std::span<double const> values, ColumnType type, int wanted);

  [[nodiscard]] std::size_t size() const noexcept { return lower_.size(); }
  /// Local. The bin of a value within the column's range.
  [[nodiscard]] std::size_t of(double value) const noexcept;
  /// Local. "[17, 32)"; the last bin is closed. With open ends the outermost are "<17" and ">=32".
  [[nodiscard]] std::string name(std::size_t bin, BinEnds ends) const;

 private:
  ColumnType type_;
  std::vector<double> lower_;  // [bins] ascending lower edges, the first of them the minimum
  double max_ = 0.0;
};

}  // namespace tessera::detail
