// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/items.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <unordered_set>
#include <utility>
#include <variant>

#include "bins.hpp"
#include "columns.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct CategoryItems {
  std::span<std::int32_t const> codes;
  std::vector<std::int32_t> item_of_code;  // -1 for categories that no customer has
};

struct BinItems {
  std::span<double const> values;
  detail::Bins bins;
  std::int32_t first_item;
};

using ItemColumn = std::variant<CategoryItems, BinItems>;

/// Calls visit(row, item) for every customer with an item in this column.
template <class Visit>
void for_each_item(ItemColumn const& column, Visit&& visit) {
  if (auto const* categories = std::get_if<CategoryItems>(&column)) {
    for (std::size_t row = 0; row < categories->codes.size(); ++row) {
      auto const code = categories->codes[row];
      if (code != kMissingCode) visit(row, categories->item_of_code[static_cast<std::size_t>(code)]);
    }
    return;
  }
  auto const& bins = std::get<BinItems>(column);
  for (std::size_t row = 0; row < bins.values.size(); ++row) {
    auto const value = bins.values[row];
    if (!std::isnan(value)) visit(row, bins.first_item + static_cast<std::int32_t>(bins.bins.of(value)));
  }
}

/// *Collective.* Numbers the categories that occur, and appends their names.
CategoryItems category_items(Communicator const& comm, CategoryColumn const& column,
                             std::string_view column_name, std::vector<std::string>& names) {
  std::vector<std::int64_t> customers(column.categories.size(), 0);
  for (auto const code : column.codes) {
    if (code != kMissingCode) ++customers[static_cast<std::size_t>(code)];
  }
  all_reduce(comm, std::span(customers), Reduce::sum);
  CategoryItems out{column.codes, std::vector<std::int32_t>(customers.size(), -1)};
  for (std::size_t code = 0; code < customers.size(); ++code) {
    if (customers[code] == 0) continue;
    out.item_of_code[code] = narrow<std::int32_t>(names.size());
    names.push_back(fmt::format("{}={}", column_name, column.categories[code]));
  }
  return out;
}

/// *Collective.* Cuts a column into bins, and appends their names.
BinItems bin_items(Communicator const& comm, Table const& customers, BinSpec const& spec,
                   std::vector<std::string>& names) {
  std::string const user = "a bin of [items]";
  auto const values = detail::numbers_of(customers, spec.column, user);
  if (spec.quantiles < 2) {
    throw ConfigurationError(
        fmt::format("items.bins: {} quantiles of column {}", spec.quantiles, spec.column),
        "one bin holds every customer and tells nothing", "ask for 2 or more");
  }
  BinItems out{
      values,
      detail::Bins(comm, values, detail::column_of(customers, spec.column, user).type, spec.quantiles),
      narrow<std::int32_t>(names.size())};
  for (std::size_t bin = 0; bin < out.bins.size(); ++bin) {
    names.push_back(fmt::format("{}={}", spec.column, out.bins.name(bin, spec.ends)));
  }
  return out;
}

void check_distinct(std::vector<std::string> const& names) {
  std::unordered_set<std::string_view> seen;
  for (auto const& name : names) {
    if (seen.insert(name).second) continue;
    throw ConfigurationError(fmt::format("two items would both be named {}", name),
                             "rules and itemsets are read by the names of their items",
                             "name each column once in [items], or rename a column");
  }
}

}  // namespace

Baskets build_baskets(Communicator const& comm, Table const& customers, ItemSpec const& spec) {
  Baskets out;
  out.blocks = customers.blocks;
  std::vector<ItemColumn> columns;
  for (auto const& name : spec.columns) {
    auto const& column = detail::categories_of(customers, name, "items.columns");
    columns.emplace_back(category_items(comm, column, name, out.item_names));
  }
  for (auto const& bin : spec.bins) columns.emplace_back(bin_items(comm, customers, bin, out.item_names));
  check_distinct(out.item_names);

  together(comm, [&] {
    fail_if_planted("items", comm.rank());
    out.offset.assign(customers.rows() + 1, 0);
    for (auto const& column : columns) {
      for_each_item(column, [&](std::size_t row, std::int32_t) { ++out.offset[row + 1]; });
    }
    std::partial_sum(out.offset.begin(), out.offset.end(), out.offset.begin());
    out.items.resize(out.offset.back());
    auto next = out.offset;
    for (auto const& column : columns) {  // items ascend with the columns, so every basket is filled in order
      for_each_item(column, [&](std::size_t row, std::int32_t item) { out.items[next[row]++] = item; });
    }
  });
  return out;
}

}  // namespace tessera
