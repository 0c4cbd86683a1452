#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_runs.py RESULT.h5... --csv FILE --svg FILE: one table and one plot of several runs (jobs/gather.sbatch).

The table has a row a model (a number of segments k) of a run, and one row for a run without models; `selected` tells the
model that the run chose. The plot has the simplified silhouette over k, a line a run. Needs h5py and numpy only."""
import argparse
import csv
import pathlib
import sys

import h5py
import numpy as np

import svg_chart

MEASURES = ("inertia", "simplified_silhouette", "calinski_harabasz", "davies_bouldin", "converged")
COLUMNS = ("file", "run", "config_digest", "customers", "features", "k", "selected", *MEASURES, "smallest", "largest",
           "itemsets", "rules", "ranks", "seconds", "peak_memory_bytes")


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def rows_of(path):
    """The table's rows of one result file: [{column: value}]."""
    with h5py.File(path, "r") as file:
        if text(file.attrs.get("format", "")) != "tessera result":
            raise ValueError(f"{path} is not a result file of Tessera")
        run = file["run"]
        common = {"file": pathlib.Path(path).name, "run": text(run.attrs.get("name", "")),
                  "config_digest": text(run.attrs.get("config_digest", "")), "ranks": int(run.attrs["ranks"]),
                  "peak_memory_bytes": int(run.attrs["peak_memory_bytes"]),
                  "seconds": f"{run['timings']['seconds'].sum():.3f}"}
        if "customers/segment" in file:
            common["customers"] = len(file["customers/segment"])
        if "features/name" in file:
            common["features"] = len(file["features/name"])
        if "itemsets" in file:
            common["itemsets"] = int(file["itemsets"].attrs["itemsets"])
        if "rules/lift" in file:
            common["rules"] = len(file["rules/lift"])
        models = file.get("model", {})
        chosen = models["selected"] if "selected" in models else None
        rows = []
        for k in sorted((name for name in models if name.isdigit()), key=int):
            model = models[k]
            size = model["size"][()]
            rows.append({**common, "k": int(k), "selected": int(model == chosen), "smallest": int(size.min()),
                         "largest": int(size.max()),
                         **{name: np.asarray(model.attrs[name]).item() for name in MEASURES if name in model.attrs}})
        return rows or [common]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+")
    parser.add_argument("--csv", required=True)
    parser.add_argument("--svg", required=True)
    options = parser.parse_args()
    try:
        rows = [row for path in options.results for row in rows_of(path)]
    except (OSError, ValueError) as error:
        sys.exit(f"compare_runs.py: {error}")
    with open(options.csv, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    lines = {}
    for row in rows:
        if "simplified_silhouette" in row:
            lines.setdefault(row["file"], []).append((row["k"], row["simplified_silhouette"]))
    if lines:
        chart = svg_chart.line_chart("Runs compared", "segments (k)", "simplified silhouette", list(lines.items()))
        pathlib.Path(options.svg).write_text(chart, encoding="utf-8")
    for row in rows:
        if row.get("selected", 1):
            print(f"{row['file']}: k {row.get('k', '-')}, silhouette {row.get('simplified_silhouette', float('nan')):.4f}, "
                  f"{row.get('itemsets', 0):,} itemsets, {row.get('rules', 0):,} rules, {row['seconds']} s")


if __name__ == "__main__":
    main()
