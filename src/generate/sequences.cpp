// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/sequences.hpp"

#include "tessera/generate/dice.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::generate {

namespace {

constexpr std::int32_t kMostDays = 2 * kMostGap;  // of a sequence

/// *Draws* the sequence first, so that add_sequences can go on with the same dice.
std::optional<PlantedSequence> draw_sequence(Dice& dice, BankSpec const& spec, Person const& person,
                                             Course const& course, unsigned q) {
  std::array<double, kSequences.size() + 1> weights{};
  weights.back() = 1;
  for (std::size_t s = 0; s < kSequences.size(); ++s) {
    weights[s] = kSequences[s].probability[course.segment[q]];
    weights.back() -= weights[s];
  }
  auto const chosen = dice.choose(weights);
  auto const quarter = spec.quarter(q);
  auto const first = std::max(quarter.first_day(), person.since);
  auto const room = quarter.last_day() - kMostDays - first + 1;
  if (chosen == kSequences.size() || room <= 0) return std::nullopt;  // too few days are left
  PlantedSequence planted{chosen, {}};
  planted.days[0] = first + static_cast<std::int32_t>(dice.below(static_cast<std::uint64_t>(room)));
  for (std::size_t step = 1; step < planted.days.size(); ++step) {
    planted.days[step] =
        planted.days[step - 1] + kLeastGap + static_cast<std::int32_t>(dice.below(kMostGap - kLeastGap + 1));
  }
  return planted;
}

Transaction step_of(Dice& dice, Sequence const& sequence, std::size_t step, std::int32_t day) {
  double const units = sequence.amounts[step].at(dice.normal(), 1.0);
  return {.day = day,
          .cents = -static_cast<std::int64_t>(std::floor(100 * units + 0.5)),
          .type = Type::card,
          .way = Way::web,
          .category = static_cast<std::uint8_t>(sequence.steps[step])};
}

}  // namespace

std::optional<PlantedSequence> sequence_of(BankSpec const& spec, Person const& person, Course const& course,
                                           unsigned q) {
  Dice dice(spec.seed, Topic::sequence, person.ordinal, q);
  return draw_sequence(dice, spec, person, course, q);
}

void add_sequences(BankSpec const& spec, Person const& person, Course const& course, unsigned q,
                   std::vector<Transaction>& out) {
  Dice dice(spec.seed, Topic::sequence, person.ordinal, q);
  if (auto const planted = draw_sequence(dice, spec, person, course, q)) {
    for (std::size_t step = 0; step < planted->days.size(); ++step)
      out.push_back(step_of(dice, kSequences[planted->sequence], step, planted->days[step]));
  }
  auto const quarter = spec.quarter(q);
  constexpr double kSteps = 3.0 * kSequences.size();
  for (auto lone = dice.poisson(kLoneStep * kSteps); lone > 0; --lone) {
    auto const& sequence = kSequences[dice.below(kSequences.size())];
    auto const step = dice.below(sequence.steps.size());
    auto const day = static_cast<std::int32_t>(dice.below(static_cast<std::uint64_t>(quarter.days())));
    out.push_back(step_of(dice, sequence, step, quarter.first_day() + day));
  }
}

}  // namespace tessera::generate
