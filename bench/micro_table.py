#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables in Markdown from the JSON of tessera_micro: the assignment kernel over d and k as a share of the FMA peak of the
same run and in GB/s, then every other benchmark on a line."""
import json
import re
import sys


def main():
    with open(sys.argv[1]) as file:
        told = json.load(file)
    broken = [entry["name"] for entry in told["benchmarks"] if entry.get("error_occurred")]
    if broken:
        sys.exit(f"wrong results: {', '.join(broken)}")
    grid = {}
    rest = []
    for entry in told["benchmarks"]:
        match = re.fullmatch(r"assign/d:(\d+)/k:(\d+)/memory:([01])", entry["name"])
        if match:
            d, k, memory = map(int, match.groups())
            grid[memory, d, k] = entry
        else:
            rest.append(entry)
    print(f"Share of the FMA peak (taken before and after each line; {float(told['context']['fma_peak_gflops']):.0f} GFLOP/s "
          "when the run began) that the dense assignment kernel reaches, and the GB/s at which it reads rows:\n")
    columns, centroids = (sorted({key[i] for key in grid}) for i in (1, 2))
    for memory, where in enumerate(("rows in the second cache level", "rows in memory")):
        print(f"| {where} | " + " | ".join(f"k={k}" for k in centroids) + " |")
        print("|---|" + "---:|" * len(centroids))
        for d in columns:
            cells = [f"{grid[memory, d, k]['of_peak']:.0%}, {grid[memory, d, k]['GB/s']:.1f}" for k in centroids]
            print(f"| d={d} | " + " | ".join(cells) + " |")
        print()
    print("| other kernels | |\n|---|---|")
    units = {"GFLOP/s": 1, "GB/s": 1, "of_peak": 1, "rows/s": 1e-6, "moves/s": 1e-6, "adds/s": 1e-6}
    for entry in rest:
        shown = [f"{entry[name] * scale:.3g} {'million ' if scale < 1 else ''}{name}"
                 for name, scale in units.items() if name in entry]
        print(f"| {entry['name']} | {', '.join(shown)} |")
    print()


if __name__ == "__main__":
    main()
