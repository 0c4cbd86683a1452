// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/statement.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// Planted sequences: three payments that follow each other within weeks.
namespace tessera::generate {

struct Sequence {
  std::string_view name;
  std::array<Category, 3> steps;
  std::array<LogNormal, 3> amounts;           ///< currency units
  std::array<double, kSegments> probability;  ///< a quarter, by segment
};
inline constexpr std::array<Sequence, 3> kSequences{{
    {"journey",
     {Category::flights, Category::hotels, Category::car_rental},
     {{{320, 0.5}, {260, 0.5}, {150, 0.4}}},
     {0.10, 0.06, 0.25, 0.04, 0.12, 0.01}},
    {"new_home",
     {Category::estate_agent, Category::notary, Category::furniture},
     {{{900, 0.3}, {600, 0.3}, {800, 0.6}}},
     {0.02, 0.06, 0.04, 0.01, 0.03, 0.005}},
    {"distress",
     {Category::gambling, Category::cash_advance, Category::collection},
     {{{70, 0.6}, {150, 0.5}, {40, 0.4}}},
     {0.01, 0.005, 0.0, 0.0, 0.01, 0.15}},
}};
/// Each step of a sequence comes so many days after the one before.
inline constexpr std::int32_t kLeastGap = 2, kMostGap = 12;
/// Probability a quarter of one step by itself, for each of the nine: what a miner has to look past.
inline constexpr double kLoneStep = 0.02;

/// One customer's sequence: the days of its steps.
struct PlantedSequence {
  std::size_t sequence;
  std::array<std::int32_t, 3> days;
};

/// Local. The sequence of a customer's quarter, if there is one.
[[nodiscard]] std::optional<PlantedSequence> sequence_of(BankSpec const& spec, Person const& person,
                                                         Course const& course, unsigned q);

/// Local. Adds the payments of the planted sequence and lone steps; balances are filled in later.
void add_sequences(BankSpec const& spec, Person const& person, Course const& course, unsigned q,
                   std::vector<Transaction>& out);

}  // namespace tessera::generate
