// SPDX-License-Identifier: Apache-2.0
#include "rule_invariants.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

namespace tessera {

namespace {

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b));
}

bool are_probabilities(double p, double q) {
  return p >= 0 && p <= 1 && q >= p && q <= 1;
}

/// *Collective.* Whether every rank says so.
bool everywhere(Communicator const& comm, bool holds) {
  return all_reduce(comm, holds ? 1 : 0, Reduce::minimum) == 1;
}

void check_base_rules(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks) {
  auto const n = static_cast<double>(reader.integer("/itemsets", "rows"));
  auto const blocks = reader.row_blocks("/rules/support");
  auto const counts = [&](std::string const& name) {
    return reader.read_rows<std::int64_t>("/rules/" + name, blocks);
  };
  auto const measure = [&](std::string const& name) {
    return reader.read_rows<double>("/rules/" + name, blocks);
  };
  auto const support = counts("support"), antecedent = counts("antecedent_support"),
             consequent = counts("consequent_support");
  auto const confidence = measure("confidence"), lift = measure("lift"), leverage = measure("leverage"),
             p_value = measure("p_value"), q_value = measure("q_value");
  bool follow = true, significant = true, ordered = true;
  for (std::size_t i = 0; i < support.size(); ++i) {
    auto const s = static_cast<double>(support[i]), a = static_cast<double>(antecedent[i]),
               c = static_cast<double>(consequent[i]);
    follow = follow && s <= a && s <= c && close(confidence[i], s / a) && close(lift[i], s * n / (a * c)) &&
             close(leverage[i], s / n - a * c / (n * n));
    significant = significant && are_probabilities(p_value[i], q_value[i]);
    ordered = ordered && (i == 0 || lift[i] <= lift[i - 1]);
  }
  checks.push_back({"rules' measures follow from their supports", everywhere(comm, follow), "they do not"});
  checks.push_back(
      {"p- and q-values are probabilities, q not below p", everywhere(comm, significant), "they are not"});
  checks.push_back({"rules are by descending lift", everywhere(comm, ordered), "they are not"});
  if (!reader.has("/rules/segment_support")) return;

  auto const by_segment = counts("segment_support"), a_by_segment = counts("segment_antecedent_support");
  bool adds_up = true;
  std::size_t const k = reader.dataset("/rules/segment_support").shape.back();
  for (std::size_t i = 0; i < support.size(); ++i) {
    auto const sum = [&](std::vector<std::int64_t> const& of) {
      auto const row = std::span(of).subspan(i * k, k);
      return std::accumulate(row.begin(), row.end(), std::int64_t{0});
    };
    adds_up = adds_up && sum(by_segment) == support[i] && sum(a_by_segment) == antecedent[i];
  }
  checks.push_back({"rules' supports add up over segments", everywhere(comm, adds_up), "they do not"});
}

void check_segment_rules(ResultReader const& reader, std::vector<Check>& checks) {
  auto const counts = [&](std::string const& name) {
    return reader.read<std::int64_t>("/rules/segments/" + name);
  };
  auto const measure = [&](std::string const& name) {
    return reader.read<double>("/rules/segments/" + name);
  };
  auto const size = counts("customers"), min_support = counts("min_support"), support = counts("support"),
             antecedent = counts("antecedent_support"), rest = counts("rest_support"),
             rest_antecedent = counts("rest_antecedent_support");
  auto const segment = reader.read<std::int32_t>("/rules/segments/segment");
  auto const confidence = measure("confidence"), rest_confidence = measure("rest_confidence"),
             contrast = measure("contrast_lift"), p_value = measure("p_value"), q_value = measure("q_value");
  auto const all = std::accumulate(size.begin(), size.end(), std::int64_t{0});
  bool frequent = true, follow = true, significant = true, ordered = true;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] < 0 || static_cast<std::size_t>(segment[i]) >= size.size()) {
      ordered = false;
      break;
    }
    auto const s = static_cast<std::size_t>(segment[i]);
    frequent = frequent && support[i] >= min_support[s] && support[i] <= antecedent[i] &&
               antecedent[i] <= size[s] && rest[i] <= rest_antecedent[i] &&
               rest_antecedent[i] <= all - size[s];
    auto const share = [](std::int64_t part, std::int64_t of) {
      return of == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(of);
    };
    follow = follow && close(confidence[i], share(support[i], antecedent[i])) &&
             close(rest_confidence[i], share(rest[i], rest_antecedent[i])) && contrast[i] > 1 &&
             (rest_confidence[i] == 0 ? std::isinf(contrast[i])
                                      : close(contrast[i], confidence[i] / rest_confidence[i]));
    significant = significant && are_probabilities(p_value[i], q_value[i]);
    ordered = ordered && (i == 0 || segment[i] > segment[i - 1] ||
                          (segment[i] == segment[i - 1] && contrast[i] <= contrast[i - 1]));
  }
  checks.push_back({"segments' rules are frequent in their segment", frequent, "one is not"});
  checks.push_back({"segments' rules' measures follow from their supports", follow, "they do not"});
  checks.push_back(
      {"segments' p- and q-values are probabilities, q not below p", significant, "they are not"});
  checks.push_back({"segments' rules are by segment and descending contrast lift", ordered, "they are not"});
}

}  // namespace

void check_rules(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks) {
  check_base_rules(comm, reader, checks);
  if (reader.has("/rules/segments")) check_segment_rules(reader, checks);
}

}  // namespace tessera
