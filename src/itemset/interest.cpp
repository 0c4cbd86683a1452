// SPDX-License-Identifier: Apache-2.0
#include "interest.hpp"

#include <algorithm>

namespace tessera {

std::optional<double> Interest::support_of(std::vector<std::int32_t> items) const {
  std::sort(items.begin(), items.end());
  auto node = index_.root();
  for (auto const item : items) {
    node = index_.child(node, item);
    if (node == kNoNode) return std::nullopt;
  }
  return static_cast<double>(tree_.support[node]);
}

bool Interest::is_implied_by(std::vector<std::int32_t> const& antecedent, std::int32_t consequent,
                             double support_share, double confidence_share, Rule const& rule) const {
  auto items = antecedent;
  items.push_back(consequent);
  auto const both = support_of(items);  // none: an item and the other's parent are related
  if (!both) return false;
  double const confidence = *both / *support_of(antecedent);
  double const lift = confidence * static_cast<double>(tree_.rows) / *support_of({consequent});
  if (confidence < options_.min_confidence || lift < options_.min_lift) return false;
  return static_cast<double>(rule.support) < options_.interest * *both * support_share &&
         rule.confidence < options_.interest * confidence * confidence_share;
}

bool Interest::is_implied(Rule const& rule) const {
  if (parents_.empty()) return false;
  auto const parent_of = [&](std::int32_t item) { return parents_[static_cast<std::size_t>(item)]; };
  auto const share_of_parent = [&](std::int32_t item) {
    return *support_of({item}) / *support_of({parent_of(item)});
  };
  std::vector<std::int32_t> antecedent(rule.antecedent.begin(), rule.antecedent.end());
  for (auto& item : antecedent) {
    if (parent_of(item) == kNoParent) continue;
    auto const own = item;
    double const share = share_of_parent(own);
    item = parent_of(own);
    if (is_implied_by(antecedent, rule.consequent, share, 1, rule)) return true;
    item = own;
  }
  auto const parent = parent_of(rule.consequent);
  if (parent == kNoParent || allowed_[static_cast<std::size_t>(parent)] == 0) return false;
  double const share = share_of_parent(rule.consequent);
  return is_implied_by(antecedent, parent, share, share, rule);
}

}  // namespace tessera
