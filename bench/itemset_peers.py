#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Frequent itemsets by Tessera and by its peers, side by side: the same baskets, the same support, the same cores, in turn.

    bench/itemset_peers.py --quick
    bench/itemset_peers.py --set chess --set retail --mode count --repeat 5
    bench/itemset_peers.py --set bank --bank-rows 1000000 --cores 2
    bench/itemset_peers.py --lcm /path/to/fim_all

Two modes. `count`: baskets in memory go in, the number of all frequent itemsets comes out (Tessera: the stage `itemsets` of
--count-only; pyfim: report='#'). `report`: every itemset with its support is put where it can be read (Tessera: in HDF5 on
/dev/shm, with all stages of /run/timings, reading included; pyfim, mlxtend and Spark: in memory; LCM, a program: its
whole process, reading and text on /dev/shm included). Counts must agree before times are believed; the empty set
is not counted. Data: `fimi` of ../shared/data (--data), and baskets of a bank (bench/bank_baskets.py). Prints a table of
medians, writes itemset_peers.csv (every run) and itemset_peers.md to --out. Peers are listed in bench/requirements.txt; one
that cannot be had, or does not finish within --patience, is skipped with a word. Exit code 1: counts disagree."""
import argparse
import csv
import gzip
import pathlib
import shutil
import statistics
import sys

import bank_baskets
import itemset_tools
import tools

CACHE = tools.ROOT / "build/bench/data"
SUPPORTS = {"count": {"chess": (1278, 1000), "mushroom": (400, 150), "connect": (54046, 44000), "T10I4D100K": (50, 5),
                      "retail": (20, 5), "bank": ("1%",)},
            "report": {"chess": (1278,), "mushroom": (400,), "connect": (54046,), "T10I4D100K": (50, 5), "retail": (20, 5),
                       "bank": ("1%",)}}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", choices=list(SUPPORTS["count"]), help="of baskets; several may be given")
    parser.add_argument("--mode", action="append", choices=list(SUPPORTS), help="both, unless said")
    parser.add_argument("--support", action="append", help="counts, or shares such as 1%%, instead of the usual ones")
    parser.add_argument("--bank-rows", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="one support of each set, one run")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each tool")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--patience", type=float, default=120, help="seconds that a peer may take")
    parser.add_argument("--tools", nargs="*", choices=list(itemset_tools.PEERS), default=list(itemset_tools.PEERS))
    parser.add_argument("--lcm", type=pathlib.Path, help="fim_all, the program of LCM 3")
    parser.add_argument("--data", type=pathlib.Path, default=tools.ROOT.parent / "shared/data/fimi")
    parser.add_argument("--program", type=pathlib.Path, default=tools.ROOT / "build/bench/bin/tessera")
    parser.add_argument("--out", type=pathlib.Path, default=tools.ROOT / "build/bench")
    return parser.parse_args()


def prepare(name, args):
    """The file of a set, plain; None where there is no such file."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if name == "bank":
        path = CACHE / f"bank-{args.bank_rows}.dat"
        if not path.exists():
            bank_baskets.write(path.with_suffix(".tmp"), args.bank_rows)
            path.with_suffix(".tmp").rename(path)
        return path
    plain, packed = args.data / f"{name}.dat", args.data / f"{name}.dat.gz"
    if plain.exists() or not packed.exists():
        return plain if plain.exists() else None
    path = CACHE / f"{name}.dat"
    if not path.exists():
        with gzip.open(packed) as source, open(path, "wb") as target:
            shutil.copyfileobj(source, target)
    return path


def rows_of(path):
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def count_of(support, rows):
    return -(-rows * int(support[:-1]) // 100) if isinstance(support, str) and support.endswith("%") else int(support)


def runners(args):
    """{tool: run(data, support, mode)}"""
    python = tools.peer_python()
    run = {"Tessera": lambda *case: itemset_tools.run_tessera(args.program, *case, args.cores)}
    for peer in args.tools:
        if args.cores == 1 or peer == "Spark FPGrowth":  # the others use one core
            run[peer] = lambda *case, peer=peer: itemset_tools.run_peer(python, peer, *case, args.cores, args.patience)
    if args.lcm and args.cores == 1:
        run["LCM"] = lambda *case: itemset_tools.run_lcm(args.lcm, *case, args.cores)
    return run


def measure(run, case, repeat):
    """({tool: [Outcome]}, {tool: why it was skipped}), the runs taken in turn: A B C A B C ..."""
    found, skipped = {tool: [] for tool in run}, {}
    for turn in range(repeat):
        for tool, once in run.items():
            if tool in skipped:
                continue
            try:
                found[tool].append(once(*case))
            except tools.Unavailable as error:
                skipped[tool] = str(error)
                print(f"  skipped: {tool}: {error}", flush=True)
                continue
            print(f"  {turn + 1}/{repeat} {tool:20} {found[tool][-1].seconds:9.3f} s {found[tool][-1].itemsets:12,} itemsets", flush=True)
    return {tool: outcomes for tool, outcomes in found.items() if outcomes}, skipped


def report(title, found, skipped):
    ours = statistics.median(o.seconds for o in found["Tessera"])
    lines = [f"### {title}", "", "| tool | median s | least s | times Tessera's median | itemsets |", "|---|---:|---:|---:|---:|"]
    for tool, outcomes in found.items():
        seconds = [o.seconds for o in outcomes]
        lines.append(f"| {tool} {outcomes[0].version} | {statistics.median(seconds):.3f} | {min(seconds):.3f} "
                     f"| {statistics.median(seconds) / max(ours, 1e-3):.2f} | {outcomes[0].itemsets:,} |")
    lines += [f"| {tool} | {why} | | | |" for tool, why in skipped.items()]
    return "\n".join(lines) + "\n"


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    run, tables, agreed = runners(args), [], True
    with open(args.out / "itemset_peers.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["set", "rows", "support", "mode", "cores", "tool", "version", "run", "seconds", "itemsets"])
        for mode in args.mode or list(SUPPORTS):
            for name in args.set or list(SUPPORTS[mode]):
                data = prepare(name, args)
                if data is None:
                    print(f"skipped: {name}: no such file in {args.data}", flush=True)
                    continue
                rows = rows_of(data)
                for support in (args.support or SUPPORTS[mode][name])[:1 if args.quick else None]:
                    count = count_of(support, rows)
                    title = f"{name}, {rows:,} baskets, support {count:,}, {mode}, {args.cores} core(s)"
                    print(title, flush=True)
                    found, skipped = measure(run, (data, count, mode), 1 if args.quick else args.repeat)
                    numbers = {o.itemsets for outcomes in found.values() for o in outcomes}
                    if len(numbers) > 1:
                        agreed = False
                        print(f"  counts disagree: {sorted(numbers)}", file=sys.stderr)
                    for tool, outcomes in found.items():
                        for number, o in enumerate(outcomes):
                            table.writerow([name, rows, count, mode, args.cores, tool, o.version, number, f"{o.seconds:.6f}", o.itemsets])
                    file.flush()
                    tables.append(report(title, found, skipped))
                    print("\n" + tables[-1], flush=True)
    (args.out / "itemset_peers.md").write_text("\n".join(tables))
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
