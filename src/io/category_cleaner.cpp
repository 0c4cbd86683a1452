// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/category_cleaner.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/fold_case.hpp"

#include <vector>

#include <fmt/format.h>

namespace tessera {

namespace {

std::vector<std::string> folded(std::vector<std::string> tokens, ColumnSpec const& column) {
  for (auto& token : tokens) {
    if (column.trim) token = std::string(trimmed(token));
    if (column.fold_case) token = fold_case(token);
  }
  return tokens;
}

}  // namespace

CategoryCleaner::CategoryCleaner(ColumnSpec const& column)
    : trim_(column.trim), fold_(column.fold_case), missing_(folded(column.missing, column)) {
  for (auto const& [from, to] : column.map) {
    auto const [place, fresh] = map_.emplace(plain(from), to);
    if (fresh || place->second == to) continue;
    throw ConfigurationError(
        fmt::format("column {}: map leads \"{}\", trimmed and folded, both to \"{}\" and to \"{}\"",
                    column.name, from, place->second, to),
        "a value can become one other only", "keep one of them, or set fold_case = false");
  }
}

std::string CategoryCleaner::plain(std::string_view value) const {
  if (trim_) value = trimmed(value);
  return fold_ ? fold_case(value) : std::string(value);
}

std::optional<std::string> CategoryCleaner::operator()(std::string_view value) const {
  auto cleaned = plain(value);
  if (missing_.contains(cleaned)) return std::nullopt;
  auto const found = map_.find(cleaned);
  if (found == map_.end()) return cleaned;
  if (missing_.contains(found->second)) return std::nullopt;
  return found->second;
}

}  // namespace tessera
