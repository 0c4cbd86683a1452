// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/machine_probe.hpp"

#include <cstddef>

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/machine_probe.cpp"
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;
using Floats = hn::Vec<FloatTag>;

// Two units with a latency of four or five cycles want ten chains; the smallest register file has sixteen.
constexpr std::size_t kChains = 12;

HWY_INLINE float fold(Floats const (&chain)[kChains]) {
  Floats total = hn::Zero(FloatTag());
  for (Floats const& value : chain) total = hn::Add(total, value);
  return hn::GetLane(hn::SumOfLanes(FloatTag(), total));
}

ProbeWork MultiplyAdd(std::uint64_t rounds) {
  constexpr std::size_t kSteps = 8;  // in a round
  FloatTag const tag;
  Floats chain[kChains];
  for (std::size_t i = 0; i < kChains; ++i) chain[i] = hn::Set(tag, 0.5F + 0.01F * static_cast<float>(i));
  // Every chain goes to 1, far from denormal and infinite values.
  Floats const factor = hn::Set(tag, 0.5F), term = hn::Set(tag, 0.5F);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (std::size_t step = 0; step < kSteps; ++step) {
      for (Floats& value : chain) value = hn::MulAdd(value, factor, term);
    }
  }
  return {2.0 * static_cast<double>(rounds) * kSteps * kChains * static_cast<double>(hn::Lanes(tag)),
          fold(chain)};
}

ProbeWork Read(float const* values, std::size_t count) {
  FloatTag const tag;
  std::size_t const lanes = hn::Lanes(tag);
  Floats chain[kChains];
  for (Floats& value : chain) value = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + kChains * lanes <= count; i += kChains * lanes) {
    for (std::size_t c = 0; c < kChains; ++c)
      chain[c] = hn::Add(chain[c], hn::LoadU(tag, values + i + c * lanes));
  }
  float rest = 0;
  for (; i < count; ++i) rest += values[i];
  return {static_cast<double>(count * sizeof(float)), fold(chain) + rest};
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(MultiplyAdd);
HWY_EXPORT(Read);

ProbeWork probe_multiply_add(std::uint64_t rounds) {
  return HWY_DYNAMIC_DISPATCH(MultiplyAdd)(rounds);
}

ProbeWork probe_read(std::span<float const> values) {
  return HWY_DYNAMIC_DISPATCH(Read)(values.data(), values.size());
}

}  // namespace tessera
#endif
