// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/distributions.hpp"
#include "tessera/generate/statement.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// Makes statements: tables that all customers share, and room that is used again for each.
namespace tessera::generate {

class StatementMaker {
 public:
  explicit StatementMaker(BankSpec const& spec);

  /// Local. The statement of quarter q in which the customer is present. `opening` is the closing balance of
  /// the quarter before; there is none for the customer's first quarter.
  void make(Person const& person, Course const& course, Standing const& standing, unsigned q,
            std::optional<std::int64_t> opening, Statement& out);

 private:
  /// What is the same for all customers of a quarter.
  struct Season {
    Quarter quarter;
    std::int32_t first_day;
    std::array<std::int32_t, 3> month_ends;
    SlotTable day;  ///< of the quarter, by month and weekday
    double level;   ///< payments in it relative to the year's mean
  };
  struct Habits {
    SlotTable spending;
    SlotTable way;  ///< of a card payment
    double mean_amount;
  };

  void add_income(Person const&, Standing const&, unsigned q);
  void add_orders(Person const&, Standing const&, unsigned q);
  void add_payments(Person const&, Standing const&, unsigned q);
  void add_anomaly(Person const&, Standing const&, unsigned q);
  void settle(Person const&, Standing const&, unsigned q, Statement& out);

  [[nodiscard]] static Season season_of(Quarter const& quarter);
  [[nodiscard]] static Habits habits_of(Segment const& segment);

  BankSpec spec_;
  std::vector<Season> seasons_;  ///< [quarters]
  std::vector<Habits> habits_;   ///< [segments]
  std::vector<Transaction> drafts_;
  std::vector<std::uint64_t> order_;
};

}  // namespace tessera::generate
