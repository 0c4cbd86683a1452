#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/install_deps.sh [build|test|bench]: installs what is missing of the Debian 12 packages that Tessera is built
# with (build, the default) and those that its tests (test) or its benchmarks and simulations (bench) need as well.
# Does nothing where everything is there.
#
# On an HPC site, load the site's own modules instead, for example
#   module load gcc/12 cmake openmpi/4.1 boost-mpi/1.74 hdf5-parallel/1.10 libsodium fmt zstd
# or with Spack
#   spack install cmake ninja openmpi boost+mpi+serialization hdf5+mpi highway cli11 fmt libsodium \
#                 eigen fast-float zlib zstd tomlplusplus googletest
# CMake finds either; nothing here is needed then.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config git ca-certificates openmpi-bin libopenmpi-dev libboost-mpi-dev
       libboost-serialization-dev libhdf5-openmpi-dev libhwy-dev libcli11-dev libtomlplusplus-dev
       libfmt-dev libsodium-dev libeigen3-dev libfast-float-dev zlib1g-dev libzstd-dev)
test=(libgtest-dev libgmock-dev clang libclang-rt-14-dev clang-format clang-tidy python3 python3-h5py python3-numpy python3-pandas
      python3-scipy python3-sklearn hdf5-tools zstd gzip
      munge slurmctld slurmd slurm-client slurm-wlm-basic-plugins iproute2)
bench=(libbenchmark-dev python3 python3-venv python3-h5py python3-numpy python3-sklearn python3-threadpoolctl
       libsimgrid-dev dpkg-dev)

wanted=("${build[@]}")
case "${1:-build}" in
  build) ;;
  test) wanted+=("${test[@]}") ;;
  bench) wanted+=("${bench[@]}") ;;
  *) echo "usage: $0 [build|test|bench]" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${#missing[@]} missing packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "error: these packages are missing and only root can install them: ${missing[*]}" >&2
    echo "  why it matters: Tessera cannot be built without them" >&2
    echo "  what to do: ask an administrator, or load the site's modules (see $0)" >&2
    exit 4
  fi
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
