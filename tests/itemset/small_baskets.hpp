// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/random.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/itemset/tree.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Small baskets with a known answer: made from global row numbers, mined by trying every subset.
namespace tessera::test {

using Row = std::set<std::int32_t>;
using Rows = std::vector<Row>;

/// Items are of very different frequency, and the last two go together.
inline Rows random_rows(std::size_t rows, std::int32_t items, std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  Rows out(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::int32_t i = 0; i < items; ++i) {
      if (draw.uniform(r, static_cast<std::uint32_t>(i)) < 0.25 + 0.7 * i / items) out[r].insert(i);
    }
    if (items > 1 && out[r].contains(items - 1)) out[r].insert(items - 2);
  }
  return out;
}

inline std::vector<std::string> names(std::int32_t items) {
  std::vector<std::string> out;
  for (std::int32_t i = 0; i < items; ++i) out.push_back("item " + std::to_string(i));
  return out;
}

/// Blocks of one row, so that few rows are spread over all ranks.
inline Baskets distribute(Communicator const& comm, Rows const& rows, std::int32_t items) {
  Placement const placement(rows.size(), comm.size());
  auto const first = placement.first_block(comm.rank()), last = placement.first_block(comm.rank() + 1);
  Baskets out;
  out.item_names = names(items);
  out.blocks.total_rows = out.blocks.total_blocks = rows.size();
  out.blocks.first_row = out.blocks.first_block = first;
  for (auto r = first; r < last; ++r) {
    out.blocks.offset.push_back(r + 1 - first);
    out.items.insert(out.items.end(), rows[r].begin(), rows[r].end());
    out.offset.push_back(out.items.size());
  }
  return out;
}

using Itemset = std::set<std::string>;
using Supports = std::map<Itemset, std::int64_t>;

/// The itemsets of a tree by their names: all nodes, or only the reported ones.
enum class Nodes { all, reported };
inline Supports itemsets_of(ItemsetTree const& tree, Nodes which) {
  Supports out;
  std::vector<std::string> path;
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    path.resize(tree.depth[i] - 1U);
    path.push_back(tree.item_name.at(static_cast<std::size_t>(tree.item[i])));
    if (which == Nodes::all || tree.reported[i] != 0)
      out.emplace(Itemset(path.begin(), path.end()), tree.support[i]);
  }
  return out;
}

/// Every itemset with its support, by counting the rows that hold it.
inline Supports brute_force(Rows const& rows, std::int32_t items, std::int64_t min_support) {
  std::vector<std::int64_t> holding(std::size_t{1} << items, 0);
  for (auto const& row : rows) {
    std::size_t mask = 0;
    for (auto const item : row) mask |= std::size_t{1} << item;
    for (auto subset = mask; subset > 0; subset = (subset - 1) & mask) ++holding[subset];
  }
  Supports out;
  auto const name = names(items);
  for (std::size_t mask = 1; mask < holding.size(); ++mask) {
    if (holding[mask] < min_support || holding[mask] == 0) continue;
    Itemset itemset;
    for (std::int32_t i = 0; i < items; ++i) {
      if (((mask >> i) & 1U) != 0) itemset.insert(name[static_cast<std::size_t>(i)]);
    }
    out.emplace(std::move(itemset), holding[mask]);
  }
  return out;
}

}  // namespace tessera::test
