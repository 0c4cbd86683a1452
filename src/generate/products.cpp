// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/products.hpp"

namespace tessera::generate {

void add_consequents(ProductSet& products, Channel preferred,
                     std::array<double, kProducts - kFirstConsequent> const& draws) noexcept {
  std::array<bool, kProducts - kFirstConsequent> const antecedent{
      products.has(Product::savings) && preferred == Channel::branch,
      products.has(Product::mortgage),
      products.has(Product::brokerage) && products.has(Product::credit_card),
      products.has(Product::consumer_loan),
  };
  for (std::size_t rule = 0; rule < antecedent.size(); ++rule) {
    double const probability =
        antecedent[rule] ? kProductRules[rule].confidence : kProductRules[rule].otherwise;
    if (draws[rule] < probability) products.add(static_cast<Product>(kFirstConsequent + rule));
  }
}

}  // namespace tessera::generate
