// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/products.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// The planted segments: what customers of each are like, and how they move between quarters.
/// docs/synthetic-bank.md shows the tables.
namespace tessera::generate {

inline constexpr std::size_t kSegments = 6;

/// A log-normal quantity.
struct LogNormal {
  double median, sigma;  ///< sigma: deviation of the logarithm
  /// Local. The value at a standard normal z, with the deviation times `spread`.
  [[nodiscard]] double at(double z, double spread) const noexcept;
};

inline constexpr std::size_t kJobs = 9;
inline constexpr std::array<std::string_view, kJobs> kJobNames{
    "student", "clerk", "worker", "technician", "professional", "manager", "trader", "retired", "unemployed"};
enum class Job : std::uint8_t {
  student,
  clerk,
  worker,
  technician,
  professional,
  manager,
  trader,
  retired,
  unemployed
};

/// What money is spent on; the last two are not by card.
enum class Spending : std::uint8_t {
  groceries,
  restaurants,
  fuel,
  transport,
  clothing,
  electronics,
  health,
  leisure,
  travel,
  subscriptions,
  household,
  education,
  cash,
  transfer,
};
inline constexpr std::size_t kSpendings = 14;
inline constexpr std::array<std::string_view, kSpendings> kSpendingNames{
    "groceries", "restaurants", "fuel",          "transport", "clothing",  "electronics", "health",
    "leisure",   "travel",      "subscriptions", "household", "education", "cash",        "transfer"};
/// Amounts of one payment, in currency units, before a customer's own scale.
inline constexpr std::array<LogNormal, kSpendings> kSpendingAmounts{{{28, 0.7},
                                                                     {22, 0.6},
                                                                     {48, 0.35},
                                                                     {9, 0.6},
                                                                     {45, 0.8},
                                                                     {120, 1.0},
                                                                     {25, 0.8},
                                                                     {20, 0.8},
                                                                     {140, 0.9},
                                                                     {11, 0.4},
                                                                     {35, 0.9},
                                                                     {30, 0.9},
                                                                     {60, 0.6},
                                                                     {80, 1.0}}};

struct Segment {
  std::string_view name;
  double share;            ///< of the customers of the first quarter
  double age, age_spread;  ///< years, normal
  LogNormal income;        ///< a month, net
  LogNormal balance;       ///< of the current account, over the days
  LogNormal logins;        ///< a quarter
  double payments;         ///< relative to the bank's mean
  double payments_sigma;   ///< deviation of the logarithm of a customer's payments
  double utilisation;      ///< mean share of the credit limit in use
  double spent;            ///< share of the income that is spent, rent apart
  double churn;            ///< probability a quarter of an average customer of the segment
  std::array<double, kFirstConsequent> products;  ///< probabilities
  std::array<double, 3> channels;                 ///< weights of the preferred channel
  std::array<double, kJobs> jobs;                 ///< weights
  std::array<double, kSpendings> spending;        ///< weights of payments
  double online;                                  ///< share of card payments made online
};

/// All segments, in the order of their numbers.
[[nodiscard]] std::span<Segment const, kSegments> segments() noexcept;

/// Probability of being in segment `to` next quarter for a customer of `from`, rows summing to 1.
[[nodiscard]] std::array<std::array<double, kSegments>, kSegments> const& migration() noexcept;

}  // namespace tessera::generate
