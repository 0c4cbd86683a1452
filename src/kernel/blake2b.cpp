// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/blake2b.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "../src/kernel/blake2b.cpp"  // as seen from include/, where the layer's headers are
#include <hwy/foreach_target.h>
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

HWY_INLINE void mix(Word* HWY_RESTRICT v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, Word x,
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

/// One block of each lane. `state`: [8, lanes]; `at`: the blocks; `length`: bytes of the messages so far;
/// `last`: all ones in the lanes whose message ends.
HWY_INLINE void compress(std::uint64_t* HWY_RESTRICT state, std::uint64_t const* const* at,
                         std::uint64_t const* length, std::uint64_t const* last) {
  Words const d;
  hn::RebindToSigned<Words> const di;
  std::size_t const lanes = hn::Lanes(d);
  alignas(64) std::int64_t away[8];
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    away[lane] = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(at[lane]) -
                                           reinterpret_cast<std::uintptr_t>(at[0]));
  }
  Word m[16], v[16];
  auto offsets = hn::Load(di, away);
  for (std::size_t i = 0; i < 16; ++i) {
    m[i] = hn::GatherOffset(d, at[0], offsets);
    offsets = hn::Add(offsets, hn::Set(di, 8));
  }
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] = hn::Load(d, state + i * lanes);
    v[i + 8] = hn::Set(d, kStart[i]);
  }
  v[12] = hn::Xor(v[12], hn::LoadU(d, length));
  v[14] = hn::Xor(v[14], hn::LoadU(d, last));
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
  for (std::size_t i = 0; i < 8; ++i) {
    hn::Store(hn::Xor(hn::Load(d, state + i * lanes), hn::Xor(v[i], v[i + 8])), d, state + i * lanes);
  }
}

/// A message on its way through a lane. Its first block begins with the number, its last is padded.
struct Lane {
  Blake2bJob* job = nullptr;
  std::uint64_t done = 0, total = 0;              // bytes of the message
  alignas(8) std::uint64_t buffer[kBlock / 8]{};  // a block that is not to be found whole in memory

  void begin(Blake2bJob& next) {
    job = &next;
    done = 0;
    total = sizeof next.number + next.bytes.size();
  }
  [[nodiscard]] bool is_last() const { return total - done <= kBlock; }
  [[nodiscard]] std::uint64_t const* block() {
    auto const* const bytes = job->bytes.data();
    if (done > 0 && !is_last()) return reinterpret_cast<std::uint64_t const*>(bytes + done - 8);
    std::size_t const size = std::min<std::uint64_t>(kBlock, total - done);
    auto* const to = reinterpret_cast<std::byte*>(buffer);
    std::memset(to, 0, kBlock);
    if (done == 0) {
      std::memcpy(to, &job->number, 8);
      if (size > 8) std::memcpy(to + 8, bytes, size - 8);
    } else {
      std::memcpy(to, bytes + done - 8, size);
    }
    return buffer;
  }
};

void Blake2b(Blake2bJob* jobs, std::size_t count) {
  Words const d;
  std::size_t const lanes = hn::Lanes(d);
  alignas(64) std::uint64_t state[8 * 8];
  alignas(64) std::uint64_t length[8]{}, last[8]{};
  static constexpr std::uint64_t kIdle[kBlock / 8]{};
  std::uint64_t const* at[8];
  Lane lane[8];
  std::size_t next = 0, busy = 0;
  auto const begin = [&](std::size_t l) {
    lane[l].job = nullptr;
    if (next == count) return;
    lane[l].begin(jobs[next++]);
    for (std::size_t i = 0; i < 8; ++i) state[i * lanes + l] = kStart[i];
    state[l] ^= 0x01010000U ^ lane[l].job->digest.size();
    ++busy;
  };
  for (std::size_t l = 0; l < lanes; ++l) begin(l);
  while (busy > 0) {
    for (std::size_t l = 0; l < lanes; ++l) {
      at[l] = kIdle;
      if (lane[l].job == nullptr) continue;
      at[l] = lane[l].block();
      last[l] = lane[l].is_last() ? ~std::uint64_t{0} : 0;
      lane[l].done = std::min(lane[l].done + kBlock, lane[l].total);
      length[l] = lane[l].done;
    }
    compress(state, at, length, last);
    for (std::size_t l = 0; l < lanes; ++l) {
      if (lane[l].job == nullptr || lane[l].done < lane[l].total) continue;
      std::uint64_t out[8];
      for (std::size_t i = 0; i < 8; ++i) out[i] = state[i * lanes + l];
      std::memcpy(lane[l].job->digest.data(), out, lane[l].job->digest.size());
      --busy;
      begin(l);
    }
  }
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(Blake2b);

void blake2b(std::span<Blake2bJob> jobs) {
  // The long ones first, so that no lane is left alone with one at the end.
  std::vector<Blake2bJob> ordered(jobs.begin(), jobs.end());
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](auto const& a, auto const& b) { return a.bytes.size() > b.bytes.size(); });
  HWY_DYNAMIC_DISPATCH(Blake2b)(ordered.data(), ordered.size());
}

}  // namespace tessera::kernel
#endif  // HWY_ONCE
