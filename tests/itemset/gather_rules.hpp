// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/itemset/rules.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tessera::test {

/// One rule of RuleColumns.
struct Rule {
  std::vector<std::int32_t> antecedent;
  std::int32_t consequent = 0;
  std::int64_t support = 0, antecedent_support = 0, consequent_support = 0;
  double confidence = 0, lift = 0, leverage = 0, conviction = 0, zhang = 0, improvement = 0, p_value = 0,
         q_value = 0;
};

/// All rules on every rank.
struct AllRules {
  std::vector<Rule> rules;
  std::uint64_t tests = 0;
  std::vector<std::string> warnings;
};

inline AllRules gather(Communicator const& comm, RuleResult const& result) {
  auto const& columns = result.rules;
  auto const all = [&]<class T>(std::vector<T> const& values) {
    return all_gather(comm, std::span<T const>(values)).values;
  };
  AllRules out{{}, result.tests, result.warnings};
  std::vector<std::uint64_t> length;
  for (std::size_t i = 0; i < columns.size(); ++i) length.push_back(columns.antecedent(i).size());
  auto const consequent = all(columns.consequent);
  auto const support = all(columns.support), a = all(columns.antecedent_support),
             c = all(columns.consequent_support);
  auto const confidence = all(columns.confidence), lift = all(columns.lift), leverage = all(columns.leverage),
             conviction = all(columns.conviction), zhang = all(columns.zhang),
             improvement = all(columns.improvement), p = all(columns.p_value), q = all(columns.q_value);
  auto const items = all(columns.antecedent_item);
  auto next = items.begin();
  auto const lengths = all(length);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    auto const end = next + static_cast<std::ptrdiff_t>(lengths[i]);
    out.rules.push_back({{next, end},
                         consequent[i],
                         support[i],
                         a[i],
                         c[i],
                         confidence[i],
                         lift[i],
                         leverage[i],
                         conviction[i],
                         zhang[i],
                         improvement[i],
                         p[i],
                         q[i]});
    next = end;
  }
  return out;
}

}  // namespace tessera::test
