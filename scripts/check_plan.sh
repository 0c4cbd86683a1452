#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/check_plan.sh [PROGRAM]: holds what `tessera plan` predicts for an iteration of K-means against what a run takes,
# on 1 and 2 ranks of this machine, after measuring it with `tessera benchmark-node`. Prints predicted, measured and their
# ratio; fails beyond 25 %. Wants an idle machine with two cores, so it is no part of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/release/bin/tessera}
[ -x "$program" ] || scripts/build.sh release tessera >/dev/null
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "measuring this machine (load $(cut -d' ' -f1 /proc/loadavg): predictions hold for an idle one)"
scripts/mpirun.sh 2 "$program" benchmark-node -o "$scratch/machine.env" 2>/dev/null
cat "$scratch/machine.env"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bench /usr/bin/python3 bench/check_plan.py "$program" "$scratch/machine.env"
