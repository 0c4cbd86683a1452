// SPDX-License-Identifier: Apache-2.0
#include "truth.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/generate/anomalies.hpp"
#include "tessera/generate/credit_line.hpp"
#include "tessera/generate/dice.hpp"
#include "tessera/generate/sequences.hpp"
#include "tessera/generate/tables.hpp"
#include "tessera/io/text_output.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace tessera::generate {

namespace {

enum TruthFile {
  segments_file,
  churn_file,
  risk_file,
  anomalies_file,
  sequence_customers_file,
  per_customer
};
constexpr std::uint32_t kQuarterBytes = 6, kNameBytes = 24;

TableField text(std::string name, std::uint32_t width, std::string meaning) {
  return {std::move(name), FieldType::text, width, 0, false, std::move(meaning)};
}
TableField decimal(std::string name, std::string meaning) {
  return {std::move(name), FieldType::decimal, 0, 6, false, std::move(meaning)};
}
TableField date(std::string name, std::string meaning) {
  return {std::move(name), FieldType::date, 0, 0, false, std::move(meaning)};
}

std::int64_t millionths(double value) {
  return static_cast<std::int64_t>(std::floor(1e6 * value + 0.5));
}

/// Adds a customer's rows to each of the per-customer files.
void add_customer(BankSpec const& spec, std::uint64_t ordinal, std::deque<TableText>& files) {
  auto const person = person_at(spec, ordinal);
  auto const course = course_of(spec, person);
  auto& segment = files[segments_file].writer();
  segment.id(kCustomerLetter, ordinal);
  for (unsigned q = 0; q < spec.quarters; ++q) {
    bool const present = course.present(q);
    present ? segment.text(segments()[course.segment[q]].name) : segment.missing();
    if (!present) continue;
    auto const quarter = spec.quarter(q).name();
    auto const begin = [&](TruthFile file) -> TableWriter& {
      auto& out = files[file].writer();
      out.id(kCustomerLetter, ordinal);
      out.text(quarter);
      return out;
    };
    auto& churn = begin(churn_file);
    churn.decimal(millionths(course.churn[q]));
    churn.integer(course.leaves_after == q ? 1 : 0);
    churn.end_row();
    if (auto const anomaly = anomaly_of(spec, person, q)) {
      auto& out = begin(anomalies_file);
      out.date(anomaly->day);
      out.text(kAnomalyNames[static_cast<std::size_t>(anomaly->kind)]);
      out.end_row();
    }
    if (auto const sequence = sequence_of(spec, person, course, q)) {
      auto& out = begin(sequence_customers_file);
      out.text(kSequences[sequence->sequence].name);
      for (auto const day : sequence->days) out.date(day);
      out.end_row();
    }
  }
  segment.end_row();
  if (unsigned const last = spec.quarters - 1; course.present(last)) {
    auto const standing = standing_of(spec, person, course, last);
    double const probability = default_probability(standing, credit_of(spec, person, standing, last).back());
    Dice dice(spec.seed, Topic::risk, ordinal);
    auto& out = files[risk_file].writer();
    out.id(kCustomerLetter, ordinal);
    out.decimal(millionths(probability));
    out.integer(dice.chance(probability) ? 1 : 0);
    out.end_row();
  }
}

void add_rules(TableWriter& out) {
  for (auto const& rule : kProductRules) {
    std::string antecedent(rule.antecedent[0]);
    if (!rule.antecedent[1].empty()) antecedent += " & " + std::string(rule.antecedent[1]);
    out.text(antecedent);
    out.text(rule.consequent);
    out.decimal(millionths(rule.confidence));
    rule.otherwise > 0 ? out.decimal(millionths(rule.otherwise)) : out.missing();
    out.end_row();
  }
}

void add_sequences(TableWriter& out) {
  for (auto const& sequence : kSequences) {
    for (std::size_t s = 0; s < kSegments; ++s) {
      out.text(sequence.name);
      for (auto const step : sequence.steps) out.text(category_name(static_cast<std::uint8_t>(step)));
      out.text(segments()[s].name);
      out.decimal(millionths(sequence.probability[s]));
      out.end_row();
    }
  }
}

void add_migration(TableWriter& out) {
  for (std::size_t from = 0; from < kSegments; ++from) {
    for (std::size_t to = 0; to < kSegments; ++to) {
      out.text(segments()[from].name);
      out.text(segments()[to].name);
      out.decimal(millionths(migration()[from][to]));
      out.end_row();
    }
  }
}

}  // namespace

std::vector<TableLayout> truth_layouts(BankSpec const& spec) {
  auto const customer = text("customer_id", kIdBytes, "the customer");
  auto const quarter = text("quarter", kQuarterBytes, "2026Q3 and the like");
  TableLayout of_quarters{"segments", "a customer", {customer}};
  for (unsigned q = 0; q < spec.quarters; ++q) {
    of_quarters.fields.push_back(
        text(spec.quarter(q).name(), kNameBytes, "segment in the quarter; missing: no customer then"));
    of_quarters.fields.back().optional = true;
  }
  auto const step = [](int number) {
    return text("step_" + std::to_string(number), kNameBytes, "category of a transaction");
  };
  TableField const confidence = decimal("confidence", "share of the customers with the antecedent");
  TableField otherwise = decimal("otherwise", "share of the others; missing: depends on the segment");
  otherwise.optional = true;
  return {
      of_quarters,
      {"churn",
       "a customer's quarter",
       {customer,
        quarter,
        decimal("probability", "of leaving after the quarter"),
        {"churned", FieldType::integer, 0, 0, false, "1: left after the quarter"}}},
      {"risk",
       "a customer of the last quarter",
       {customer,
        decimal("probability", "of default within a year"),
        {"default", FieldType::integer, 0, 0, false, "1: drawn to default"}}},
      {"anomalies",
       "a planted anomaly",
       {customer, quarter, date("date", "its day"), text("kind", kNameBytes, "what happens")}},
      {"sequence_customers",
       "a planted sequence of a customer",
       {customer, quarter, text("sequence", kNameBytes, "which"), date("date_1", "of its first step"),
        date("date_2", "of the second"), date("date_3", "of the third")}},
      {"rules",
       "a planted association rule over the customers table",
       {text("antecedent", 64, "items, joined by &"), text("consequent", 64, "item"), confidence, otherwise}},
      {"sequences",
       "a planted sequence in a segment",
       {text("sequence", kNameBytes, "its name"), step(1), step(2), step(3),
        text("segment", kNameBytes, "where"), decimal("probability", "a quarter, of a customer there")}},
      {"migration",
       "a pair of segments",
       {text("from", kNameBytes, "segment of a quarter"), text("to", kNameBytes, "of the next"),
        decimal("probability", "of who stays a customer")}}};
}

void write_truth(Communicator const& comm, BankSpec const& spec, BankFolder& folder, Progress& progress) {
  constexpr std::uint64_t kCustomersARound = 16384;  // of a rank: about a MiB of text a file
  auto const layouts = truth_layouts(spec);
  std::deque<TextOutput> outputs;
  std::deque<TableText> texts;
  for (auto const& layout : layouts) {
    outputs.emplace_back(comm, folder.file("truth/" + layout.name + ".csv"), Existing::refuse);
    outputs.back().append(comm.rank() == 0 ? csv_header(layout) : std::string());
    texts.emplace_back(layout);
  }
  auto const ranks = narrow<std::uint64_t>(comm.size()), rank = narrow<std::uint64_t>(comm.rank());
  for (std::uint64_t base = 0; base < spec.customers; base += ranks * kCustomersARound) {
    auto const first = std::min(spec.customers, base + rank * kCustomersARound);
    auto const end = std::min(spec.customers, first + kCustomersARound);
    together(comm, [&] {
      for (auto ordinal = first; ordinal < end; ++ordinal) add_customer(spec, ordinal, texts);
    });
    for (std::size_t file = 0; file < per_customer; ++file) outputs[file].append(texts[file].take());
    progress.update(static_cast<double>(std::min(spec.customers, base + ranks * kCustomersARound)),
                    static_cast<double>(spec.customers), "what was planted");
  }
  std::size_t file = per_customer;
  for (auto* const add : {add_rules, add_sequences, add_migration}) {
    if (comm.rank() == 0) add(texts[file].writer());
    outputs[file].append(texts[file].take());
    ++file;
  }
  for (auto& output : outputs) output.commit();
}

}  // namespace tessera::generate
