#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of PREDICTED strong and weak scaling of a dense K-means iteration, from `tessera plan`, in Markdown.

    bench/predict_scaling.py [--machine jobs/machines/generic.env]

Beside them what DAAL published for K-means on 9 TB (84 columns, k = 8, 100 iterations) on 1,024 nodes, and the same job by
the plan: other hardware, so that only efficiencies and shares of a node's bandwidth compare."""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RANKS = (1, 4, 16, 64, 128, 256, 512, 1024)
DAAL_COLUMNS, DAAL_K, DAAL_NODES, DAAL_BYTES = 84, 8, 1024, 9e12


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machine", type=pathlib.Path, default=ROOT / "jobs/machines/generic.env")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/tessera")
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--k", type=int, default=20)
    args = parser.parse_args()

    def plan(customers, ranks, columns=args.columns, k=args.k):
        done = subprocess.run([args.program, "plan", "--columns", str(columns), "--k", str(k), "--machine", args.machine,
                               "--customers", str(int(customers)), "--ranks", str(ranks), "--json"], text=True, capture_output=True)
        if done.returncode:
            sys.exit(done.stderr)
        return json.loads(done.stdout)

    def iteration(customers, ranks):
        found = plan(customers, ranks)["iterations"][0]
        return found["seconds"], found["all_reduce_seconds"]

    node = int(float(next(line.split("=")[1].split("#")[0] for line in args.machine.read_text().splitlines()
                          if line.startswith("cores_per_node"))))
    strong, weak = 1e8, 1e6
    print(f"Predicted by {args.machine.name}, d={args.columns} k={args.k}, {node} ranks a node; efficiency against one full node "
          "(in brackets: one rank that has a node to itself):\n")
    print(f"| ranks | strong, {strong:,.0f} customers: an iteration | efficiency | weak, {weak:,.0f} customers a rank: an iteration "
          "| of it allreduce | efficiency |")
    print("|---:|---:|---:|---:|---:|---:|")
    one, full = (iteration(strong, ranks)[0] * ranks for ranks in (1, node))
    weak_one, weak_full = (iteration(weak * ranks, ranks)[0] for ranks in (1, node))
    for ranks in RANKS:
        s, _ = iteration(strong, ranks)
        w, communication = iteration(weak * ranks, ranks)
        against = lambda whole, single: (f"{whole:.1%} " if ranks >= node else "") + f"({single:.1%})"
        print(f"| {ranks:,} | {1e3 * s:.2f} ms | {against(full / ranks / s, one / ranks / s)} | {1e3 * w:.2f} ms "
              f"| {1e6 * communication:.0f} us | {against(weak_full / w, weak_one / w)} |")

    customers = DAAL_BYTES / 4 / DAAL_COLUMNS
    daal = plan(customers, DAAL_NODES * node, DAAL_COLUMNS, DAAL_K)["iterations"][0]["seconds"]
    eighth = plan(customers, DAAL_NODES // 8 * node, DAAL_COLUMNS, DAAL_K)["iterations"][0]["seconds"] / 8
    small = plan(customers / DAAL_NODES, node, DAAL_COLUMNS, DAAL_K)["iterations"][0]["seconds"]
    print(f"""
| K-means on 9 TB, d={DAAL_COLUMNS} k={DAAL_K}, {DAAL_NODES:,} nodes | 100 iterations | read per node | strong efficiency | weak efficiency |
|---|---:|---:|---:|---:|
| DAAL, published | 28 s | 31-42 GB/s | 83 % | 88 % |
| Tessera, predicted for {args.machine.name} | {100 * daal:.1f} s | {DAAL_BYTES / DAAL_NODES / daal / 1e9:.0f} GB/s | {eighth / daal:.1%} (from {DAAL_NODES // 8} nodes) | {small / daal:.1%} (from one node) |""")


if __name__ == "__main__":
    main()
