// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What a bank sells, and which products go together: the planted association rules.
namespace tessera::generate {

enum class Product : std::uint8_t {
  savings,
  credit_card,
  mortgage,
  consumer_loan,
  brokerage,
  term_deposit,
  home_insurance,
  travel_insurance,
  payment_protection,
};
inline constexpr std::size_t kProducts = 9;
inline constexpr std::array<std::string_view, kProducts> kProductNames{
    "savings",      "credit_card",    "mortgage",         "consumer_loan",     "brokerage",
    "term_deposit", "home_insurance", "travel_insurance", "payment_protection"};
/// Products before this one are chosen by segment and wealth; from it on a planted rule decides.
inline constexpr std::size_t kFirstConsequent = static_cast<std::size_t>(Product::term_deposit);

enum class Channel : std::uint8_t { branch, web, mobile };
inline constexpr std::array<std::string_view, 3> kChannelNames{"branch", "web", "mobile"};

/// The products of one customer.
class ProductSet {
 public:
  [[nodiscard]] bool has(Product product) const noexcept { return (bits_ >> index(product) & 1U) != 0; }
  void add(Product product) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | 1U << index(product)); }
  [[nodiscard]] int size() const noexcept { return __builtin_popcount(bits_); }

 private:
  static unsigned index(Product product) noexcept { return static_cast<unsigned>(product); }
  std::uint16_t bits_ = 0;
};

/// "Who has all of `antecedent` has `consequent` with probability `confidence`, others with `otherwise`",
/// independently of everything else.
struct ProductRule {
  std::array<std::string_view, 2> antecedent;  ///< items "column=value" of the customers' table; may be empty
  std::string_view consequent;
  double confidence, otherwise;
};
/// The last one is not of products: students prefer the mobile channel. It has no `otherwise`: others choose
/// by segment.
inline constexpr std::array<ProductRule, 5> kProductRules{{
    {{"savings=yes", "channel_pref=branch"}, "term_deposit=yes", 0.60, 0.08},
    {{"mortgage=yes", ""}, "home_insurance=yes", 0.80, 0.06},
    {{"brokerage=yes", "credit_card=yes"}, "travel_insurance=yes", 0.65, 0.05},
    {{"consumer_loan=yes", ""}, "payment_protection=yes", 0.55, 0.01},
    {{"job=student", ""}, "channel_pref=mobile", 0.85, 0.0},
}};
inline constexpr double kStudentsMobile = kProductRules[4].confidence;

/// Local. Adds the products that the planted rules decide; `draws` are uniform, one a consequent.
void add_consequents(ProductSet& products, Channel preferred,
                     std::array<double, kProducts - kFirstConsequent> const& draws) noexcept;

}  // namespace tessera::generate
