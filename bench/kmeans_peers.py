#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K-means by Tessera and by its peers, side by side: the same matrix, the same starting centroids, the same cores, in turn.

    bench/kmeans_peers.py --quick
    bench/kmeans_peers.py --case mixture-20 --case mixture-40 --repeat 5
    bench/kmeans_peers.py --grid --real ../shared/data --cores 2

What is timed: a matrix in memory goes in, centroids and labels come out (Tessera: its stage `kmeans`, which also computes
distances, margins and quality; faiss: its training, which gives no labels). Seconds per iteration are (a whole run - a run of
one iteration) / (iterations - 1), for every tool alike, so that what is done once does not count. Before any time is
believed, the results of one iteration are compared: labels and centroids must be Tessera's but for roundings at ties.
Prints a table, writes kmeans_peers.csv (every run) and kmeans_peers.md to --out. The peers are listed in
bench/requirements.txt; one that cannot be had is skipped with a word. Exit code 1: results disagree."""
import argparse
import csv
import dataclasses
import pathlib
import statistics
import sys

import h5py
import numpy as np

import cases
import tools

SAME_LABELS = 0.9995    # share of customers: float32 rounds near-ties one way or the other
SAME_CENTROIDS = 1e-3   # in deviations of the data, over all customers: a near-tie moves a small segment's centroid


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=cases.NAMED, help="a named case; several may be given")
    parser.add_argument("--grid", action="store_true", help="mixtures with d in 8, 20, 40, 100 and k in 5, 20, 100, 500")
    parser.add_argument("--grid-values", type=int, default=8_000_000, help="floats of each matrix of the grid")
    parser.add_argument("--real", metavar="FOLDER", help="real data, from a folder laid out as ../shared/data")
    parser.add_argument("--quick", action="store_true", help="the named cases at a tenth of their size")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each tool")
    parser.add_argument("--starts", type=int, default=1, help="different starting centroids of each case")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--tools", nargs="+", choices=list(tools.PEERS), default=list(tools.PEERS), help="the peers")
    parser.add_argument("--program", type=pathlib.Path, default=cases.ROOT / "build/bench/bin/tessera")
    parser.add_argument("--micro", type=pathlib.Path, default=cases.ROOT / "build/bench/bin/tessera_micro")
    parser.add_argument("--out", type=pathlib.Path, default=cases.ROOT / "build/bench")
    return parser.parse_args()


def chosen_cases(args):
    named = cases.QUICK if args.quick else cases.NAMED
    out = [named[name] for name in (args.case or ([] if args.grid or args.real else named))]
    out += cases.grid(args.grid_values // (10 if args.quick else 1)) if args.grid else []
    out += cases.real(args.real) if args.real else []
    return [dataclasses.replace(case, start=i, name=f"{case.name}/{i}" if i else case.name) for case in out
            for i in range(args.starts)]


class Runner:
    """The tools that this machine has, each as run(data, case, iterations) -> Outcome."""

    def __init__(self, args):
        self.cores = args.cores
        python = tools.peer_python()
        self.run = {"Tessera": self._tessera(args.program, ())}
        if tools.has_option(args.program, "--pruning"):
            self.run["Tessera dense"] = self._tessera(args.program, ("--pruning", "never"))
        for peer in args.tools:
            self.run[peer] = self._peer(python, peer)

    def _tessera(self, program, options):
        return lambda data, case, iterations: tools.run_tessera(program, data, case.k, iterations, self.cores, options)

    def _peer(self, python, peer):
        return lambda data, case, iterations: tools.run_peer(python, peer, data, iterations, self.cores)


def inertia(data, outcome):
    """Sum of squared distances to the centroid of one's label, in double: one ruler for all."""
    total = 0.0
    with h5py.File(data, "r") as file:
        for first in range(0, len(file["x"]), cases.CHUNK):
            x = file["x"][first:first + cases.CHUNK].astype(np.float64)
            total += float(((x - outcome.centroids[outcome.labels[first:first + cases.CHUNK]]) ** 2).sum())
    return total


def disagreement(ours, theirs, deviation):
    """Why results of one iteration are not the same, or None."""
    same = float((ours.labels == theirs.labels).mean())
    if same < SAME_LABELS:
        return f"labels agree for {same:.4%} only"
    share = np.bincount(ours.labels, minlength=len(ours.centroids))[:, None] / len(ours.labels)
    apart = float(np.sqrt((share * ((ours.centroids - theirs.centroids) / deviation) ** 2).sum(axis=0).max()))
    return f"centroids differ by {apart:.2g} deviations" if apart > SAME_CENTROIDS else None


class Measured:
    """All runs of one tool on one case."""

    def __init__(self):
        self.whole, self.one = [], []
        self.first = self.last = self.problem = None

    def seconds(self):
        return statistics.median(o.seconds for o in self.whole)

    def iterations(self):
        return self.last.iterations

    def per_iteration(self):
        """Not to be had from runs that differ by too little."""
        if self.iterations() < 2:
            return None
        difference = self.seconds() - statistics.median(o.seconds for o in self.one)
        return difference / (self.iterations() - 1) if difference > 0 else None


def measure(case, data, runner, repeat):
    """{tool: Measured}, the runs taken in turn: A B C A B C ..."""
    found = {tool: Measured() for tool in runner.run}
    with h5py.File(data, "r") as file:
        deviation = file["x"][:cases.CHUNK].std(axis=0, dtype=np.float64) + 1e-30
    for turn in range(repeat):
        for tool, run in runner.run.items():
            mine = found[tool]
            if mine.problem == "not here":
                continue
            try:
                mine.one.append(run(data, case, 1))
                limit = found["Tessera"].iterations() if tool == "faiss" else case.iterations
                mine.whole.append(run(data, case, limit))
            except tools.Unavailable as error:
                print(f"  skipped: {tool}: {error}", flush=True)
                mine.problem = "not here"
                continue
            mine.last = mine.whole[-1]
            if turn == 0:
                mine.first = mine.one[0]
                mine.problem = disagreement(found["Tessera"].first, mine.first, deviation)
            else:
                mine.whole[-1] = tools.dataclasses.replace(mine.last, labels=None)
            mine.one[-1] = tools.dataclasses.replace(mine.one[-1], labels=None)
            print(f"  {turn + 1}/{repeat} {tool:28} {mine.last.seconds:9.3f} s {mine.last.iterations:5} iterations", flush=True)
    return {tool: mine for tool, mine in found.items() if mine.problem != "not here"}


def report(case, data, found, limits):
    """A Markdown table of the medians of one case."""
    ours = found["Tessera"]
    reference = inertia(data, ours.last)
    dense = found.get("Tessera dense", ours)
    lines = [f"### {case.name}: {case.title}", "",
             "| tool | seconds | iterations | ms / iteration | seconds, times Tessera's | ms / iteration, times Tessera's dense "
             "| inertia, relative to Tessera's | one iteration agrees |", "|---|---:|---:|---:|---:|---:|---:|---|"]
    dense_iteration = dense.per_iteration()
    for tool, mine in found.items():
        each = mine.per_iteration()
        lines.append(f"| {tool} {mine.last.version} | {mine.seconds():.3f} | {mine.iterations()} "
                     f"| {1e3 * each:.2f} " if each else f"| {tool} {mine.last.version} | {mine.seconds():.3f} | {mine.iterations()} | - ")
        ratio = f"{each / dense_iteration:.2f}" if each and dense_iteration else "-"
        lines[-1] += (f"| {mine.seconds() / ours.seconds():.2f} | {ratio} | {inertia(data, mine.last) / reference - 1:+.1e} "
                      f"| {mine.problem or 'yes'} |")
    best = min((mine.seconds() for tool, mine in found.items() if "scikit-learn" in tool), default=None)
    lines.append("")
    if best:
        lines.append(f"Best of scikit-learn / Tessera: {best / ours.seconds():.1f}x.")
    if dense_iteration:
        flop, size = 2.0 * case.rows * case.columns * case.k, 4.0 * case.rows * case.columns
        text = f"A dense iteration of Tessera: {flop / dense_iteration / 1e9:.1f} GFLOP/s, {size / dense_iteration / 1e9:.1f} GB/s"
        if limits:
            peak, bandwidth = limits
            text += (f"; of the FMA peak measured just before ({peak:.0f} GFLOP/s) {flop / dense_iteration / 1e9 / peak:.0%}, and "
                     f"{dense_iteration * bandwidth * 1e9 / size:.2f} times as long as reading the matrix ({bandwidth:.1f} GB/s)")
        lines.append(text + ".")
    return "\n".join(lines) + "\n"


def overall(found_by_case):
    """Each tool's seconds over all cases and starts where it ran, as a multiple of Tessera's: starts are lucky for one tool and
    unlucky for another."""
    lines = []
    for tool in sorted({tool for found in found_by_case for tool in found} - {"Tessera"}):
        pairs = [(found[tool].seconds(), found["Tessera"].seconds()) for found in found_by_case if tool in found]
        theirs, ours = map(sum, zip(*pairs))
        geometric = statistics.geometric_mean(a / b for a, b in pairs)
        lines.append(f"| {tool} | {len(pairs)} | {theirs / ours:.1f} | {geometric:.1f} | {min(a / b for a, b in pairs):.1f} |")
    return "\n".join(["### All of them, times Tessera's seconds", "", "| tool | cases | of the sum | geometric mean | least |",
                      "|---|---:|---:|---:|---:|"] + lines) + "\n"


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    runner = Runner(args)
    tables, agreed, measured = [], True, []
    with open(args.out / "kmeans_peers.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case", "rows", "columns", "k", "cores", "tool", "version", "run", "seconds", "iterations",
                        "seconds_of_one_iteration_run"])
        for case in chosen_cases(args):
            print(f"{case.name}: {case.title}, {args.cores} core(s)", flush=True)
            data = cases.prepare(case, args.real)
            limits = tools.fma_peak(args.micro) if args.cores == 1 else None
            found = measure(case, data, runner, args.repeat)
            measured.append(found)
            for tool, mine in found.items():
                agreed = agreed and mine.problem is None
                for run, (whole, one) in enumerate(zip(mine.whole, mine.one)):
                    table.writerow([case.name, case.rows, case.columns, case.k, args.cores, tool, whole.version, run,
                                    f"{whole.seconds:.6f}", whole.iterations, f"{one.seconds:.6f}"])
            file.flush()
            tables.append(report(case, data, found, limits))
            print("\n" + tables[-1], flush=True)
    if len(measured) > 1:
        tables.append(overall(measured))
        print(tables[-1])
    (args.out / "kmeans_peers.md").write_text("\n".join(tables))
    if not agreed:
        print("Results disagree: see the last column.", file=sys.stderr)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
