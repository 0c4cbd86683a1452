// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/taxonomy.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "subset_walk.hpp"

/// Whether rules over items with a taxonomy say more than their ancestors.
namespace tessera {

class Interest {
 public:
  /// Local. Without parents nothing is implied. The references outlive this.
  Interest(ItemsetTree const& tree, TreeIndex const& index, Parents const& parents,
           std::vector<std::uint8_t> const& allowed, RuleOptions const& options)
      : tree_(tree), index_(index), parents_(parents), allowed_(allowed), options_(options) {}

  struct Rule {
    std::span<std::int32_t const> antecedent;
    std::int32_t consequent;
    std::int64_t support;
    double confidence;
  };
  /// Local. See find_rules.
  [[nodiscard]] bool is_implied(Rule const& rule) const;

 private:
  /// Baskets that hold all items, in any order; none where the itemset is not in the tree.
  [[nodiscard]] std::optional<double> support_of(std::vector<std::int32_t> items) const;
  /// By the rule with this antecedent and consequent, whose items are held `share` times as often.
  [[nodiscard]] bool is_implied_by(std::vector<std::int32_t> const& antecedent, std::int32_t consequent,
                                   double support_share, double confidence_share, Rule const& rule) const;

  ItemsetTree const& tree_;
  TreeIndex const& index_;
  Parents const& parents_;
  std::vector<std::uint8_t> const& allowed_;
  RuleOptions const& options_;
};

}  // namespace tessera
