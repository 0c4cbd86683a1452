#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/bench.sh [--quick] [itemsets]: builds the benchmarks and runs them on this machine, one core unless said: the
# limits of the machine, the kernels, reading CSV beside its peers, K-means beside its peers, K-means beside itself, itemsets
# beside their peers; with `itemsets`, only these. Results go to build/bench/results:
#   machine.md, micro.json, {csv,kmeans,itemset}_peers.{md,csv}, kmeans_alone.md, report.md (all tables together)
# The machine should be idle: ratios of runs taken in turn survive a busy one, seconds do not. --quick (some minutes) makes
# everything small, to see that it runs.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=()
repeat=5
micro_time=0.3
only=
for argument in "$@"; do
  case "$argument" in
    --quick) quick=(--quick) repeat=1 micro_time=0.01 ;;
    itemsets) only=itemsets ;;
    *) echo "usage: $0 [--quick] [itemsets]" >&2; exit 2 ;;
  esac
done

scripts/install_deps.sh bench
scripts/build.sh bench tessera tessera_micro
out=build/bench/results
mkdir -p "$out"
export PYTHONDONTWRITEBYTECODE=1

beside_itemset_peers() {
  echo "== itemsets beside their peers"
  /usr/bin/python3 bench/itemset_peers.py "${quick[@]}" --repeat "$repeat" --out "$out"
}
if [ "$only" = itemsets ]; then
  beside_itemset_peers
  exit
fi
echo "== the machine"
/usr/bin/python3 bench/machine.py --micro build/bench/bin/tessera_micro | tee "$out/machine.md"
echo "== the kernels"
build/bench/bin/tessera_micro --benchmark_min_time="$micro_time" --benchmark_out="$out/micro.json" \
  --benchmark_out_format=json >"$out/micro.txt" 2>&1
/usr/bin/python3 bench/micro_table.py "$out/micro.json" | tee "$out/micro.md"
agree=0
echo "== reading CSV beside its peers"
/usr/bin/python3 bench/csv_peers.py "${quick[@]}" --repeat "$repeat" --out "$out" || agree=$?
echo "== K-means beside its peers"
real=()
[ -d ../shared/data ] && real=(--real ../shared/data)
/usr/bin/python3 bench/kmeans_peers.py "${quick[@]}" --case mixture-20 --case mixture-40 --case overlap-20 \
  --case overlap-40 --case large --case read-bound --grid "${real[@]}" --repeat "$repeat" --out "$out" || agree=$?
echo "== K-means beside itself"
/usr/bin/python3 bench/kmeans_alone.py "${quick[@]}" --repeat "$repeat" --out "$out"
beside_itemset_peers || agree=$?

cat "$out"/{machine,micro,csv_peers,kmeans_peers,kmeans_alone,itemset_peers}.md >"$out/report.md"
echo "everything together: $out/report.md"
exit "$agree"
