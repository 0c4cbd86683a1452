# SPDX-License-Identifier: Apache-2.0
"""The data that benchmarks run on: made once, kept under build/bench/data, the same on every machine."""
import dataclasses
import gzip
import pathlib

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/bench/data"
CHUNK = 250_000  # rows drawn at a time; part of the generator's definition
SIDES = {"mixture": 10.0, "overlap": 2.0}  # of the cube of centres, in deviations of a component


@dataclasses.dataclass(frozen=True)
class Case:
    """A matrix, starting centroids, and when to stop."""
    name: str
    rows: int
    columns: int
    k: int
    iterations: int = 1000  # at most; 1000 stands for "to convergence"
    start: int = 0          # number of the starting centroids: how long Lloyd works is luck of the start
    kind: str = "mixture"   # mixture: components apart; overlap: they run into each other; or a set of real data

    @property
    def title(self):
        stop = "to convergence" if self.iterations >= 1000 else f"{self.iterations} iterations"
        return f"{self.kind}, n={self.rows:,} d={self.columns} k={self.k}, {stop}"


NAMED = {case.name: case for case in (
    Case("mixture-20", 500_000, 20, 20),
    Case("mixture-40", 300_000, 40, 100),
    Case("large", 2_000_000, 20, 20, iterations=30),
    Case("read-bound", 10_000_000, 20, 8, iterations=10),
    Case("overlap-20", 500_000, 20, 20, kind="overlap"),
    Case("overlap-40", 300_000, 40, 100, kind="overlap"),
)}
QUICK = {case.name: case for case in (
    Case("mixture-20", 50_000, 20, 20),
    Case("mixture-40", 30_000, 40, 100),
    Case("large", 200_000, 20, 20, iterations=10),
    Case("read-bound", 1_000_000, 20, 8, iterations=5),
    Case("overlap-20", 50_000, 20, 20, kind="overlap"),
    Case("overlap-40", 30_000, 40, 100, kind="overlap"),
)}
REAL = ("bank_marketing", "credit_default", "s1")


def grid(values):
    """Mixtures over d and k, `values` floats each, 20 iterations."""
    return [Case(f"grid-d{d}-k{k}", values // d, d, k, iterations=20) for d in (8, 20, 40, 100) for k in (5, 20, 100, 500)]


def real(folder):
    """Real data as far as the folder has them, standardised, at the k that fits them."""
    out = []
    for kind in REAL:
        try:
            matrix = _read_real(kind, pathlib.Path(folder))
        except OSError as error:
            print(f"skipped: {kind}: {error}")
            continue
        out += [Case(f"{kind}-k{k}", *matrix.shape, k, kind=kind) for k in (5, 20, 100)]
    return out


def _mixture(file, case):
    """Row r: the centre of one of k components, drawn uniformly, plus unit noise in every column. Centres are uniform in a
    cube. Drawn rows as a start put two centroids into some components and one between others, and Lloyd works long."""
    random = np.random.default_rng([2026, case.rows, case.columns, case.k])
    centres = random.uniform(0, SIDES[case.kind], (case.k, case.columns))
    matrix = file.create_dataset("x", (case.rows, case.columns), np.float32)
    for first in range(0, case.rows, CHUNK):
        count = min(CHUNK, case.rows - first)
        labels = random.integers(0, case.k, count)
        matrix[first:first + count] = centres[labels] + random.standard_normal((count, case.columns), np.float32)


def _read_real(kind, folder):
    if kind == "s1":
        with gzip.open(folder / "clustering/sipu_s1.data.gz", "rt") as text:
            matrix = np.loadtxt(text)
    else:
        import pandas
        path, delimiter = {"bank_marketing": ("bank_marketing/bank-additional-full.csv", ";"),
                           "credit_default": ("credit_default/default_of_credit_card_clients.csv", ",")}[kind]
        table = pandas.read_csv(folder / path, sep=delimiter).select_dtypes("number")
        matrix = table.drop(columns=[c for c in table.columns if c.lower() == "id"]).to_numpy(np.float64)
    return ((matrix - matrix.mean(axis=0)) / matrix.std(axis=0)).astype(np.float32)


def prepare(case, folder):
    """The case's HDF5 file: /x float32 [rows, columns] and /c float64 [k, columns], distinct rows drawn as a start."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"{case.kind}-{case.rows}x{case.columns}-k{case.k}-s{case.start}.h5"
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    with h5py.File(partial, "w") as file:
        if case.kind in SIDES:
            _mixture(file, case)
        else:
            file["x"] = _read_real(case.kind, pathlib.Path(folder))
        matrix = file["x"]
        random = np.random.default_rng([7, case.rows, case.columns, case.k] + [case.start] * (case.start > 0))
        start = np.empty((0, case.columns))
        for row in random.permutation(case.rows):
            candidate = matrix[row].astype(np.float64)
            if not (start == candidate).all(axis=1).any():
                start = np.vstack([start, candidate])
            if len(start) == case.k:
                break
        file["c"] = start
    partial.rename(path)
    return path
