// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_scan.hpp"

#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "../src/kernel/csv_scan.cpp"  // as seen from include/, where the layer's headers are
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

CsvCount count_bytes(char const* text, std::size_t size, Quotes quotes) {
  return plain::csv_count({text, size}, quotes);
}

std::size_t mark_bytes(char const* text, std::size_t size, std::uint32_t first, char delimiter, Quotes quotes,
                       CsvCarry* carry, std::uint32_t* marks) {
  return plain::csv_marks({text, size}, first, delimiter, quotes, *carry, marks);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Bytes = hn::CappedTag<std::uint8_t, 64>;
constexpr std::size_t kGroup = 64;

/// Bit i: byte i of the group passes the test.
template <class Test>
HWY_INLINE std::uint64_t where(std::uint8_t const* group, Test const& test) {
  Bytes const d;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kGroup; i += hn::Lanes(d)) {
    std::uint64_t part = 0;
    hn::StoreMaskBits(d, test(hn::LoadU(d, group + i)), reinterpret_cast<std::uint8_t*>(&part));
    bits |= part << i;
  }
  return bits;
}

HWY_INLINE std::uint64_t where_equal(std::uint8_t const* group, std::uint8_t value) {
  auto const wanted = hn::Set(Bytes(), value);
  return where(group, [&](auto bytes) HWY_ATTR { return hn::Eq(bytes, wanted); });
}

HWY_INLINE std::uint64_t where_special(std::uint8_t const* group) {
  hn::RebindToSigned<Bytes> const d;
  auto const one = hn::Set(d, 1);
  return where(group, [&](auto bytes) HWY_ATTR {
    return hn::RebindMask(Bytes(), hn::Lt(hn::BitCast(d, bytes), one));  // as signed: NUL or the high bit
  });
}

/// Bit i: parity of bits 0..i.
HWY_INLINE std::uint64_t prefix_parity(std::uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// The group at text + position; the last one of a text is padded with 'x'.
struct Group {
  std::uint8_t padded[kGroup];
  HWY_INLINE std::uint8_t const* at(char const* text, std::size_t size, std::size_t position) {
    if (size - position >= kGroup) return reinterpret_cast<std::uint8_t const*>(text + position);
    std::memset(padded, 'x', kGroup);
    std::memcpy(padded, text + position, size - position);
    return padded;
  }
};

CsvCount count_bytes(char const* text, std::size_t size, Quotes quotes) {
  CsvCount total;
  Group group;
  for (std::size_t i = 0; i < size; i += kGroup) {
    auto const* bytes = group.at(text, size, i);
    std::uint64_t const lines = where_equal(bytes, '\n');
    std::uint64_t const quote = quotes == Quotes::enclose ? where_equal(bytes, '"') : 0;
    std::uint64_t odd = total.quotes % 2 != 0 ? ~std::uint64_t{0} : 0;
    if (HWY_UNLIKELY(quote != 0)) {
      odd ^= prefix_parity(quote);
      total.quotes += hwy::PopCount(quote);
    }
    total.line_ends_even += hwy::PopCount(lines & ~odd);
    total.line_ends_odd += hwy::PopCount(lines & odd);
  }
  return total;
}

std::size_t mark_bytes(char const* text, std::size_t size, std::uint32_t first, char delimiter, Quotes quotes,
                       CsvCarry* carry, std::uint32_t* marks) {
  std::uint32_t* next = marks;
  std::uint32_t flags = carry->flags;
  std::uint64_t odd = carry->in_quotes ? ~std::uint64_t{0} : 0;
  Group group;
  for (std::size_t i = 0; i < size; i += kGroup) {
    // the delimiter may be the padding's 'x'
    std::uint64_t const valid = size - i >= kGroup ? ~std::uint64_t{0} : (std::uint64_t{1} << (size - i)) - 1;
    auto const* bytes = group.at(text, size, i);
    std::uint32_t const base = first + static_cast<std::uint32_t>(i);
    std::uint64_t const lines = where_equal(bytes, '\n');
    std::uint64_t const quote = quotes == Quotes::enclose ? where_equal(bytes, '"') : 0;
    std::uint64_t const special = where_special(bytes);
    std::uint64_t const inside = odd ^ (quote == 0 ? 0 : prefix_parity(quote));
    std::uint64_t ends = (lines | where_equal(bytes, static_cast<std::uint8_t>(delimiter))) & ~inside & valid;
    odd = inside >> 63 != 0 ? ~std::uint64_t{0} : 0;
    if (HWY_LIKELY((quote | special | flags) == 0)) {
      for (; ends != 0; ends &= ends - 1) {
        auto const bit = static_cast<std::uint32_t>(std::countr_zero(ends));
        *next++ = (base + bit) | (static_cast<std::uint32_t>(lines >> bit) << 31);
      }
      continue;
    }
    std::uint64_t fresh = ~std::uint64_t{0};  // bytes behind the last mark
    for (; ends != 0; ends &= ends - 1) {
      auto const bit = static_cast<std::uint32_t>(std::countr_zero(ends));
      std::uint64_t const field = fresh & ((std::uint64_t{1} << bit) - 1);
      if ((quote & field) != 0) flags |= kMarkQuote;
      if ((special & field) != 0) flags |= kMarkSpecial;
      *next++ = (base + bit) | flags | (static_cast<std::uint32_t>(lines >> bit) << 31);
      flags = 0;
      fresh = ~((std::uint64_t{2} << bit) - 1);
    }
    if ((quote & fresh) != 0) flags |= kMarkQuote;
    if ((special & fresh) != 0) flags |= kMarkSpecial;
  }
  carry->in_quotes = odd != 0;
  carry->flags = flags;
  return static_cast<std::size_t>(next - marks);
}

#endif

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(count_bytes);
HWY_EXPORT(mark_bytes);

CsvCount csv_count(std::span<char const> text, Quotes quotes) noexcept {
  return HWY_DYNAMIC_DISPATCH(count_bytes)(text.data(), text.size(), quotes);
}

std::size_t csv_marks(std::span<char const> text, std::uint32_t first, char delimiter, Quotes quotes,
                      CsvCarry& carry, std::uint32_t* marks) noexcept {
  return HWY_DYNAMIC_DISPATCH(mark_bytes)(text.data(), text.size(), first, delimiter, quotes, &carry, marks);
}

}  // namespace tessera::kernel
#endif
