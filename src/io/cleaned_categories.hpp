// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/io/category_cleaner.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// One category column of a table that is read in rounds, cleaned value by value as its dictionary grows.
namespace tessera::detail {

class CleanedCategories {
 public:
  explicit CleanedCategories(ColumnSpec const& column) : clean_(column) {}

  /// Local. Turns codes of values as they were read into codes of cleaned values; `met`: those read so far,
  /// which only grow.
  void clean(CategoryColumn& column, std::vector<std::string> const& met);

  /// Cleaned values in the order of their codes.
  [[nodiscard]] std::vector<std::string> const& categories() const noexcept { return categories_; }

 private:
  [[nodiscard]] std::int32_t code_of(std::string const& value);

  CategoryCleaner clean_;
  std::vector<std::int32_t> code_;  // [values read]
  std::vector<std::string> categories_;
  std::map<std::string, std::int32_t, std::less<>> codes_;  // of categories_
};

}  // namespace tessera::detail
