# SPDX-License-Identifier: Apache-2.0
"""Predicted and measured seconds of a K-means iteration; see scripts/check_plan.sh."""
import json
import pathlib
import subprocess
import sys

import cases
import tools

TOLERANCE = 0.25
CASES = (cases.Case("plan-20", 2_000_000, 20, 20, iterations=21), cases.Case("plan-40", 1_000_000, 40, 100, iterations=11),
         cases.Case("plan-8", 4_000_000, 8, 8, iterations=21))


def predicted(program, machine, case, ranks):
    done = subprocess.run([program, "plan", "--columns", str(case.columns), "--k", str(case.k), "--customers", str(case.rows),
                           "--ranks", str(ranks), "--machine", machine, "--json"], text=True, capture_output=True, check=True)
    return json.loads(done.stdout)["iterations"][0]["seconds"]


def measured(program, data, case, ranks, options):
    """(A whole run - a run of one iteration) / (iterations - 1), of the fastest: others on the machine only slow runs down, and
    the node's rates are the best seen too."""
    pairs = [[tools.run_tessera(program, data, case.k, iterations, ranks, options).seconds for iterations in (case.iterations, 1)]
             for _ in range(5)]
    whole, one = map(min, zip(*pairs))
    return (whole - one) / (case.iterations - 1)


def main():
    program, machine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    dense = ("--pruning", "never") if tools.has_option(program, "--pruning") else ()
    print("\n| iteration | ranks | predicted | measured | predicted / measured |\n|---|---:|---:|---:|---:|")
    worst = 0.0
    for case in CASES:
        data = cases.prepare(case, None)
        for ranks in (1, 2):
            told, took = predicted(program, machine, case, ranks), measured(program, data, case, ranks, dense)
            worst = max(worst, abs(told / took - 1))
            print(f"| n={case.rows:,} d={case.columns} k={case.k} | {ranks} | {1e3 * told:.2f} ms | {1e3 * took:.2f} ms | {told / took:.2f} |",
                  flush=True)
    print(f"\nlargest deviation {worst:.0%}, allowed {TOLERANCE:.0%}")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
