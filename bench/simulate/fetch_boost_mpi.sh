#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench/simulate/fetch_boost_mpi.sh FOLDER: puts the sources of Boost.MPI, from Debian's source package of the Boost that is
# installed, into FOLDER/libs/mpi/src. Debian's library is tied to Open MPI, and the simulator brings an MPI of its own. The
# machine's package sources stay as they are: a copy of them that asks for source packages is used for this one download.
set -euo pipefail
folder=$1
[ -f "$folder/libs/mpi/src/communicator.cpp" ] && exit 0
version=$(sed -n 's/^#define BOOST_LIB_VERSION "\([0-9]*\)_\([0-9]*\)".*/\1.\2/p' /usr/include/boost/version.hpp)
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >"$apt/parts/$(basename "$file" .list).list"
done
for file in /etc/apt/sources.list.d/*.sources; do
  [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/$(basename "$file")"
done
options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/parts" -o Dir::State::lists="$apt/lists"
         -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
echo "fetching the sources of boost$version"
apt-get "${options[@]}" -qq update
(cd "$apt" && apt-get "${options[@]}" -qq --download-only --only-source source "boost$version")
mkdir -p "$folder"
archive=$(ls "$apt"/boost*.orig.tar.*)
tar -xf "$archive" -C "$folder" --wildcards --strip-components=1 '*/libs/mpi/src/*'
[ -f "$folder/libs/mpi/src/communicator.cpp" ]
