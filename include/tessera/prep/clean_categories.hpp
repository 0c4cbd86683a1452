// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/parse_field.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Categories as the configuration wants them: trimmed, folded to lower case, mapped, and the rare ones
/// together. It is dictionaries that are cleaned, not rows: a column has few values and many rows.
namespace tessera {

/// What becomes of one value of a category column.
class CategoryCleaner {
 public:
  /// Throws ConfigurationError where two keys of the map fold to one and lead to different values.
  explicit CategoryCleaner(ColumnSpec const& column);

  /// Local. The value trimmed, folded and mapped, in this order; nullopt where that means "no value": tokens
  /// of `missing` are recognised before and after mapping. Keys of the map and tokens are folded too.
  [[nodiscard]] std::optional<std::string> operator()(std::string_view value) const;

  /// Whether any value could change.
  [[nodiscard]] bool idle() const noexcept { return !trim_ && !fold_ && map_.empty(); }

 private:
  [[nodiscard]] std::string plain(std::string_view value) const;

  bool trim_, fold_;
  std::map<std::string, std::string, std::less<>> map_;
  MissingTokens missing_;
};

/// *Collective.* Cleans all category columns of a table as it was read. `columns`: the table's, in their
/// order. Returns, for each column, how many rows over all ranks have another value now, or none.
std::vector<std::uint64_t> clean_categories(Communicator const& comm, Table& table,
                                            std::vector<ColumnSpec> const& columns);

/// *Collective.* Gives the categories that less than rare.min_share of the rows with a value have the value
/// rare.name, in every column that asks for it; for the placed table of customers. A category that has that
/// name already is joined. Returns, for each column, how many rows over all ranks have another value now.
std::vector<std::uint64_t> fold_rare_categories(Communicator const& comm, Table& customers,
                                                std::vector<ColumnSpec> const& columns);

}  // namespace tessera
