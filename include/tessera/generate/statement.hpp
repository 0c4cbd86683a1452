// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/standing.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// The account statement of a customer's quarter: every transaction of the current account in order.
namespace tessera::generate {

enum class Type : std::uint8_t { salary, pension, invoice, card, atm, transfer, standing_order, saving, fee };
inline constexpr std::array<std::string_view, 9> kTypeNames{
    "salary", "pension", "invoice", "card", "atm", "transfer", "standing_order", "saving", "fee"};

enum class Way : std::uint8_t { pos, web, mobile, atm, branch, automatic };
inline constexpr std::array<std::string_view, 6> kWayNames{"pos", "web", "mobile", "atm", "branch", "auto"};

/// What a transaction is about: the spendings first, then what is not chosen, then the planted sequences'.
inline constexpr std::size_t kCategories = kSpendings + 14;
enum class Category : std::uint8_t {
  income = kSpendings,
  housing,
  utilities,
  saving,
  fees,
  flights,
  hotels,
  car_rental,
  estate_agent,
  notary,
  furniture,
  gambling,
  cash_advance,
  collection,
};
[[nodiscard]] std::string_view category_name(std::uint8_t category) noexcept;

struct Transaction {
  std::int32_t day = 0;
  std::int64_t cents = 0;  ///< negative: money leaves the account
  Type type = Type::card;
  Way way = Way::pos;
  std::uint8_t category = 0;
  std::int64_t balance = 0;  ///< after it, cents
};

struct Statement {
  std::vector<Transaction> transactions;
  std::int64_t opening = 0;                 ///< cents
  std::array<std::int64_t, 3> month_end{};  ///< balances, cents
  std::int64_t mean_balance = 0;            ///< over the days of the quarter, at their ends; cents
  std::uint64_t card = 0, chosen = 0;       ///< payments by card, and by card, in cash or by transfer
  [[nodiscard]] std::int64_t closing() const noexcept { return month_end[2]; }
};

}  // namespace tessera::generate
