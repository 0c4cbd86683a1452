#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading CSV by Tessera and by its peers, side by side: the same files, one core each, in turn.

    bench/csv_peers.py --quick
    bench/csv_peers.py --repeat 7 --folder /dev/shm/csv

What is timed: a file in the page cache goes in, typed columns in memory come out. Tessera's stage `read` also hashes every id
with a key and takes a digest of the file; the peers read the id as a 64-bit integer. Every tool is told the types. Before any
time is believed, counts and means of all columns are compared. Prints a table, writes csv_peers.csv (every run) and
csv_peers.md to --out. The peers are listed in bench/requirements.txt; one that cannot be had is skipped with a word. Exit code
1: results disagree."""
import argparse
import csv
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAME_MEAN = 1e-12  # relative: sums of doubles in another order


@dataclasses.dataclass
class Case:
    """A table of an id and decimals or whole numbers, of a fixed seed."""
    name: str
    title: str
    rows: int
    columns: int
    kind: str  # decimals, whole, mixed

    def write(self, path):
        import numpy as np
        random = np.random.default_rng(5)
        with open(path, "w") as file:
            file.write("id," + ",".join(f"c{i}" for i in range(self.columns)) + "\n")
            chunk = 50_000
            for first in range(0, self.rows, chunk):
                rows = min(chunk, self.rows - first)
                values = []
                for column in range(self.columns):
                    if self.kind == "whole" or (self.kind == "mixed" and column % 3 == 1):
                        text = np.char.mod("%d", (random.lognormal(5, 3, rows) - 50).astype(np.int64))
                    else:
                        text = np.char.mod("%.3f" if self.kind == "decimals" else "%.2f", random.lognormal(3, 1, rows))
                    if self.kind == "mixed" and column % 4 == 3:
                        text[random.random(rows) < 0.1] = ""
                    values.append(text)
                ids = np.char.mod("%d", np.arange(10_000_000 + first, 10_000_000 + first + rows))
                file.writelines(",".join(row) + "\n" for row in zip(ids, *values))


CASES = [Case("decimals", "an id and 20 decimals", 500_000, 20, "decimals"),
         Case("whole", "an id and 10 whole numbers", 750_000, 10, "whole"),
         Case("mixed", "an id and 12 columns: amounts, counts, one in ten missing in every fourth", 600_000, 12, "mixed")]


# --- the peers, inside their own process: (read() -> table, means(table) -> [(count, mean)], version) -------------------
def _pandas(path, columns):
    import pandas
    types = {"id": "int64", **{c: "float64" for c in columns}}
    return (lambda: pandas.read_csv(path, engine="c", dtype=types),
            lambda t: [(int(t[c].count()), float(t[c].mean())) for c in columns], pandas.__version__)


def _pyarrow(path, columns):
    import pyarrow
    import pyarrow.compute as compute
    from pyarrow import csv as arrow_csv
    pyarrow.set_cpu_count(1)
    types = {"id": pyarrow.int64(), **{c: pyarrow.float64() for c in columns}}
    convert = arrow_csv.ConvertOptions(column_types=types)
    return (lambda: arrow_csv.read_csv(path, read_options=arrow_csv.ReadOptions(use_threads=False), convert_options=convert),
            lambda t: [(compute.count(t[c]).as_py(), compute.mean(t[c]).as_py()) for c in columns], pyarrow.__version__)


def _polars(path, columns):
    import polars
    types = {"id": polars.Int64, **{c: polars.Float64 for c in columns}}
    return (lambda: polars.read_csv(path, schema=types),
            lambda t: [(t[c].count(), t[c].mean()) for c in columns], polars.__version__)


def _duckdb(path, columns):
    import duckdb
    base = duckdb.connect(config={"threads": 1})
    types = "{'id': 'BIGINT', " + ", ".join(f"'{c}': 'DOUBLE'" for c in columns) + "}"

    def read():
        base.execute(f"CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('{path}', header=true, delim=',', columns={types})")

    def means(_):
        wanted = ", ".join(f"count({c}), avg({c})" for c in columns)
        row = base.execute(f"SELECT {wanted} FROM t").fetchone()
        return list(zip(row[::2], row[1::2]))
    return read, means, duckdb.__version__


PEERS = {"pandas (C)": _pandas, "pyarrow": _pyarrow, "polars": _polars, "duckdb": _duckdb}


def _run_here(peer, path, columns):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as small:
        with open(path) as file:
            small.writelines(line for _, line in zip(range(100), file))
        small.flush()
        PEERS[peer](small.name, columns)[0]()  # libraries load before the clock starts
    read, means, version = PEERS[peer](path, columns)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    table = read()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "means": means(table), "version": version}))


# --- from outside ----------------------------------------------------------------------------------------------------
def run_peer(python, peer, path, case):
    import tools
    environment = {**tools._environment(1), "POLARS_MAX_THREADS": "1"}
    done = subprocess.run([python, __file__, "--peer", peer, "--file", path, "--columns", str(case.columns)], text=True,
                          capture_output=True, env=environment, preexec_fn=tools._on_cores(1))
    if done.returncode:
        raise tools.Unavailable((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


def configuration(path, case):
    lines = ["[run]", 'name = "csv"', "[[table]]", 'name = "t"', f'path = "{path}"', 'key = "id"']
    for i in range(case.columns):
        lines += [f"[table.column.c{i}]", 'type = "float"']
    for i in range(case.columns):
        lines += ["[[feature]]", f'column = "c{i}"']
    return "\n".join(lines + ["[kmeans]", "k = [2]", "max_iterations = 1"]) + "\n"


def run_tessera(program, path, case):
    """seconds: of the stage `read`; the processor time of a stage is not known."""
    import h5py
    import tools
    with tempfile.TemporaryDirectory() as scratch:
        config, out = pathlib.Path(scratch) / "csv.toml", pathlib.Path(scratch) / "csv.h5"
        config.write_text(configuration(path, case))
        done = subprocess.run([program, "run", config, "-o", out], text=True, capture_output=True, env=tools._environment(1),
                              preexec_fn=tools._on_cores(1))
        if done.returncode:
            raise RuntimeError(done.stderr)
        with h5py.File(out, "r") as file:
            seconds = [float(row["seconds"]) for row in file["run/timings"][:] if row["stage"] == b"read"][0]
            statistic = file["features/statistics"]
            means = list(zip(map(int, statistic["count"][:]), map(float, statistic["mean"][:])))
            git = file["run"].attrs["git"]
            return {"seconds": seconds, "cpu": None, "means": means,
                    "version": git.decode() if isinstance(git, bytes) else git}


def disagreement(ours, theirs):
    for column, ((count, mean), (other_count, other_mean)) in enumerate(zip(ours, theirs)):
        if count != other_count or abs(mean - other_mean) > SAME_MEAN * abs(mean):
            return f"column {column} differs"
    return None


def measure(case, path, run, repeat):
    """{tool: [runs]}, taken in turn: A B C A B C ..."""
    import tools
    found, gone = {tool: [] for tool in run}, set()
    for turn in range(repeat):
        for tool, once in run.items():
            if tool in gone:
                continue
            try:
                found[tool].append(once(path, case))
            except tools.Unavailable as error:
                print(f"  skipped: {tool}: {error}", flush=True)
                gone.add(tool)
                continue
            print(f"  {turn + 1}/{repeat} {tool:12} {found[tool][-1]['seconds']:8.3f} s", flush=True)
    return {tool: runs for tool, runs in found.items() if runs}


def report(case, size, found, problems):
    ours = found["Tessera"]
    median, least = statistics.median(r["seconds"] for r in ours), min(r["seconds"] for r in ours)
    lines = [f"### {case.name}: {case.title}, {size / 1e6:.0f} MB", "",
             "| tool | median seconds | least seconds | MB/s of the least | median, times Tessera's | least, times Tessera's "
             "| same values |", "|---|---:|---:|---:|---:|---:|---|"]
    for tool, runs in found.items():
        seconds = [r["seconds"] for r in runs]
        lines.append(f"| {tool} {runs[0]['version']} | {statistics.median(seconds):.3f} | {min(seconds):.3f} "
                     f"| {size / min(seconds) / 1e6:.0f} | {statistics.median(seconds) / median:.2f} "
                     f"| {min(seconds) / least:.2f} | {problems[tool] or 'yes'} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each tool")
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES])
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/bench/csv", help="where the files are made")
    parser.add_argument("--tools", nargs="+", choices=list(PEERS), default=list(PEERS), help="the peers")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/bench/bin/tessera")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/bench")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    parser.add_argument("--columns", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return _run_here(args.peer, args.file, [f"c{i}" for i in range(args.columns)])

    import tools
    args.folder.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)
    python = tools.peer_python()
    run = {"Tessera": lambda path, case: run_tessera(args.program, path, case)}
    for peer in args.tools:
        run[peer] = lambda path, case, peer=peer: run_peer(python, peer, path, case)
    tables, agreed = [], True
    with open(args.out / "csv_peers.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case", "bytes", "rows", "columns", "tool", "version", "run", "seconds", "processor_seconds"])
        for case in CASES:
            if args.case and case.name not in args.case:
                continue
            case = dataclasses.replace(case, rows=case.rows // (10 if args.quick else 1))
            path = args.folder / f"{case.name}-{case.rows}.csv"
            if not path.exists():
                case.write(path.with_suffix(".part"))
                os.replace(path.with_suffix(".part"), path)
            print(f"{case.name}: {case.title}, {path.stat().st_size / 1e6:.0f} MB, one core", flush=True)
            found = measure(case, path, run, args.repeat)
            problems = {tool: disagreement(found["Tessera"][0]["means"], runs[0]["means"]) for tool, runs in found.items()}
            agreed = agreed and not any(problems.values())
            for tool, runs in found.items():
                for turn, one in enumerate(runs):
                    table.writerow([case.name, path.stat().st_size, case.rows, case.columns, tool, one["version"], turn,
                                    f"{one['seconds']:.6f}", one["cpu"]])
            tables.append(report(case, path.stat().st_size, found, problems))
            print("\n" + tables[-1], flush=True)
    (args.out / "csv_peers.md").write_text("\n".join(tables))
    if not agreed:
        print("Results disagree: see the last column.", file=sys.stderr)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
