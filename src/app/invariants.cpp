// SPDX-License-Identifier: Apache-2.0
#include "invariants.hpp"

#include <algorithm>

#include "quality_invariants.hpp"
#include "rule_invariants.hpp"
#include "segment_invariants.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

void check_itemsets(ResultReader const& reader, std::vector<Check>& checks) {
  auto const depth = reader.read<std::uint16_t>("/itemsets/depth");
  auto const item = reader.read<std::int32_t>("/itemsets/item");
  auto const support = reader.read<std::int64_t>("/itemsets/support");
  auto const reported = reader.read<std::uint8_t>("/itemsets/reported");
  auto const min_support = reader.integer("/itemsets", "min_support");
  auto const items = static_cast<std::int32_t>(reader.dataset("/itemsets/item_name").shape.front());
  std::vector<std::size_t> path;  // nodes from the root
  bool grows = false, disordered = false, infrequent = false;
  std::int64_t results = 0;
  for (std::size_t node = 0; node < depth.size(); ++node) {
    if (depth[node] == 0 || depth[node] > path.size() + 1 || item[node] < 0 || item[node] >= items) {
      disordered = true;
      break;
    }
    path.resize(depth[node] - std::size_t{1});
    if (!path.empty()) {
      grows = grows || support[node] > support[path.back()];
      disordered = disordered || item[node] <= item[path.back()];
    }
    infrequent = infrequent || support[node] < min_support;
    results += reported[node];
    path.push_back(node);
  }
  checks.push_back({"the itemset tree is in depth-first canonical order", !disordered, "it is not"});
  checks.push_back({"no itemset has more support than its subset", !grows, "one has"});
  checks.push_back({"every itemset is frequent", !infrequent, "one is not"});
  checks.push_back({"the number of itemsets", results == reader.integer("/itemsets", "itemsets"),
                    fmt::format("{} are reported", results)});
}

}  // namespace

std::vector<Check> check_invariants(Communicator const& comm, ResultReader const& reader) {
  std::vector<Check> checks;
  if (reader.has("/customers/segment")) {
    check_segments(comm, reader, checks);
  }
  if (reader.has("/quality/columns/name")) check_quality(reader, checks);
  if (reader.has("/features/reduction/loading")) check_reduction(reader, checks);
  if (reader.has("/itemsets")) check_itemsets(reader, checks);
  if (reader.has("/rules")) check_rules(comm, reader, checks);
  return checks;
}

}  // namespace tessera
