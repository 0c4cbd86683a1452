#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scaling_table.py {strong,weak}-<ranks>-<turn>.h5... --csv FILE --svg FILE: how a run's time goes with the number of ranks.

A row a kind and number of ranks, with the median seconds of all stages and of K-means over the turns. Strong scaling, the
same customers on more ranks: speed-up is the time on the fewest ranks over this one, efficiency that over the growth in
ranks. Weak scaling, customers grow with ranks: efficiency is the time on the fewest ranks over this one. Needs h5py."""
import argparse
import csv
import pathlib
import re
import statistics
import sys

import h5py

import svg_chart

COLUMNS = ("kind", "ranks", "hosts", "customers", "turns", "seconds", "kmeans_seconds", "speedup", "efficiency")


def measured(paths):
    """{(kind, ranks): {"seconds": [...], "kmeans_seconds": [...], "customers": n, "hosts": n}}"""
    out = {}
    for path in map(pathlib.Path, paths):
        name = re.fullmatch(r"(strong|weak)-(\d+)-\d+\.h5", path.name)
        if name is None:
            raise ValueError(f"{path}: the name of a result is strong-<ranks>-<turn>.h5 or weak-...")
        with h5py.File(path, "r") as file:
            timings = file["run/timings"][()]
            point = out.setdefault((name[1], int(name[2])), {"seconds": [], "kmeans_seconds": []})
            if int(file["run"].attrs["ranks"]) != int(name[2]):
                raise ValueError(f"{path} was written by {file['run'].attrs['ranks']} ranks")
            point["seconds"].append(float(timings["seconds"].sum()))
            point["kmeans_seconds"].append(float(timings["seconds"][timings["stage"] == b"kmeans"].sum()))
            point["customers"], point["hosts"] = len(file["customers/segment"]), len(file["run/hosts"])
    return out


def table(points):
    """The rows of the CSV, by kind and ranks."""
    rows, first = [], {}
    for (kind, ranks), point in sorted(points.items()):
        seconds = statistics.median(point["seconds"])
        fewest, alone = first.setdefault(kind, (ranks, seconds))
        speedup = alone / seconds * (1 if kind == "strong" else ranks / fewest)
        rows.append({"kind": kind, "ranks": ranks, "hosts": point["hosts"], "customers": point["customers"],
                     "turns": len(point["seconds"]), "seconds": round(seconds, 4),
                     "kmeans_seconds": round(statistics.median(point["kmeans_seconds"]), 4),
                     "speedup": round(speedup, 3), "efficiency": round(speedup * fewest / ranks, 3)})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+")
    parser.add_argument("--csv", required=True)
    parser.add_argument("--svg", required=True)
    options = parser.parse_args()
    try:
        rows = table(measured(options.results))
    except (OSError, ValueError) as error:
        sys.exit(f"scaling_table.py: {error}")
    with open(options.csv, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines = {kind: [(row["ranks"], row["speedup"]) for row in rows if row["kind"] == kind] for kind in ("strong", "weak")}
    ranks = sorted({row["ranks"] for row in rows})
    series = [(f"{kind} scaling", points) for kind, points in lines.items() if points]
    series.append(("ideal", [(count, count / ranks[0]) for count in ranks]))
    chart = svg_chart.line_chart("Scaling", "ranks", "speed-up", series, logarithmic=True)
    pathlib.Path(options.svg).write_text(chart, encoding="utf-8")
    for row in rows:
        print(f"{row['kind']:6} {row['ranks']:6} ranks {row['seconds']:10.3f} s  efficiency {row['efficiency']:.2f}")


if __name__ == "__main__":
    main()
