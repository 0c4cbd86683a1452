#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/fuzz.sh [SECONDS [TARGET...]]: runs the fuzzers of tests/fuzz one after the other, SECONDS each (60; an hour:
# scripts/fuzz.sh 1200), from the seeds in tests/fuzz/corpus and what earlier runs found (build/fuzz/corpus). Stops at
# the first input that crashes, hangs (30 s), takes 2 GB or breaks a property, and says where it is kept. With
# TESSERA_FUZZ_SEED=N the same inputs come in the same order, as CI wants them.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(csv configuration fimi)

[ -f build/asan-ubsan/build.ninja ] || cmake --preset asan-ubsan >/dev/null
ninja -C build/asan-ubsan "${targets[@]/#/fuzz_}"
for target in "${targets[@]}"; do
  found=build/fuzz/corpus/$target
  mkdir -p "$found" build/fuzz/failures
  echo "fuzz_$target: $seconds s"
  # leaks are looked for at the end of each input; MPI's own are none of ours
  build/asan-ubsan/bin/fuzz_"$target" -max_total_time="$seconds" -seed="${TESSERA_FUZZ_SEED:-0}" -timeout=30 -rss_limit_mb=2048 -max_len=4096 \
    -artifact_prefix=build/fuzz/failures/"$target"- -print_final_stats=1 -verbosity=0 \
    "$found" tests/fuzz/corpus/"$target" 2>&1 | tail -40
done
