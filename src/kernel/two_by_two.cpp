// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/two_by_two.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "../src/kernel/two_by_two.cpp"  // as seen from include/
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Doubles = hn::ScalableTag<double>;
using Lane = hn::VFromD<Doubles>;

/// What rounding took from the product a * b = p: exact with and without a fused multiply-add, so that all
/// levels agree.
HWY_INLINE Lane product_error(Lane a, Lane b, Lane p) {
#if HWY_NATIVE_FMA
  return hn::MulSub(a, b, p);
#else
  auto const split = hn::Set(Doubles(), 134217729.0);  // 2^27 + 1
  auto const scaled_a = hn::Mul(a, split), scaled_b = hn::Mul(b, split);
  auto const high_a = hn::Sub(scaled_a, hn::Sub(scaled_a, a)), low_a = hn::Sub(a, high_a);
  auto const high_b = hn::Sub(scaled_b, hn::Sub(scaled_b, b)), low_b = hn::Sub(b, high_b);
  auto const cross = hn::Add(hn::Sub(hn::Mul(high_a, high_b), p), hn::Mul(high_a, low_b));
  return hn::Add(hn::Add(cross, hn::Mul(low_a, high_b)), hn::Mul(low_a, low_b));
#endif
}

/// a b - c d, right to the last digit but one however much cancels.
HWY_INLINE Lane difference_of_products(Lane a, Lane b, Lane c, Lane d) {
  auto const ab = hn::Mul(a, b), cd = hn::Mul(c, d);
  auto const difference = hn::Sub(ab, cd);
  auto const taken = hn::Sub(ab, difference);
  auto const lost =
      hn::Add(hn::Sub(ab, hn::Add(difference, taken)), hn::Sub(taken, cd));  // by that subtraction (Knuth)
  auto const errors = hn::Sub(product_error(a, b, ab), product_error(c, d, cd));
  return hn::Add(difference, hn::Add(lost, errors));
}

HWY_INLINE Lane load(std::int64_t const* from) {
  return hn::ConvertTo(Doubles(), hn::LoadU(hn::RebindToSigned<Doubles>(), from));
}

/// Rules [i, i + lanes).
HWY_INLINE void measure_at(RuleCounts const& of, RuleMeasures const& to, std::size_t i, Lane n) {
  Doubles const d;
  auto const both = load(of.both.data() + i), a = load(of.antecedent.data() + i),
             c = load(of.consequent.data() + i);
  auto const simpler_both = load(of.simpler_both.data() + i),
             simpler_a = load(of.simpler_antecedent.data() + i);
  auto const excess = difference_of_products(n, both, a, c);  // rows^2 times the leverage
  hn::StoreU(hn::Div(both, a), d, to.confidence.data() + i);
  hn::StoreU(hn::Div(hn::Mul(n, both), hn::Mul(a, c)), d, to.lift.data() + i);
  hn::StoreU(hn::Div(excess, hn::Mul(n, n)), d, to.leverage.data() + i);
  auto const against = hn::Sub(a, both);
  auto const conviction = hn::Div(hn::Mul(hn::Sub(n, c), a), hn::Mul(n, against));
  auto const zero = hn::Zero(d);
  hn::StoreU(
      hn::IfThenElse(hn::Eq(against, zero), hn::Set(d, std::numeric_limits<double>::infinity()), conviction),
      d, to.conviction.data() + i);
  auto const largest = hn::Max(hn::Mul(both, hn::Sub(n, a)), hn::Mul(a, hn::Sub(c, both)));
  hn::StoreU(hn::IfThenElse(hn::Eq(largest, zero), zero, hn::Div(excess, largest)), d, to.zhang.data() + i);
  hn::StoreU(hn::Div(difference_of_products(both, simpler_a, simpler_both, a), hn::Mul(a, simpler_a)), d,
             to.improvement.data() + i);
}

/// `rules`: a whole number of vectors.
void MeasureRules(RuleCounts const& of, RuleMeasures const& to, std::size_t rules, double rows) {
  Doubles const d;
  auto const n = hn::Set(d, rows);
  for (std::size_t i = 0; i < rules; i += hn::Lanes(d)) measure_at(of, to, i, n);
}

void TailSums(double const* only_a, double const* only_c, double const* both, double const* neither,
              double* sums, std::size_t tables) {
  Doubles const d;
  auto const one = hn::Set(d, 1.0);
  auto const negligible = hn::Set(d, 0x1p-54);  // such a term, and all after it, leave the sum as it is
  for (std::size_t i = 0; i < tables; i += hn::Lanes(d)) {
    auto a = hn::LoadU(d, only_a + i), c = hn::LoadU(d, only_c + i);
    auto b = hn::LoadU(d, both + i), n = hn::LoadU(d, neither + i);
    auto term = one, sum = one;
    // A lane whose terms have run out has come to 0, and stays there while the others go on.
    while (!hn::AllTrue(d, hn::Lt(term, hn::Mul(sum, negligible)))) {
      b = hn::Add(b, one);
      n = hn::Add(n, one);
      term = hn::Mul(term, hn::Div(hn::Mul(a, c), hn::Mul(b, n)));
      sum = hn::Add(sum, term);
      a = hn::Sub(a, one);
      c = hn::Sub(c, one);
    }
    hn::StoreU(sum, d, sums + i);
  }
}

std::size_t LaneCount() {
  return hn::Lanes(Doubles());
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(MeasureRules);
HWY_EXPORT(TailSums);
HWY_EXPORT(LaneCount);

namespace {

constexpr std::size_t kMostLanes = 32;  // doubles of the widest vector there is

/// The last of a column, which do not fill a vector, in an array that does.
template <class T>
class LastOf {
 public:
  LastOf() = default;
  LastOf(std::span<T const> column, std::size_t first, T padding) {
    values_.fill(padding);
    std::copy(column.begin() + static_cast<std::ptrdiff_t>(first), column.end(), values_.begin());
  }
  void copy_to(std::span<T> column, std::size_t first) const {
    std::copy_n(values_.begin(), column.size() - first, column.begin() + static_cast<std::ptrdiff_t>(first));
  }
  std::span<T> whole() { return values_; }

 private:
  std::array<T, kMostLanes> values_{};
};

/// Of so many values, those that fill vectors.
std::size_t in_vectors(std::size_t values) {
  std::size_t const lanes = HWY_DYNAMIC_DISPATCH(LaneCount)();
  return values / lanes * lanes;
}

}  // namespace

void measure_rules(RuleCounts const& counts, std::int64_t rows, RuleMeasures const& measures) {
  auto const measure = HWY_DYNAMIC_DISPATCH(MeasureRules);
  auto const n = static_cast<double>(rows);
  std::size_t const rules = counts.both.size(), whole = in_vectors(rules);
  measure(counts, measures, whole, n);
  if (whole == rules) return;
  auto const last = [&](std::span<std::int64_t const> column) {
    return LastOf<std::int64_t>(column, whole, 1);
  };
  auto both = last(counts.both), antecedent = last(counts.antecedent), consequent = last(counts.consequent),
       simpler_both = last(counts.simpler_both), simpler_antecedent = last(counts.simpler_antecedent);
  LastOf<double> confidence, lift, leverage, conviction, zhang, improvement;
  measure({both.whole(), antecedent.whole(), consequent.whole(), simpler_both.whole(),
           simpler_antecedent.whole()},
          {confidence.whole(), lift.whole(), leverage.whole(), conviction.whole(), zhang.whole(),
           improvement.whole()},
          rules - whole, n);
  confidence.copy_to(measures.confidence, whole);
  lift.copy_to(measures.lift, whole);
  leverage.copy_to(measures.leverage, whole);
  conviction.copy_to(measures.conviction, whole);
  zhang.copy_to(measures.zhang, whole);
  improvement.copy_to(measures.improvement, whole);
}

void tail_sums(std::span<double const> only_a, std::span<double const> only_c, std::span<double const> both,
               std::span<double const> neither, std::span<double> sums) {
  auto const add_up = HWY_DYNAMIC_DISPATCH(TailSums);
  std::size_t const whole = in_vectors(sums.size());
  add_up(only_a.data(), only_c.data(), both.data(), neither.data(), sums.data(), whole);
  if (whole == sums.size()) return;
  LastOf<double> a(only_a, whole, 0), c(only_c, whole, 0), b(both, whole, 1), n(neither, whole, 1), out;
  add_up(a.whole().data(), c.whole().data(), b.whole().data(), n.whole().data(), out.whole().data(),
         sums.size() - whole);
  out.copy_to(sums, whole);
}

namespace reference {

double tail_sum(double only_a, double only_c, double both, double neither) {
  double term = 1, sum = 1;
  while (term >= sum * 0x1p-54) {
    term *= (only_a-- * only_c--) / (++both * ++neither);
    sum += term;
  }
  return sum;
}

}  // namespace reference

}  // namespace tessera::kernel
#endif
