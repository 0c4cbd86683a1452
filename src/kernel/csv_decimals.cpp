// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_decimals.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "../src/kernel/csv_decimals.cpp"  // as seen from include/, where the layer's headers are
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

std::size_t ReadDecimals(DecimalText const* texts, std::size_t count, Decimals kind, char point,
                         double* values, std::uint32_t* refused) {
  return plain::read_decimals({texts, count}, kind, point, values, refused);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Bytes = hn::CappedTag<std::uint8_t, 64>;
using Pairs = hn::Repartition<std::uint16_t, Bytes>;
using Fours = hn::Repartition<std::uint32_t, Bytes>;
using Words = hn::Repartition<std::uint64_t, Bytes>;
using Doubles = hn::Repartition<double, Bytes>;

/// What the bytes of a text add up to: the place of its point, and whether there is a sign; from kRefused on,
/// it is not of the kind that is read here.
constexpr std::uint8_t kPlace = 15, kMinus = 16, kPoint = 32, kRefused = 64;
constexpr std::uint8_t x = kRefused;
alignas(16) constexpr std::uint8_t kIndex[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
alignas(16) constexpr std::uint8_t kWeightOfPoint[16] = {
    x,          kPoint + 1, kPoint + 2,  kPoint + 3,  kPoint + 4,  kPoint + 5,  kPoint + 6,  kPoint + 7,
    kPoint + 8, kPoint + 9, kPoint + 10, kPoint + 11, kPoint + 12, kPoint + 13, kPoint + 14, x};
alignas(16) constexpr std::uint8_t kWeightOfMinus[16] = {x,      kMinus, kMinus, kMinus, kMinus, kMinus,
                                                         kMinus, kMinus, kMinus, kMinus, kMinus, kMinus,
                                                         kMinus, kMinus, kMinus, x};
/// What to divide by, by the place of the point; 0: there is none.
constexpr double kScale[16] = {1,   1e14, 1e13, 1e12, 1e11, 1e10, 1e9, 1e8,
                               1e7, 1e6,  1e5,  1e4,  1e3,  1e2,  1e1, 1};

struct Weighed {
  hn::VFromD<Words> eights;  ///< for each text the number that its first, and its last eight digits write
  hn::VFromD<Words> sum;     ///< for each text twice: place of the point, sign, refusal
};

/// The texts of one vector.
template <Decimals kKind>
HWY_INLINE Weighed weigh(std::uint8_t const* texts, std::uint8_t point) {
  Bytes const d;
  hn::RebindToSigned<Bytes> const ds;
  Pairs const d16;
  Fours const d32;
  Words const d64;
  auto const index = hn::LoadDup128(d, kIndex);
  auto const refused = hn::Set(d, kRefused);
  auto const first_byte = hn::Zero(d);

  auto const text = hn::LoadU(d, texts);
  // from the size on, in signed bytes: index + size is 16 at the first byte of the text
  auto const place = hn::BitCast(ds, hn::Add(index, hn::TableLookupBytes(text, first_byte)));
  auto const inside = hn::RebindMask(d, hn::Gt(place, hn::Set(ds, 15)));
  auto const value = hn::Sub(text, hn::Set(d, '0'));
  auto const is_digit = hn::Eq(hn::Min(value, hn::Set(d, 9)), value);
  auto const is_minus =
      hn::And(hn::Eq(text, hn::Set(d, '-')), hn::RebindMask(d, hn::Eq(place, hn::Set(ds, 16))));
  auto weight = hn::IfThenElse(is_minus, hn::LoadDup128(d, kWeightOfMinus), refused);
  if constexpr (kKind == Decimals::real)
    weight = hn::IfThenElse(hn::Eq(text, hn::Set(d, point)), hn::LoadDup128(d, kWeightOfPoint), weight);
  weight = hn::IfThenElseZero(inside, hn::IfThenZeroElse(is_digit, weight));
  auto const halves = hn::SumsOf8(weight);
  auto const sum = hn::Add(halves, hn::Shuffle01(halves));

  auto digits = hn::IfThenElseZero(hn::And(inside, is_digit), value);
  if constexpr (kKind == Decimals::real) {
    auto const at_point =
        hn::TableLookupBytes(hn::BitCast(d, hn::And(sum, hn::Set(d64, kPlace))), first_byte);
    auto const behind = hn::RebindMask(d, hn::Gt(hn::BitCast(ds, index), hn::BitCast(ds, at_point)));
    digits = hn::IfThenElse(behind, digits, hn::ShiftLeftBytes<1>(digits));
  }
  // a + 256 b, times 10 * 256 + 1: 10 a + b in the upper half; and so on
  auto const pairs =
      hn::ShiftRight<8>(hn::Mul(hn::BitCast(d16, digits), hn::Set(d16, std::uint16_t{10 * 256 + 1})));
  auto const fours = hn::ShiftRight<16>(hn::Mul(hn::BitCast(d32, pairs), hn::Set(d32, 100U * 65536 + 1)));
  auto const eights =
      hn::Add(hn::MulEven(fours, hn::Set(d32, 10'000)), hn::ShiftRight<32>(hn::BitCast(d64, fours)));
  return {eights, sum};
}

/// As many texts as a vector has doubles. Returns a bit for each that is refused.
template <Decimals kKind>
HWY_INLINE std::uint64_t read_some(DecimalText const* texts, char point, double* HWY_RESTRICT values) {
  Fours const d32;
  Words const d64;
  hn::RebindToSigned<Words> const di;
  Doubles const df;
  auto const* const bytes = reinterpret_cast<std::uint8_t const*>(texts);
  auto const low = weigh<kKind>(bytes, static_cast<std::uint8_t>(point));
  auto const high = weigh<kKind>(bytes + hn::Lanes(Bytes()), static_cast<std::uint8_t>(point));
  auto const sum = hn::ConcatEven(d64, high.sum, low.sum);
  auto const upper = hn::ConcatEven(d64, high.eights, low.eights);
  auto const lower = hn::ConcatOdd(d64, high.eights, low.eights);
  auto const number =
      hn::Add(hn::MulEven(hn::BitCast(d32, upper), hn::Set(d32, 100'000'000)), lower);  // below 10^15
  auto value = hn::ConvertTo(df, hn::BitCast(di, number));
  if constexpr (kKind == Decimals::real) {
    auto const place = hn::BitCast(di, hn::And(sum, hn::Set(d64, kPlace)));
    value = hn::Div(value, hn::GatherIndex(df, kScale, place));  // both exact, so rounded once
  }
  auto const sign = hn::ShiftLeft<59>(hn::And(sum, hn::Set(d64, kMinus)));
  value = hn::Xor(value, hn::BitCast(df, sign));
  if constexpr (kKind == Decimals::whole) value = hn::Add(value, hn::Zero(df));  // -0 is 0
  hn::StoreU(value, df, values);
  auto const is_refused = hn::Gt(hn::BitCast(di, sum), hn::Set(di, kRefused - 1));
  if (HWY_LIKELY(hn::AllFalse(di, is_refused))) return 0;
  std::uint8_t bits[8] = {};
  hn::StoreMaskBits(di, is_refused, bits);
  return bits[0];
}

template <Decimals kKind>
std::size_t read_all(DecimalText const* texts, std::size_t count, char point, double* values,
                     std::uint32_t* refused) {
  std::size_t const lanes = hn::Lanes(Doubles());
  std::size_t found = 0;
  auto const note = [&](std::uint64_t bits, std::size_t first) {
    for (; bits != 0; bits &= bits - 1)
      refused[found++] = static_cast<std::uint32_t>(first + hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) note(read_some<kKind>(texts + i, point, values + i), i);
  if (i < count) {
    alignas(64) DecimalText padded[8] = {};
    double out[8];
    std::memcpy(padded, texts + i, (count - i) * sizeof *texts);
    note(read_some<kKind>(padded, point, out) & ((std::uint64_t{1} << (count - i)) - 1), i);
    std::memcpy(values + i, out, (count - i) * sizeof *values);
  }
  return found;
}

std::size_t ReadDecimals(DecimalText const* texts, std::size_t count, Decimals kind, char point,
                         double* values, std::uint32_t* refused) {
  return kind == Decimals::whole ? read_all<Decimals::whole>(texts, count, point, values, refused)
                                 : read_all<Decimals::real>(texts, count, point, values, refused);
}

#endif

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(ReadDecimals);

std::size_t read_decimals(std::span<DecimalText const> texts, Decimals kind, char point, double* values,
                          std::uint32_t* refused) noexcept {
  return HWY_DYNAMIC_DISPATCH(ReadDecimals)(texts.data(), texts.size(), kind, point, values, refused);
}

}  // namespace tessera::kernel
#endif
