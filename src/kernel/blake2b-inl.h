// SPDX-License-Identifier: Apache-2.0
// The rounds of BLAKE2b over one message a SIMD lane; included once for each SIMD level.
#if defined(TESSERA_KERNEL_BLAKE2B_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_KERNEL_BLAKE2B_INL_H
#undef TESSERA_KERNEL_BLAKE2B_INL_H
#else
#define TESSERA_KERNEL_BLAKE2B_INL_H
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::CappedTag<std::uint64_t, 8>;
using Word = hn::VFromD<Words>;

constexpr std::size_t kBlock = 128;  // bytes
constexpr std::uint64_t kStart[8] = {0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B,
                                     0xA54FF53A5F1D36F1, 0x510E527FADE682D1, 0x9B05688C2B3E6C1F,
                                     0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179};
/// Which words of the message each round mixes in; rounds 10 and 11 are 0 and 1 again.
constexpr std::uint8_t kOrder[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                         {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                         {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                         {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                         {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                         {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                         {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                         {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                         {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                         {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

// With the checks of a sanitizer, twelve rounds in line take minutes to compile.
#if HWY_IS_ASAN
#define TESSERA_MIX_INLINE inline HWY_NOINLINE
#else
#define TESSERA_MIX_INLINE HWY_INLINE
#endif

TESSERA_MIX_INLINE void mix(Word* HWY_RESTRICT v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, Word x,
                    Word y) {
  v[a] = hn::Add(hn::Add(v[a], v[b]), x);
  v[d] = hn::RotateRight<32>(hn::Xor(v[d], v[a]));
  v[c] = hn::Add(v[c], v[d]);
  v[b] = hn::RotateRight<24>(hn::Xor(v[b], v[c]));
  v[a] = hn::Add(hn::Add(v[a], v[b]), y);
  v[d] = hn::RotateRight<16>(hn::Xor(v[d], v[a]));
  v[c] = hn::Add(v[c], v[d]);
  v[b] = hn::RotateRight<63>(hn::Xor(v[b], v[c]));
}

/// The rounds over a block of each lane. `v`: what the state becomes when its halves are added to it; v[0..8)
/// holds the state. `m`: the blocks; `length`: bytes of the messages so far; `last`: all ones in the lanes
/// whose message ends.
HWY_INLINE void rounds(Word* HWY_RESTRICT v, Word const* HWY_RESTRICT m, Word length, Word last) {
  for (std::size_t i = 0; i < 8; ++i) v[i + 8] = hn::Set(Words(), kStart[i]);
  v[12] = hn::Xor(v[12], length);
  v[14] = hn::Xor(v[14], last);
  for (std::size_t round = 0; round < 12; ++round) {
    std::uint8_t const* const s = kOrder[round % 10];
    mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
    mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
    mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
    mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
    mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
    mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
    mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
    mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
  }
}

#undef TESSERA_MIX_INLINE

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
