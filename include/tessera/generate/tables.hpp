// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/statement.hpp"
#include "tessera/io/table_writer.hpp"

#include <span>

/// The tables of a bank: what each looks like, and its rows for a customer's quarter.
namespace tessera::generate {

/// All there is to know of a present customer in a quarter.
struct CustomerQuarter {
  BankSpec const& spec;
  Quarter quarter;
  unsigned q;
  Person const& person;
  Course const& course;
  Standing const& standing;
  Statement const& statement;
};

struct Table {
  TableLayout const& (*layout)();
  /// Local. Writes the customer's rows.
  void (*write)(CustomerQuarter const& customer, TableWriter& out);
};

/// Every table, customers first.
[[nodiscard]] std::span<Table const> tables();

/// Ids are a letter and a number.
inline constexpr char kCustomerLetter = 'C', kAccountLetter = 'A';
/// An account's number tells its owner and which of the owner's accounts it is.
inline constexpr std::uint64_t kAccountsACustomer = 4;
[[nodiscard]] constexpr std::uint64_t current_account(std::uint64_t ordinal) {
  return ordinal * kAccountsACustomer;
}
/// Bytes of an id in HDF5: the letter and the 16 digits of 2^48 customers' accounts.
inline constexpr std::uint32_t kIdBytes = 17;

}  // namespace tessera::generate
