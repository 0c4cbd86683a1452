// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/io/table_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// Which rows of a bridge's table are links.
namespace tessera::detail {

class LinkFilter {
 public:
  /// Throws ConfigurationError where a condition is on a column that is not there or of another kind.
  explicit LinkFilter(TableSpec const& spec);

  /// Local. For rows of a round: 1 for those that meet every condition.
  [[nodiscard]] std::vector<std::uint8_t> operator()(TableStream const& stream,
                                                     std::vector<Column> const& columns, std::size_t rows);

 private:
  struct Part {
    std::size_t column;
    Condition condition;
    std::vector<std::uint8_t> allowed;  // [codes met so far] of a category
  };
  std::vector<Part> parts_;
};

/// Local. The place of a declared column whose type `fits`. Throws ConfigurationError that names the key
/// (`user`) which asks for it, and what kind it wants.
[[nodiscard]] std::size_t declared_column(TableSpec const& spec, std::string const& name,
                                          std::string const& user, std::string const& kind,
                                          bool (*fits)(ColumnType));

}  // namespace tessera::detail
