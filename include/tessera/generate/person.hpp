// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/bank_spec.hpp"
#include "tessera/generate/segments.hpp"

#include <array>
#include <cstdint>

/// Who a customer is and how the quarters go: what stays the same whatever the tables.
namespace tessera::generate {

inline constexpr std::size_t kRegions = 14, kBranches = 420;
inline constexpr std::array<std::string_view, 4> kEducationNames{"basic", "secondary", "vocational",
                                                                 "university"};
inline constexpr std::array<std::string_view, 4> kMaritalNames{"single", "married", "divorced", "widowed"};

/// Never changes.
struct Person {
  std::uint64_t ordinal = 0;
  std::uint8_t first_segment = 0;
  std::int32_t birth_day = 0;
  bool woman = false;
  std::uint16_t branch = 0;  ///< of kBranches, popular ones first
  std::uint8_t region = 0;   ///< of kRegions, decided by the branch
  std::uint8_t education = 0, marital = 0;
  bool consents = false;       ///< to being contacted
  bool joint_account = false;  ///< with the other of ordinals 2j and 2j + 1
  std::uint8_t pay_day = 0;    ///< of the month, fixed by the employer; 31: the last
  std::int32_t since = 0;      ///< day of the first contract
  std::uint8_t arrives = 0;    ///< the first quarter
  bool tells_income = true, tells_education = true, tells_marital = true;
  /// Standard normal: one factor behind income, balance and products, and one for each of the others.
  struct Latent {
    double wealth, income, balance, activity, logins, utilisation;
  } latent{};
};

/// The quarters of a customer.
struct Course {
  static constexpr std::uint8_t kStays = 255;
  std::uint8_t arrives = 0;
  std::uint8_t leaves_after = kStays;  ///< the last quarter as a customer
  std::array<std::uint8_t, kMostQuarters> segment{};
  std::array<double, kMostQuarters> churn{};  ///< probability of leaving after the quarter
  [[nodiscard]] bool present(unsigned quarter) const noexcept {
    return arrives <= quarter && quarter <= leaves_after;
  }
};

/// Local. Customer `ordinal`, below spec.customers.
[[nodiscard]] Person person_at(BankSpec const& spec, std::uint64_t ordinal);
/// Local.
[[nodiscard]] Course course_of(BankSpec const& spec, Person const& person);

}  // namespace tessera::generate
