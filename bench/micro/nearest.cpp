// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "machine.hpp"
#include <benchmark/benchmark.h>

namespace tessera::bench {

namespace {

enum Where : std::int64_t { second_level, memory };

/// Rows of one call: they fill about 256 KiB, which every second level holds, or 4 MiB at a time of 512 MiB.
std::size_t rows_of(Where where, std::size_t columns) {
  std::size_t const bytes = where == second_level ? std::size_t{256} << 10 : std::size_t{4} << 20;
  return bytes / sizeof(float) / columns;
}

struct Problem {
  explicit Problem(benchmark::State const& state)
      : where(static_cast<Where>(state.range(2))),
        columns(static_cast<std::size_t>(state.range(0))),
        k(static_cast<std::size_t>(state.range(1))),
        rows(rows_of(where, columns)),
        centroids(random_values(k * columns, 2), columns),
        small(where == second_level ? random_values(rows * columns, 1) : std::vector<float>()),
        windows(where == second_level ? std::span<float const>(small) : large_values(), rows * columns) {}

  Where where;
  std::size_t columns, k, rows;
  Centroids<float> centroids;
  std::vector<float> small;
  Windows windows;
  double peak_before = peak_flops();

  /// `flop_per_pair`: operations for a row, a centroid and a column.
  void report(benchmark::State& state, double flop_per_pair) const {
    double const rows_done = static_cast<double>(state.iterations()) * static_cast<double>(rows);
    double const flop = rows_done * static_cast<double>(columns * k) * flop_per_pair;
    using benchmark::Counter;
    state.counters["GFLOP/s"] = Counter(flop / 1e9, Counter::kIsRate);
    state.counters["of_peak"] = Counter(flop / std::max(peak_before, peak_flops()), Counter::kIsRate);
    state.counters["GB/s"] = Counter(rows_done * static_cast<double>(columns) * 4 / 1e9, Counter::kIsRate);
    state.counters["rows/s"] = Counter(rows_done, Counter::kIsRate);
  }
};

constexpr std::size_t kSample = 257;  // rows compared with the reference

void assign(benchmark::State& state) {
  Problem problem(state);
  std::vector<std::int32_t> found(problem.rows);
  std::span<float const> rows;
  for (auto _ : state) {
    rows = problem.windows.next();
    nearest<float>(rows, problem.centroids, found);
    benchmark::ClobberMemory();
  }
  std::size_t const sample = std::min(kSample, problem.rows);
  std::vector<std::int32_t> expected(sample);
  reference::nearest<float>(rows.first(sample * problem.columns), problem.centroids, expected);
  if (!std::equal(expected.begin(), expected.end(), found.begin()))
    state.SkipWithError("not the nearest centroid");
  problem.report(state, 2);
}

void lower_distances(benchmark::State& state) {
  Problem problem(state);
  std::vector<float> distance(problem.rows);
  std::span<float const> rows;
  for (auto _ : state) {
    std::fill(distance.begin(), distance.end(), std::numeric_limits<float>::infinity());
    rows = problem.windows.next();
    lower_squared_distances(rows, problem.centroids, distance, {}, 0);
    benchmark::ClobberMemory();
  }
  std::size_t const sample = std::min(kSample, problem.rows);
  std::vector<float> expected(sample, std::numeric_limits<float>::infinity());
  reference::lower_squared_distances(rows.first(sample * problem.columns), problem.centroids, expected, {},
                                     0);
  auto const same_bits = [](float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
  };
  if (!std::equal(expected.begin(), expected.end(), distance.begin(), same_bits))
    state.SkipWithError("not the squared distance");
  problem.report(state, 3);
}

std::vector<std::int64_t> const kColumns{2, 4, 8, 20, 40, 100};
std::vector<std::int64_t> const kCentroids{5, 8, 20, 100, 500};

BENCHMARK(assign)
    ->ArgNames({"d", "k", "memory"})
    ->ArgsProduct({kColumns, kCentroids, {second_level, memory}})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(lower_distances)
    ->ArgNames({"d", "k", "memory"})
    ->ArgsProduct({{8, 20, 40, 100}, {1, 8, 40}, {second_level, memory}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace

}  // namespace tessera::bench
