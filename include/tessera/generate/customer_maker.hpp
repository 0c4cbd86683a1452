// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/statement_maker.hpp"
#include "tessera/generate/tables.hpp"

#include <cstdint>
#include <optional>

/// Walks through the quarters of one customer, each with all that tables need.
namespace tessera::generate {

class CustomerMaker {
 public:
  explicit CustomerMaker(BankSpec const& spec) : spec_(spec), statements_(spec) {}

  /// Local. Calls `visit` for every quarter in which the customer is present, in order.
  template <class Visit>
  void make(std::uint64_t ordinal, Visit&& visit);

 private:
  BankSpec spec_;
  StatementMaker statements_;
  Statement statement_;
};

template <class Visit>
void CustomerMaker::make(std::uint64_t ordinal, Visit&& visit) {
  auto const person = person_at(spec_, ordinal);
  auto const course = course_of(spec_, person);
  std::optional<std::int64_t> closing;
  for (unsigned q = 0; q < spec_.quarters; ++q) {
    if (!course.present(q)) continue;
    auto const standing = standing_of(spec_, person, course, q);
    statements_.make(person, course, standing, q, closing, statement_);
    visit(CustomerQuarter{spec_, spec_.quarter(q), q, person, course, standing, statement_});
    closing = statement_.closing();
  }
}

}  // namespace tessera::generate
