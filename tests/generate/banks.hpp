// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/customer_maker.hpp"

#include <cstdint>
#include <vector>

namespace tessera::generate::test {

inline BankSpec bank(std::uint64_t customers, Difficulty difficulty = Difficulty::realistic) {
  return {.customers = customers, .seed = 5, .difficulty = difficulty};
}

/// A present customer's quarter that owns its parts.
struct Seen {
  unsigned q;
  Person person;
  Course course;
  Standing standing;
  Statement statement;
};

/// Every quarter of the customers first ... first + count - 1.
inline std::vector<Seen> seen(BankSpec const& spec, std::uint64_t first, std::uint64_t count) {
  std::vector<Seen> out;
  CustomerMaker maker(spec);
  for (auto ordinal = first; ordinal < first + count; ++ordinal) {
    maker.make(ordinal, [&](CustomerQuarter const& c) {
      out.push_back({c.q, c.person, c.course, c.standing, c.statement});
    });
  }
  return out;
}

}  // namespace tessera::generate::test
