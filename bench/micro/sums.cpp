// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/exact_sum.hpp"
#include "tessera/kernel/segment_sums.hpp"

#include <numeric>
#include <vector>

#include "machine.hpp"
#include <benchmark/benchmark.h>

namespace tessera::bench {

namespace {

constexpr std::size_t kSegments = 20, kRows = 4096;

/// One row in every `one_in` moves to the next segment at each call; 0: every row is seen for the first time.
void move(benchmark::State& state) {
  auto const columns = static_cast<std::size_t>(state.range(0));
  auto const one_in = static_cast<std::size_t>(state.range(1));
  auto const values = random_values(kRows * columns, 1);
  std::vector<double> const scale(columns, 0x1p40);
  std::vector<std::int32_t> segment(kRows), target(kRows);
  for (std::size_t i = 0; i < kRows; ++i) target[i] = static_cast<std::int32_t>(i % kSegments);
  SegmentSums sums(kSegments, columns);
  std::fill(segment.begin(), segment.end(), kNoSegment);
  SummedRows<float> const rows{values.data(), scale};
  std::uint64_t moved = move_rows(rows, nullptr, target, segment.data(), sums), expected = kRows;
  for (auto _ : state) {
    state.PauseTiming();
    if (one_in == 0) {
      std::fill(segment.begin(), segment.end(), kNoSegment);
      sums = SegmentSums(kSegments, columns);
    }
    for (std::size_t i = 0; one_in != 0 && i < kRows; i += one_in) {
      target[i] = (target[i] + 1) % static_cast<std::int32_t>(kSegments);
    }
    expected += one_in == 0 ? kRows : (kRows + one_in - 1) / one_in;
    state.ResumeTiming();
    moved += move_rows(rows, nullptr, target, segment.data(), sums);
    benchmark::ClobberMemory();
  }
  SegmentSums fresh(kSegments, columns);
  std::vector<std::int32_t> nowhere(kRows, kNoSegment);
  move_rows(rows, nullptr, target, nowhere.data(), fresh);
  if (moved != expected || fresh.sum != sums.sum || fresh.size != sums.size)
    state.SkipWithError("the sums have drifted");
  using benchmark::Counter;
  state.counters["rows/s"] = Counter(static_cast<double>(state.iterations()) * kRows, Counter::kIsRate);
  state.counters["moves/s"] = Counter(static_cast<double>(expected - kRows), Counter::kIsRate);
}
BENCHMARK(move)
    ->ArgNames({"d", "one_in"})
    ->ArgsProduct({{8, 20, 40, 100}, {0, 1, 10, 100}})
    ->Unit(benchmark::kMicrosecond);

void exact_sum_add(benchmark::State& state) {
  constexpr std::size_t kValues = 4096;
  std::vector<double> values(kValues);
  auto const pattern = random_values(kValues, 3);
  // Pairs that cancel across many magnitudes: the exact sum is 0.
  for (std::size_t i = 0; i < kValues; i += 2) {
    values[i] = static_cast<double>(pattern[i]) * (i % 3 == 0 ? 1e12 : 1e-3);
    values[kValues - 1 - i] = -values[i];
  }
  ExactSum sum;
  for (auto _ : state) {
    for (double const value : values) sum.add(value);
    benchmark::DoNotOptimize(sum);
  }
  if (sum.value() != 0) state.SkipWithError("the sum is not exact");
  state.counters["adds/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kValues, benchmark::Counter::kIsRate);
}
BENCHMARK(exact_sum_add)->Unit(benchmark::kMicrosecond);

}  // namespace

}  // namespace tessera::bench
