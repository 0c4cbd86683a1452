#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/test.sh: builds and runs every test: all of them as released with GCC, the serial ones with Clang and its
# sanitizers too.
# Closes with one line "N passed, M failed".
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_deps.sh test

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
skipped=0

# run_tests PRESET [CTEST_ARGUMENT...]: adds the outcome to the totals.
run_tests() {
  local preset=$1
  shift
  # Two at a time on each core: half of most tests is waiting for MPI to start.
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$((2 * $(nproc)))" "$@" 2>&1 | tee "$log" || true
  local total broken left_out
  total=$(sed -n 's/.*tests failed out of \([0-9]*\)$/\1/p' "$log")
  broken=$(sed -n 's/.*, \([0-9]*\) tests failed out of .*/\1/p' "$log")
  if [ -z "$total" ]; then  # ctest itself failed: nothing was run
    total=1 broken=1
  fi
  left_out=$(grep -c '(Skipped)$' "$log" || true)  # ctest has them among those that passed
  passed=$((passed + total - broken - left_out))
  skipped=$((skipped + left_out))
  failed=$((failed + broken))
}

scripts/build.sh release -- -DTESSERA_TESTS=ON
run_tests release
scripts/build.sh asan-ubsan
run_tests asan-ubsan -L serial

[ "$skipped" -eq 0 ] || echo "$skipped skipped: they need what this machine does not have (see above)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
