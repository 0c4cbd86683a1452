#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/build.sh PRESET [TARGET...] [-- CMAKE_OPTION...]: configures and builds one of the presets.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
targets=()
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
  targets+=("$1")
  shift
done
[ $# -gt 0 ] && shift
cmake --preset "$preset" "$@" >build-"$preset".log 2>&1 || { cat build-"$preset".log >&2; exit 1; }
rm -f build-"$preset".log
cmake --build --preset "$preset" ${targets:+--target "${targets[@]}"}
