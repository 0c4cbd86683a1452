// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/two_by_two.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "confidence.hpp"

/// Rules as columns of counts, measured in vectors.
namespace tessera {

class RuleBatch {
 public:
  /// Counts of A + C, A and C, and the best confidence of a simpler rule.
  void add(Confidence const& own, std::int64_t consequent, Confidence const& simpler) {
    both_.push_back(own.both);
    antecedent_.push_back(own.antecedent);
    consequent_.push_back(consequent);
    simpler_both_.push_back(simpler.both);
    simpler_antecedent_.push_back(simpler.antecedent);
  }
  [[nodiscard]] std::size_t size() const noexcept { return both_.size(); }
  void clear() {
    for (auto* const column : {&both_, &antecedent_, &consequent_, &simpler_both_, &simpler_antecedent_})
      column->clear();
  }
  /// Local. Fills the columns below.
  void measure(std::int64_t rows) {
    for (auto* const column : {&confidence, &lift, &leverage, &conviction, &zhang, &improvement})
      column->resize(size());
    kernel::measure_rules({both_, antecedent_, consequent_, simpler_both_, simpler_antecedent_}, rows,
                          {confidence, lift, leverage, conviction, zhang, improvement});
  }

  std::vector<double> confidence, lift, leverage, conviction, zhang, improvement;

 private:
  std::vector<std::int64_t> both_, antecedent_, consequent_, simpler_both_, simpler_antecedent_;
};

}  // namespace tessera
