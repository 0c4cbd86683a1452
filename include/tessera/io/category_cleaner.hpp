// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/parse_field.hpp"
#include "tessera/io/table_spec.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Categories as the configuration wants them: trimmed, folded to lower case, mapped.
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

}  // namespace tessera
