// SPDX-License-Identifier: Apache-2.0
#include "invariants.hpp"

#include <algorithm>
#include <cmath>

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

void check_rules(ResultReader const& reader, std::vector<Check>& checks) {
  auto const n = static_cast<double>(reader.integer("/itemsets", "rows"));
  auto const support = reader.read<std::int64_t>("/rules/support");
  auto const antecedent = reader.read<std::int64_t>("/rules/antecedent_support");
  auto const consequent = reader.read<std::int64_t>("/rules/consequent_support");
  auto const confidence = reader.read<double>("/rules/confidence");
  auto const lift = reader.read<double>("/rules/lift");
  auto const leverage = reader.read<double>("/rules/leverage");
  auto const p_value = reader.read<double>("/rules/p_value");
  auto const q_value = reader.read<double>("/rules/q_value");
  auto const close = [](double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b)); };
  bool follow = true, significant = true;
  for (std::size_t i = 0; i < support.size(); ++i) {
    auto const s = static_cast<double>(support[i]), a = static_cast<double>(antecedent[i]),
               c = static_cast<double>(consequent[i]);
    follow = follow && s <= a && s <= c && close(confidence[i], s / a) && close(lift[i], s * n / (a * c)) &&
             close(leverage[i], s / n - a * c / (n * n));
    significant =
        significant && p_value[i] >= 0 && p_value[i] <= 1 && q_value[i] >= p_value[i] && q_value[i] <= 1;
  }
  checks.push_back({"rules' measures follow from their supports", follow, "they do not"});
  checks.push_back({"p- and q-values are probabilities, q not below p", significant, "they are not"});
}

}  // namespace

std::vector<Check> check_invariants(Communicator const& comm, ResultReader const& reader) {
  std::vector<Check> checks;
  if (reader.has("/customers/segment")) {
    check_segments(comm, reader, checks);
  }
  if (reader.has("/itemsets")) check_itemsets(reader, checks);
  if (reader.has("/rules")) check_rules(reader, checks);
  return checks;
}

}  // namespace tessera
