#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/try_parquet.sh: builds tessera once more with the Arrow C++ that pyarrow's wheel carries (build/parquet) and
# runs the Parquet tests. Does nothing, with exit code 77, where pip reaches no package index.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$PWD/build/parquet-venv
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pyarrow' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet pyarrow numpy || { echo "skipped: pyarrow cannot be installed here"; exit 77; }
fi
wheel=$("$venv/bin/python" -c 'import pyarrow; print(pyarrow.get_library_dirs()[0])')
# The wheel's libraries carry their versions in their names, which is all that a linker is given here.
cmake --preset release -B build/parquet -DTESSERA_PARQUET=ON -DTESSERA_ARROW_WHEEL="$wheel" >/dev/null
ninja -C build/parquet io_mpi_tests
for ranks in 1 2 3 4; do
  TESSERA_PYTHON=$venv/bin/python scripts/mpirun.sh "$ranks" build/parquet/bin/io_mpi_tests --gtest_filter='ReadParquet*'
done
