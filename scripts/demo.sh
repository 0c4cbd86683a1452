#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/demo.sh: from a bare machine to the segments and rules of a real bank's customers.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_deps.sh build
scripts/build.sh release tessera -- -DTESSERA_TESTS=OFF
mkdir -p runs
scripts/mpirun.sh "$(nproc)" build/release/bin/tessera run config/demo.toml --force
build/release/bin/tessera info runs/demo.h5
echo
echo "The result file: $PWD/runs/demo.h5 (build/release/bin/tessera verify runs/demo.h5 checks it)"
