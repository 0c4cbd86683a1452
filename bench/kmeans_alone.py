#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tessera's K-means against itself: more ranks, a sweep in one go, the cost of a start. Ratios of runs taken in turn.

    bench/kmeans_alone.py [--quick] [--repeat 5]

ranks   one rank against --ranks, the same iterations of the same matrix (idle machine only)
sweep   k = 2..12 with 4 starts each in one run, against the 44 models one by one, and against the eleven k one by one
init    kmeans|| and kmeans++ in iterations: (run with --init - run from given centroids) / one dense iteration,
        both of one iteration
Results are compared before times are: the same bits. Prints Markdown and writes kmeans_alone.md to --out."""
import argparse
import pathlib
import statistics
import sys


import cases
import tools

SWEEP, STARTS = range(2, 13), 4
SEED_STEP = 0x9E3779B97F4A7C15  # between the seeds of restarts (KMeansOptions::restarts)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--program", type=pathlib.Path, default=cases.ROOT / "build/bench/bin/tessera")
    parser.add_argument("--out", type=pathlib.Path, default=cases.ROOT / "build/bench")
    return parser.parse_args()


def in_turn(runs, repeat):
    """{name: (median seconds, outcome)} of functions that run something, called A B A B ..."""
    outcomes = {name: [] for name in runs}
    for _ in range(repeat):
        for name, run in runs.items():
            outcomes[name].append(run())
    return {name: (statistics.median(o.seconds for o in each), each[-1]) for name, each in outcomes.items()}


def same_bits(a, b):
    if a.labels.tobytes() != b.labels.tobytes() or a.centroids.tobytes() != b.centroids.tobytes():
        sys.exit("results differ: times mean nothing")


def ranks(args, dense):
    case = cases.Case("ranks", 2_000_000 // (10 if args.quick else 1), 20, 20, iterations=30)
    data = cases.prepare(case, None)
    one = in_turn({p: lambda p=p: tools.run_tessera(args.program, data, case.k, case.iterations, p, dense)
                   for p in (1, args.ranks)}, args.repeat)
    same_bits(one[1][1], one[args.ranks][1])
    return (f"| {args.ranks} ranks against 1 (n={case.rows:,} d=20 k=20, 30 dense iterations) | {one[1][0]:.3f} s | "
            f"{one[args.ranks][0]:.3f} s | {one[1][0] / one[args.ranks][0]:.2f}x |")


def sweep(args):
    case = cases.Case("sweep", 200_000 // (10 if args.quick else 1), 20, 12)
    data = cases.prepare(case, None)

    def run(ks, starts, seed=0):
        return tools.run_tessera(args.program, data, ",".join(map(str, ks)), 300, 1,
                                 ("--restarts", str(starts), "--seed", str(seed % 2**64)), start=False)

    def added(outcomes):
        return tools.dataclasses.replace(outcomes[0], seconds=sum(o.seconds for o in outcomes))
    times = in_turn({
        "model by model": lambda: added([run([k], 1, start * SEED_STEP) for k in SWEEP for start in range(STARTS)]),
        "k by k": lambda: added([run([k], STARTS) for k in SWEEP]),
        "sweep": lambda: run(SWEEP, STARTS)}, args.repeat)
    return "\n".join(f"| k = 2..12 x 4 starts in one sweep, against {other} (n={case.rows:,} d=20) | {times[other][0]:.3f} s | "
                     f"{times['sweep'][0]:.3f} s | {times[other][0] / times['sweep'][0]:.2f}x |"
                     for other in ("model by model", "k by k"))


def init(args, dense):
    case = cases.Case("init", 500_000 // (10 if args.quick else 1), 20, 20, iterations=11)
    data = cases.prepare(case, None)

    def run(iterations, options=(), start=True):
        return lambda: tools.run_tessera(args.program, data, case.k, iterations, 1, (*dense, *options), start)
    runs = {"one": run(1), "eleven": run(11)}
    runs |= {name: run(1, ("--init", name), start=False) for name in ("kmeans||", "kmeans++")}
    times = {name: seconds for name, (seconds, _) in in_turn(runs, args.repeat).items()}
    iteration = (times["eleven"] - times["one"]) / 10
    return "\n".join(f"| {name} (n={case.rows:,} d=20 k=20), against a dense iteration | {iteration:.4f} s | "
                     f"{times[name] - times['one']:.4f} s | {(times[name] - times['one']) / iteration:.1f} iterations |"
                     for name in ("kmeans||", "kmeans++"))


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    dense = ("--pruning", "never") if tools.has_option(args.program, "--pruning") else ()
    lines = ["| what | first | second | ratio |", "|---|---:|---:|---:|", ranks(args, dense), sweep(args), init(args, dense)]
    (args.out / "kmeans_alone.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
