#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From a bank's transactions to 25 numbers a customer, by Tessera and by pandas and DuckDB, side by side.

    /usr/bin/python3 bench/customer_view_peers.py --quick
    /usr/bin/python3 bench/customer_view_peers.py --customers 1000000 --transactions 50000000 --cores 2
    /usr/bin/python3 bench/customer_view_peers.py --tools --cores 1        Tessera alone, on one rank

What is timed: files in the page cache go in; a row a customer with the 25 aggregates is in memory in the end (Tessera: all
stages until then, keys and digests of the files included). Memory is the peak of all processes together. Before any time is
believed, all values of all customers are compared: counts exactly, the rest to 1e-9. Writes customer_view_peers.md to --out. The
peers are listed in bench/requirements.txt; one that cannot be had is skipped with a word. Exit code 1: results disagree."""
import argparse
import dataclasses
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import tools

AS_OF = "2026-09-30"
PARTS = 64
TYPES = ["DEBIT", "CREDIT", "SALARY", "FEE"]
CHANNELS = ["web", "atm", "branch", "card"]
CLOSE = 1e-9  # relative, for sums and what comes of them


@dataclasses.dataclass(frozen=True)
class Aggregate:
    """One column of the view: Tessera's keys, and the same for DuckDB (over t with its column `age` in days)."""
    name: str
    keys: str
    sql: str
    is_count: bool = False


def _aggregates():
    out = []
    for days, window in ((0, ""), (90, "age < 90"), (30, "age < 30")):
        within, suffix = (f" filter (where {window})" if window else "", f"{days}d" if days else "all")
        key = f"\nwindow_days = {days}" if days else ""
        out += [Aggregate(f"n_{suffix}", f'aggregate = "count"{key}', f"count(*){within}", True),
                Aggregate(f"sum_{suffix}", f'aggregate = "sum"\ncolumn = "amount"{key}', f"coalesce(sum(amount){within}, 0)"),
                Aggregate(f"mean_{suffix}", f'aggregate = "mean"\ncolumn = "amount"{key}', f"avg(amount){within}"),
                Aggregate(f"min_{suffix}", f'aggregate = "min"\ncolumn = "amount"{key}', f"min(amount){within}"),
                Aggregate(f"max_{suffix}", f'aggregate = "max"\ncolumn = "amount"{key}', f"max(amount){within}")]
    for kind in ("DEBIT", "CREDIT"):
        where = f'\nwindow_days = 90\nwhere = {{ type = ["{kind}"] }}'
        test = f"filter (where age < 90 and type = '{kind}')"
        out += [Aggregate(f"n_{kind}", f'aggregate = "count"{where}', f"count(*) {test}", True),
                Aggregate(f"sum_{kind}", f'aggregate = "sum"\ncolumn = "amount"{where}', f"coalesce(sum(amount) {test}, 0)")]
    out += [Aggregate("std_all", 'aggregate = "std"\ncolumn = "amount"', "stddev_samp(amount)"),
            Aggregate("channels", 'aggregate = "distinct"\ncolumn = "channel"', "count(distinct channel)", True),
            Aggregate("web", 'aggregate = "share"\ncolumn = "channel"\ncategory = ["web"]', "avg(case when channel = 'web' then 1.0 else 0.0 end)"),
            Aggregate("recency", 'aggregate = "recency"', "min(age)", True),
            Aggregate("months", 'aggregate = "active_months"', "count(distinct month)", True),
            Aggregate("frequency", 'aggregate = "frequency"\nwindow_days = 90', "count(*) filter (where age < 90) / 3.0")]
    return out


AGGREGATES = _aggregates()
assert len(AGGREGATES) == 25


# --- data ------------------------------------------------------------------------------------------------------------
def write_data(folder, customers, transactions):
    """customers.csv and PARTS parts of transactions, in no order of customers; run by an interpreter that has pyarrow."""
    import pyarrow
    from pyarrow import csv as arrow_csv
    random = np.random.default_rng(2026)
    ids = random.permutation(np.arange(10_000_000, 10_000_000 + customers))
    activity = random.lognormal(0, 1, customers).cumsum()
    arrow_csv.write_csv(pyarrow.table({"customer_id": ids}), folder / "customers.csv")
    first = np.datetime64("2025-10-01")
    for part in range(PARTS):
        rows = transactions * (part + 1) // PARTS - transactions * part // PARTS
        who = np.minimum(np.searchsorted(activity, random.uniform(0, activity[-1], rows)), customers - 1)
        days = first + random.integers(0, 365, rows).astype("timedelta64[D]")
        text = lambda names, shares: pyarrow.DictionaryArray.from_arrays(
            pyarrow.array(random.choice(len(names), rows, p=shares).astype(np.int32)), pyarrow.array(names)).dictionary_decode()
        arrow_csv.write_csv(pyarrow.table({
            "customer_id": ids[who], "date": pyarrow.array(days.astype("datetime64[D]")),
            "amount": np.round(random.lognormal(4, 1.2, rows), 2), "type": text(TYPES, [0.7, 0.2, 0.05, 0.05]),
            "channel": text(CHANNELS, [0.4, 0.1, 0.1, 0.4])}), folder / f"transactions-{part:02}.csv")


# --- the peers, in their own process: (customer ids ascending, [columns] in the order of AGGREGATES) --------------------
def _duckdb(folder, cores):
    import duckdb
    base = duckdb.connect(config={"threads": cores})
    columns = ", ".join(f"{a.sql} as \"{a.name}\"" for a in AGGREGATES)
    types = "{'customer_id': 'BIGINT', 'date': 'DATE', 'amount': 'DOUBLE', 'type': 'VARCHAR', 'channel': 'VARCHAR'}"

    def work():
        base.execute(f"""create table view as with t as (select *, date '{AS_OF}' - date as age, date_trunc('month', date) as month
            from read_csv('{folder}/transactions-*.csv', header=true, delim=',', columns={types})),
            grouped as (select customer_id, {columns} from t group by customer_id)
            select c.customer_id, grouped.* exclude (customer_id)
            from read_csv('{folder}/customers.csv', header=true, columns={{'customer_id': 'BIGINT'}}) c
            left join grouped on c.customer_id = grouped.customer_id""")
    def result():
        found = base.execute("select * from view order by customer_id").fetchnumpy()
        return found["customer_id"], [np.ma.filled(np.ma.asarray(found[a.name], float), np.nan) for a in AGGREGATES]
    return work, result, duckdb.__version__


def _pandas(folder, cores):
    import pandas
    view = {}

    def work():
        types = {"customer_id": "int64", "amount": "float64", "type": pandas.CategoricalDtype(TYPES), "channel": pandas.CategoricalDtype(CHANNELS)}
        t = pandas.concat([pandas.read_csv(file, dtype=types, parse_dates=["date"], engine="c")
                           for file in sorted(folder.glob("transactions-*.csv"))], ignore_index=True)
        customers = pandas.read_csv(folder / "customers.csv").set_index("customer_id").sort_index()
        t["age"] = (pandas.Timestamp(AS_OF) - t["date"]).dt.days
        t["month"] = t["date"].dt.year * 12 + t["date"].dt.month
        t["web"] = (t["channel"] == "web").astype("float64")
        out = pandas.DataFrame(index=customers.index)
        for suffix, rows in (("all", t), ("90d", t[t.age < 90]), ("30d", t[t.age < 30])):
            amounts = rows.groupby("customer_id")["amount"].agg(["size", "sum", "mean", "min", "max"])
            out[[f"n_{suffix}", f"sum_{suffix}", f"mean_{suffix}", f"min_{suffix}", f"max_{suffix}"]] = amounts
        for kind in ("DEBIT", "CREDIT"):
            out[[f"n_{kind}", f"sum_{kind}"]] = t[(t.age < 90) & (t.type == kind)].groupby("customer_id")["amount"].agg(["size", "sum"])
        by = t.groupby("customer_id")
        out["std_all"], out["web"], out["recency"] = by["amount"].std(), by["web"].mean(), by["age"].min()
        out["channels"] = t[["customer_id", "channel"]].drop_duplicates().groupby("customer_id").size()
        out["months"] = t[["customer_id", "month"]].drop_duplicates().groupby("customer_id").size()
        out["frequency"] = out["n_90d"] / 3.0
        zero = [a.name for a in AGGREGATES if a.name.startswith(("n_", "sum_")) or a.name in ("channels", "months", "frequency")]
        out[zero] = out[zero].fillna(0)
        view["view"] = out
    def result():
        return view["view"].index.to_numpy(), [view["view"][a.name].to_numpy(float) for a in AGGREGATES]
    return work, result, pandas.__version__


PEERS = {"pandas": _pandas, "DuckDB": _duckdb}


def _run_here(peer, folder, cores, out):
    work, result, version = PEERS[peer](folder, cores)
    begin = time.perf_counter()
    work()
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ids, columns = result()
    np.savez(out, ids=ids, **{a.name: np.nan_to_num(column, nan=0.0) if a.sql.startswith(("count", "coalesce")) else column
                              for a, column in zip(AGGREGATES, columns)})
    print(json.dumps({"seconds": seconds, "peak": peak, "version": version}))


# --- from outside ----------------------------------------------------------------------------------------------------
def run_peer(python, peer, folder, cores, out):
    done = subprocess.run([python, __file__, "--peer", peer, "--folder", folder, "--cores", str(cores), "--values", out], text=True,
                          capture_output=True, env=tools._environment(cores), preexec_fn=tools._on_cores(cores))
    if done.returncode:
        raise tools.Unavailable((done.stderr.strip().splitlines() or [f"ended by {done.returncode}"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


def configuration(folder):
    text = f"""[run]
name = "customer view"
as_of = {AS_OF}
write_features = true
[[table]]
name = "customers"
path = ["{folder}/customers.csv"]
key = "customer_id"
[[table]]
name = "transactions"
path = ["{folder}/transactions-*.csv"]
key = "customer_id"
date = "date"
[table.column.date]
type = "date"
[table.column.amount]
type = "float"
[table.column.type]
type = "category"
[table.column.channel]
type = "category"
[kmeans]
k = [2]
max_iterations = 1
"""
    for aggregate in AGGREGATES:
        text += f'[[feature]]\nname = "{aggregate.name}"\ntable = "transactions"\n{aggregate.keys}\n'
    return text


def run_tessera(program, folder, cores):
    """seconds: until the customer matrix stands; values by key, in the order of ids that hash_ids() gives."""
    import h5py
    with tempfile.TemporaryDirectory() as scratch:
        config, out = pathlib.Path(scratch) / "view.toml", pathlib.Path(scratch) / "view.h5"
        config.write_text(configuration(folder))
        launcher = [] if cores == 1 else [tools.ROOT / "scripts/mpirun.sh", str(cores)]
        done = subprocess.run([*launcher, program, "run", config, "-o", out], text=True, capture_output=True,
                              env=tools._environment(1), preexec_fn=tools._on_cores(cores))
        if done.returncode:
            sys.exit(done.stderr)
        with h5py.File(out, "r") as file:
            stages = {row["stage"].decode(): float(row["seconds"]) for row in file["run/timings"][:]}
            wanted = ("read", "place", "aggregate", "items", "features")
            git = file["run"].attrs["git"]
            return {"seconds": sum(stages.get(stage, 0) for stage in wanted), "stages": stages,
                    "peak": int(file["run"].attrs["peak_memory_bytes"]), "version": git.decode() if isinstance(git, bytes) else git,
                    "keys": file["customers/key"][:], "values": {a.name: file[f"customers/view/{a.name}"][:] for a in AGGREGATES}}


def in_order_of_ids(ours, folder):
    """Tessera's rows, ascending by key, in ascending order of ids. Without a key file the key of the hash is zero."""
    import hashlib
    ids = np.sort(np.loadtxt(folder / "customers.csv", skiprows=1, dtype=np.int64))
    digests = np.frombuffer(b"".join(hashlib.blake2b(str(i).encode(), key=bytes(32), digest_size=16).digest() for i in ids), "V16")
    keys = np.ascontiguousarray(ours["keys"]).view("V16").ravel()
    order = {key.tobytes(): row for row, key in enumerate(keys)}
    rows = np.array([order[key.tobytes()] for key in digests])
    return ids, {name: values[rows] for name, values in ours["values"].items()}


def disagreement(ids, ours, values):
    with np.load(values) as theirs:
        if not np.array_equal(ids, theirs["ids"]):
            return "other customers"
        for aggregate in AGGREGATES:
            mine, other = ours[aggregate.name], theirs[aggregate.name]
            close = 0 if aggregate.is_count else CLOSE
            same = np.isclose(mine, other, rtol=close, atol=close, equal_nan=True)
            if not same.all():
                gap = np.where(same, -1, np.nan_to_num(np.abs(mine - other), nan=np.inf))  # only one has a value: the worst
                worst = int(np.argmax(gap))
                return f"{aggregate.name}: {mine[worst]} and {other[worst]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 customers and 1 M transactions")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--transactions", type=int, default=50_000_000)
    parser.add_argument("--cores", type=int, default=2, help="Tessera's ranks and DuckDB's threads; pandas uses one")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each tool, in turn")
    parser.add_argument("--tools", nargs="*", choices=list(PEERS), default=list(PEERS), help="the peers")
    parser.add_argument("--folder", type=pathlib.Path, default=tools.ROOT / "build/bench/view", help="where the files are made")
    parser.add_argument("--program", type=pathlib.Path, default=tools.ROOT / "build/bench/bin/tessera")
    parser.add_argument("--out", type=pathlib.Path, default=tools.ROOT / "build/bench")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--values", type=pathlib.Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer:
        return _run_here(args.peer, args.folder, args.cores, args.values)
    if args.write:
        return write_data(args.folder, args.customers, args.transactions)
    if args.quick:
        args.customers, args.transactions = 20_000, 1_000_000

    python = tools.peer_python()
    folder = args.folder / f"{args.customers}-{args.transactions}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([python, __file__, "--write", "--folder", folder, "--customers", str(args.customers), "--transactions",
                        str(args.transactions)], check=True)
        (folder / "complete").touch()
    files = sorted(folder.glob("*.csv"))
    for file in files:  # into the page cache
        with open(file, "rb") as bytes_of:
            while bytes_of.read(1 << 24):
                pass
    size = sum(file.stat().st_size for file in files)
    title = f"{args.customers:,} customers, {args.transactions:,} transactions, {size / 1e9:.2f} GB in {PARTS} parts, {args.cores} cores"
    print(title, flush=True)
    runs, problems, gone = {"Tessera": []}, {}, set()
    values = {peer: folder / f"{peer}.npz" for peer in args.tools}
    for turn in range(args.repeat):
        ours = run_tessera(args.program, folder, args.cores)
        runs["Tessera"].append(ours)
        print(f"  Tessera {ours['seconds']:.1f} s, {ours['peak'] / 2**30:.2f} GiB; stages: "
              + ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in ours["stages"].items()), flush=True)
        for peer in args.tools:
            if peer in gone:
                continue
            try:
                one = run_peer(python, peer, folder, args.cores, values[peer])
                runs.setdefault(peer, []).append(one)
                print(f"  {peer} {one['seconds']:.1f} s, {one['peak'] / 2**30:.2f} GiB", flush=True)
            except tools.Unavailable as error:
                print(f"  skipped: {peer}: {error}", flush=True)
                gone.add(peer)
    if len(runs) > 1:
        ids, columns = in_order_of_ids(runs["Tessera"][0], folder)
        problems = {peer: disagreement(ids, columns, values[peer]) for peer in runs if peer != "Tessera"}
    median = {tool: statistics.median(one["seconds"] for one in of_tool) for tool, of_tool in runs.items() if of_tool}
    lines = [f"### {title}", "", "| tool | median seconds | times Tessera's | peak memory | same values |", "|---|---:|---:|---:|---|"]
    for tool in median:
        lines.append(f"| {tool} {runs[tool][0]['version']} | {median[tool]:.1f} | {median[tool] / median['Tessera']:.1f} "
                     f"| {max(one['peak'] for one in runs[tool]) / 2**30:.2f} GiB | {problems.get(tool) or 'yes'} |")
    print("\n" + "\n".join(lines))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "customer_view_peers.md").write_text("\n".join(lines) + "\n")
    return 1 if any(problems.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
