// SPDX-License-Identifier: Apache-2.0
#include "link_filter.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <variant>

#include <fmt/format.h>

namespace tessera::detail {

namespace {

bool is_category(ColumnType type) {
  return type == ColumnType::category;
}

bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

bool is_any(ColumnType) {
  return true;
}

/// Clears keep[row] where holds(row) is not true.
template <class Holds>
void restrict_to(std::vector<std::uint8_t>& keep, Holds&& holds) {
  for (std::size_t row = 0; row < keep.size(); ++row) keep[row] = keep[row] != 0 && holds(row) ? 1 : 0;
}

}  // namespace

std::size_t declared_column(TableSpec const& spec, std::string const& name, std::string const& user,
                            std::string const& kind, bool (*fits)(ColumnType)) {
  std::string choices;
  for (std::size_t i = 0; i < spec.columns.size(); ++i) {
    if (!fits(spec.columns[i].type)) continue;
    if (spec.columns[i].name == name) return i;
    choices += (choices.empty() ? "" : ", ") + spec.columns[i].name;
  }
  throw ConfigurationError(
      fmt::format("table '{}': {} = \"{}\" (no {} of this name is declared)", spec.name, user, name, kind),
      "only declared columns are read",
      choices.empty() ? fmt::format("declare [table.column.{}]", name) : "name one of: " + choices);
}

LinkFilter::LinkFilter(TableSpec const& spec) {
  for (auto const& condition : spec.where) {
    bool const bounded = condition.min.has_value() || condition.max.has_value();
    auto const fits = bounded ? is_number : condition.values.empty() ? is_any : is_category;
    char const* const kind = bounded ? "number or date column" : "category column";
    parts_.push_back({declared_column(spec, condition.column, "where", kind, fits), condition, {}});
    if (!bounded || condition.values.empty()) continue;
    throw ConfigurationError(
        fmt::format("table '{}': where.{} has both values and bounds", spec.name, condition.column),
        "values are of categories, bounds of numbers", "leave one of them");
  }
}

std::vector<std::uint8_t> LinkFilter::operator()(TableStream const& stream,
                                                 std::vector<Column> const& columns, std::size_t rows) {
  std::vector<std::uint8_t> keep(rows, 1);
  for (auto& [index, condition, allowed] : parts_) {
    auto const& column = columns[index];
    if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
      // a bound on a datetime is a day, and holds for all of it
      bool const seconds = column.type == ColumnType::datetime;
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      double const unit = seconds ? 86400.0 : 1.0;
      double const least = condition.min ? *condition.min * unit : -kInfinity;
      double const most = condition.max ? *condition.max * unit : kInfinity;
      double const beyond = condition.max && seconds ? most + unit : kInfinity;
      auto const* const values = numbers->values.data();
      restrict_to(keep, [=](std::size_t row) {
        return values[row] >= least && (seconds ? values[row] < beyond : values[row] <= most);
      });
    } else if (auto const* const category = std::get_if<CategoryColumn>(&column.data)) {
      auto const& met = stream.categories(index);
      auto const& wanted = condition.values;
      for (std::size_t code = allowed.size(); code < met.size(); ++code) {
        bool const is_wanted =
            wanted.empty() || std::find(wanted.begin(), wanted.end(), met[code]) != wanted.end();
        allowed.push_back(is_wanted ? 1 : 0);
      }
      restrict_to(keep, [&codes = category->codes, &allow = allowed](std::size_t row) {
        return codes[row] != kMissingCode && allow[static_cast<std::size_t>(codes[row])] != 0;
      });
    } else {
      auto const& keys = std::get<KeyColumn>(column.data).keys;
      restrict_to(keep, [&keys](std::size_t row) { return keys[row].has_value(); });
    }
  }
  return keep;
}

}  // namespace tessera::detail
