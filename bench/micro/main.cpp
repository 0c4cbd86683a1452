// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/simd.hpp"

#include <string>

#include "machine.hpp"
#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("simd", tessera::simd_level());
  benchmark::AddCustomContext("fma_peak_gflops", std::to_string(tessera::bench::peak_flops() / 1e9));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
