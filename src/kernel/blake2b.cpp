// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/blake2b.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/blake2b.cpp"
#include <hwy/foreach_target.h>
//
#include "kernel/blake2b-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

/// One block of each lane. `state`: [8, lanes]; `at`: the blocks; `length` and `last` as for rounds().
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
  for (std::size_t i = 0; i < 8; ++i) v[i] = hn::Load(d, state + i * lanes);
  rounds(v, m, hn::LoadU(d, length), hn::LoadU(d, last));
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
