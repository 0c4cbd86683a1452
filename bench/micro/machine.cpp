// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/machine_probe.hpp"

#include <algorithm>
#include <ctime>

#include <benchmark/benchmark.h>

namespace tessera::bench {

namespace {

/// Processor time of this thread: time that others had the core does not count, as in Google Benchmark's
/// rates.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void multiply_add_peak(benchmark::State& state) {
  double flops = 0;
  for (auto _ : state) {
    auto const work = probe_multiply_add(10'000);
    benchmark::DoNotOptimize(work.witness);
    flops += work.amount;
  }
  state.counters["GFLOP/s"] = benchmark::Counter(flops / 1e9, benchmark::Counter::kIsRate);
  state.counters["best_GFLOP/s"] = peak_flops() / 1e9;
}
BENCHMARK(multiply_add_peak);

void read_bandwidth(benchmark::State& state) {
  auto const count = static_cast<std::size_t>(state.range(0)) * 1024 / sizeof(float);
  std::vector<float> const values(count, 1.0F);
  double bytes = 0;
  for (auto _ : state) {
    auto const work = probe_read(values);
    benchmark::DoNotOptimize(work.witness);
    bytes += work.amount;
  }
  std::size_t const sample = std::min<std::size_t>(count, 1 << 20);
  if (probe_read(std::span(values).first(sample)).witness != static_cast<float>(sample)) {
    state.SkipWithError("the sum of what was read is wrong");
  }
  state.counters["GB/s"] = benchmark::Counter(bytes / 1e9, benchmark::Counter::kIsRate);
}
// First cache level, second, memory: 1 GiB.
BENCHMARK(read_bandwidth)->ArgName("KiB")->Arg(16)->Arg(256)->Arg(1 << 20);

}  // namespace

double peak_flops() {
  constexpr int kSamples = 10;
  constexpr std::uint64_t kRounds = 100'000;  // about a millisecond
  double best = 0;
  for (int i = 0; i < kSamples; ++i) {
    double const start = processor_seconds();
    auto const work = probe_multiply_add(kRounds);
    best = std::max(best, work.amount / (processor_seconds() - start));
    benchmark::DoNotOptimize(work.witness);
  }
  return best;
}

std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = i < kPattern ? static_cast<float>(2 * draw.uniform(i) - 1) : out[i - kPattern];
  }
  return out;
}

std::span<float const> large_values() {
  static std::vector<float> const values = random_values((std::size_t{512} << 20) / sizeof(float), 1);
  return values;
}

}  // namespace tessera::bench
