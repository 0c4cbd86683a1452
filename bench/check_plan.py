# SPDX-License-Identifier: Apache-2.0
"""Predicted and measured seconds of a K-means iteration; see scripts/check_plan.sh."""
import json
import pathlib
import statistics
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
    """Median of (a whole run - a run of one iteration) / (iterations - 1)."""
    def seconds(iterations):
        return statistics.median(tools.run_tessera(program, data, case.k, iterations, ranks, options).seconds for _ in range(3))
    return (seconds(case.iterations) - seconds(1)) / (case.iterations - 1)


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
