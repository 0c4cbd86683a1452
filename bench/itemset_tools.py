# SPDX-License-Identifier: Apache-2.0
"""Runs Tessera or a peer once on a file of baskets, on a stated number of cores, and tells seconds and how many itemsets.

A peer runs in a process of its own (`python bench/itemset_tools.py PEER ...`), in bench/venv. Its clock runs from baskets in
memory, in the form that it takes, to itemsets counted (`count`) or in memory with their supports (`report`)."""
import argparse
import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import tools

ROOT = tools.ROOT


@dataclasses.dataclass
class Outcome:
    seconds: float
    itemsets: int
    version: str


def _baskets(path):
    with open(path) as file:
        return [tuple(map(int, line.split())) for line in file]


# --- the peers, inside their own process -----------------------------------------------------------------------------
def _pyfim(algorithm):
    def prepare(path, support, mode, _cores):
        import fim
        from importlib.metadata import version
        baskets = _baskets(path)
        report = "#" if mode == "count" else "a"
        if algorithm == "lcm":  # `fim` with its default, and eclat with the search of LCM: occurrence deliver
            def call():
                return fim.eclat(baskets, target="s", supp=-support, zmin=1, report=report, algo="o")
        else:
            def call():
                return getattr(fim, algorithm)(baskets, target="s", supp=-support, zmin=1, report=report)
        # The pattern spectrum is {(length, support): how many} or, in some versions, triples.
        def number(found):
            if mode != "count":
                return len(found)
            return sum(found.values()) if isinstance(found, dict) else sum(entry[-1] for entry in found)
        return call, number, version("pyfim")
    return prepare


def _mlxtend(path, support, mode, _cores):
    import numpy as np
    import pandas as pd
    from importlib.metadata import version
    from mlxtend.frequent_patterns import fpgrowth
    baskets = _baskets(path)
    table = np.zeros((len(baskets), max(map(max, filter(None, baskets))) + 1), dtype=bool)
    for row, basket in zip(table, baskets):
        row[list(basket)] = True
    frame = pd.DataFrame(table)
    # Half a basket less: its comparison of shares is in floating point.
    return (lambda: fpgrowth(frame, min_support=(support - 0.5) / len(baskets)), len, version("mlxtend"))


def _spark(path, support, mode, cores):
    import pyspark
    from pyspark.ml.fpm import FPGrowth
    from pyspark.sql import SparkSession
    session = (SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
               .config("spark.driver.memory", "8g").config("spark.sql.shuffle.partitions", str(cores)).getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    lines = session.read.text(str(path))
    from pyspark.sql import functions as f
    frame = lines.select(f.array_distinct(f.split(f.trim("value"), " +")).alias("items")).cache()
    rows = frame.count()

    def call():
        found = FPGrowth(itemsCol="items", minSupport=(support - 0.5) / rows, numPartitions=cores).fit(frame).freqItemsets
        return found.count() if mode == "count" else len(found.collect())
    FPGrowth(itemsCol="items", minSupport=0.9).fit(frame.limit(1000)).freqItemsets.count()  # the JVM warms up
    return call, int, pyspark.__version__


PEERS = {"pyfim eclat": _pyfim("eclat"), "pyfim fpgrowth": _pyfim("fpgrowth"), "pyfim eclat, LCM": _pyfim("lcm"),
         "mlxtend fpgrowth": _mlxtend, "Spark FPGrowth": _spark}


def _run_here(arguments):
    call, number, version = PEERS[arguments.peer](arguments.data, arguments.support, arguments.mode, arguments.cores)
    begin = time.perf_counter()
    found = call()
    seconds = time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "itemsets": int(number(found)), "version": version}))


# --- from outside ----------------------------------------------------------------------------------------------------
def run_peer(python, peer, data, support, mode, cores, patience):
    try:
        done = subprocess.run([python, __file__, peer, data, "--support", str(support), "--mode", mode, "--cores", str(cores)],
                              text=True, capture_output=True, env=tools._environment(cores), timeout=patience,
                              preexec_fn=tools._on_cores(cores))
    except subprocess.TimeoutExpired:
        raise tools.Unavailable(f"not done after {patience} s") from None
    if done.returncode:
        raise tools.Unavailable((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    told = json.loads(done.stdout.splitlines()[-1])
    return Outcome(told["seconds"], told["itemsets"], told["version"])


def run_lcm(program, data, support, mode, cores):
    """Uno's LCM (fim_all of its version 3). Its clock is that of the whole process: it reads, mines, and writes text."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        out = [] if mode == "count" else [str(pathlib.Path(scratch) / "out.txt")]
        begin = time.perf_counter()
        done = subprocess.run([program, data, str(support), *out], text=True, capture_output=True, preexec_fn=tools._on_cores(cores))
        seconds = time.perf_counter() - begin
    numbers = re.findall(r"^(\d+)\s*$", done.stdout, re.M)
    if done.returncode or not numbers:
        raise tools.Unavailable(f"exit code {done.returncode}, no count on its output")
    return Outcome(seconds, int(numbers[0]) - 1, "3.0")  # the empty set is one of its itemsets


def run_tessera(program, data, support, mode, cores):
    """count: the stage `itemsets` of --count-only. report: all stages, from the file to all itemsets in HDF5 on /dev/shm."""
    launcher = [] if cores == 1 else [ROOT / "scripts/mpirun.sh", str(cores)]
    version = subprocess.run([program, "--version"], text=True, capture_output=True).stdout.split("(")[-1].strip(" )\n")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        out = pathlib.Path(scratch) / "out.h5"
        where = ["--count-only"] if mode == "count" else ["-o", out]
        done = subprocess.run([*launcher, program, "itemsets", data, "--min-support", str(support), "--max-itemsets",
                               str(10**15), *where], text=True, capture_output=True, env=tools._environment(1),
                              preexec_fn=tools._on_cores(cores))
        if done.returncode:
            raise RuntimeError(done.stderr)
        if mode == "count":
            return Outcome(float(re.search(r"itemsets +done in ([\d.]+) s", done.stderr).group(1)), int(done.stdout), version)
        import h5py
        with h5py.File(out, "r") as file:
            return Outcome(float(file["run/timings"]["seconds"].sum()), int(file["itemsets"].attrs["itemsets"]), version)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("data")
    parser.add_argument("--support", type=int, required=True)
    parser.add_argument("--mode", choices=("count", "report"), required=True)
    parser.add_argument("--cores", type=int, required=True)
    _run_here(parser.parse_args())
