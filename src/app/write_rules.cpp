// SPDX-License-Identifier: Apache-2.0
#include "write_rules.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/data/redistribute.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tessera {

namespace {

/// *Collective.* A column of rules, in regular blocks.
template <class T>
void write_rule_column(ResultFile& file, RuleColumns const& rules, std::string const& name,
                       std::vector<T> const& values, std::string const& text,
                       std::string const& units = "1") {
  file.write_rows("/rules/" + name, rules.blocks, std::span<T const>(values), {}, {text, units, "rules"});
}

/// *Collective.* Values that follow each other over the ranks.
template <class T>
void write_consecutive(Communicator const& comm, ResultFile& file, std::string const& dataset,
                       std::vector<T> const& values, Description const& description) {
  auto const regular = to_regular_blocks(comm, std::span<T const>(values));
  file.write_rows(dataset, regular.blocks, std::span<T const>(regular.values), {}, description);
}

}  // namespace

void write_rules(Communicator const& comm, ResultFile& file, RuleResult const& result) {
  auto const& rules = result.rules;
  auto const before = exclusive_scan(comm, std::uint64_t{rules.antecedent_item.size()});
  std::vector<std::int64_t> offset;
  for (auto const start : rules.antecedent_offset) offset.push_back(narrow<std::int64_t>(before + start));
  if (comm.rank() + 1 < comm.size()) offset.pop_back();  // the end, which is the next rank's start
  write_consecutive(
      comm, file, "/rules/antecedent_offset", offset,
      {"rule i has antecedent items antecedent_offset[i] up to antecedent_offset[i + 1]", "1", "rules + 1"});
  write_consecutive(comm, file, "/rules/antecedent_item", rules.antecedent_item,
                    {"indices into /itemsets/item_name", "1", "antecedent items"});
  auto const column = [&](std::string const& name, auto const& values, std::string const& text,
                          std::string const& units = "1") {
    write_rule_column(file, rules, name, values, text, units);
  };
  column("consequent_item", rules.consequent, "index into /itemsets/item_name");
  column("support", rules.support, "customers with antecedent and consequent", "customers");
  column("antecedent_support", rules.antecedent_support, "customers with the antecedent", "customers");
  column("consequent_support", rules.consequent_support, "customers with the consequent", "customers");
  column("confidence", rules.confidence, "support / antecedent support");
  column("lift", rules.lift, "confidence / share of the consequent");
  column("leverage", rules.leverage, "P(AC) - P(A) P(C)");
  column("conviction", rules.conviction, "(1 - P(C)) / (1 - confidence); infinite at confidence 1");
  column("zhang", rules.zhang, "Zhang's measure, -1 to 1");
  column("improvement", rules.improvement, "confidence less the best confidence of a simpler rule");
  column("p_value", rules.p_value, "Fisher's exact test, one-sided");
  column("q_value", rules.q_value, "Benjamini-Hochberg over all candidate rules");
  file.attribute("/rules", "tests", static_cast<std::int64_t>(result.tests));
  file.attribute("/rules", "implied", static_cast<std::int64_t>(result.implied));
}

void write_rules_by_segment(ResultFile& file, RowBlocks const& blocks, SegmentRuleFindings const& found) {
  std::uint64_t const k = found.size.size();
  auto const of_base = [&](std::string const& name, std::vector<std::int64_t> const& values,
                           std::string const& text) {
    file.write_rows("/rules/" + name, blocks, std::span<std::int64_t const>(values), {k},
                    {text, "customers", "rules x segments"});
  };
  of_base("segment_support", found.rules.support, "customers of each segment with antecedent and consequent");
  of_base("segment_antecedent_support", found.rules.antecedent_support,
          "customers of each segment with the antecedent");

  std::string const group = "/rules/segments";
  auto const list = [&](std::string const& name, auto const& values, std::string const& text,
                        std::string const& units, std::string const& axis) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    file.write(group + "/" + name, std::span<T const>(values), {values.size()}, {text, units, axis});
  };
  file.write(group + "/item_name", std::span<std::string const>(found.item_name),
             {"items that are frequent in some segment, by ascending support", "1", "items"});
  list("customers", found.size, "customers of each segment", "customers", "segments");
  list("min_support", found.min_support, "least support in each segment", "customers", "segments");
  auto const& rules = found.special.rules;
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> items;
  for (auto const& rule : rules) {
    items.insert(items.end(), rule.antecedent.begin(), rule.antecedent.end());
    offset.push_back(narrow<std::int64_t>(items.size()));
  }
  list("antecedent_offset", offset,
       "rule i has antecedent items antecedent_offset[i] up to antecedent_offset[i + 1]", "1", "rules + 1");
  list("antecedent_item", items, "indices into item_name", "1", "antecedent items");
  auto const column = [&](std::string const& name, auto field, std::string const& text,
                          std::string const& units = "1") {
    std::vector<std::decay_t<std::invoke_result_t<decltype(field), SegmentRule const&>>> values;
    for (auto const& rule : rules) values.push_back(std::invoke(field, rule));
    list(name, values, text, units, "rules");
  };
  column("segment", &SegmentRule::segment, "segment that the rule is special to");
  column("consequent_item", &SegmentRule::consequent, "index into item_name");
  column("support", &SegmentRule::support, "customers of the segment with antecedent and consequent",
         "customers");
  column("antecedent_support", &SegmentRule::antecedent_support,
         "customers of the segment with the antecedent", "customers");
  column("rest_support", &SegmentRule::rest_support, "customers of the rest with antecedent and consequent",
         "customers");
  column("rest_antecedent_support", &SegmentRule::rest_antecedent_support,
         "customers of the rest with the antecedent", "customers");
  column("confidence", &SegmentRule::confidence, "support / antecedent support");
  column("rest_confidence", &SegmentRule::rest_confidence,
         "rest support / rest antecedent support; 0 where nobody of the rest holds the antecedent");
  column("contrast_lift", &SegmentRule::contrast_lift,
         "confidence / rest confidence; infinite where that is 0");
  column("improvement", &SegmentRule::improvement,
         "confidence less the best confidence of a simpler rule in the segment");
  column("p_value", &SegmentRule::p_value,
         "Fisher's exact test, one-sided, of segment against consequent among customers with the antecedent");
  column("q_value", &SegmentRule::q_value, "Benjamini-Hochberg over all candidates of all segments");
  file.attribute(group, "tests", static_cast<std::int64_t>(found.special.tests));
  file.attribute(group, "itemsets", static_cast<std::int64_t>(found.itemsets));
}

}  // namespace tessera
