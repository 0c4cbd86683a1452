# SPDX-License-Identifier: Apache-2.0
"""Runs Tessera or a peer once on a prepared case, on a stated number of cores, and tells what it did.

A peer runs in a process of its own (`python bench/tools.py PEER ...`), in bench/venv where that has it: libraries with
different thread pools do not meet, and each starts afresh. What is timed is the same for all: a matrix in memory goes in,
centroids and labels come out."""
import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / "bench/venv"
DEBIAN = pathlib.Path("/usr/bin/python3")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclasses.dataclass
class Outcome:
    seconds: float
    iterations: int
    centroids: np.ndarray
    labels: np.ndarray
    version: str


class Unavailable(Exception):
    """A peer that this machine does not have; the text says why."""


# --- the peers, inside their own process -----------------------------------------------------------------------------
def _scikit_learn(algorithm):
    def fit(x, start, iterations):
        import sklearn
        from sklearn.cluster import KMeans
        model = KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0, algorithm=algorithm)
        return lambda: model.fit(x), lambda m: (m.n_iter_, m.cluster_centers_, m.labels_), sklearn.__version__
    return fit


def _onedal(x, start, iterations):
    from importlib.metadata import version
    from sklearnex.cluster import KMeans
    model = KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
    return lambda: model.fit(x), lambda m: (m.n_iter_, m.cluster_centers_, m.labels_), version("scikit-learn-intelex")


def _daal4py(x, start, iterations):
    from importlib.metadata import version
    import daal4py
    method = daal4py.kmeans(nClusters=len(start), maxIterations=iterations, accuracyThreshold=0, fptype="float",
                            assignFlag=True)
    return (lambda: method.compute(x, start),
            lambda r: (int(r.nIterations[0][0]), r.centroids, r.assignments.ravel()), version("daal"))


def _faiss(x, start, iterations):
    """Has no rule to stop by: it makes exactly so many iterations, and labels are not part of its training."""
    import faiss
    model = faiss.Kmeans(x.shape[1], len(start), niter=iterations, min_points_per_centroid=1,
                         max_points_per_centroid=len(x))

    def result(_):
        index = faiss.IndexFlatL2(x.shape[1])
        index.add(model.centroids)
        return iterations, model.centroids, index.search(x, 1)[1].ravel()
    return lambda: model.train(x, init_centroids=start), result, faiss.__version__


PEERS = {"scikit-learn lloyd": _scikit_learn("lloyd"), "scikit-learn elkan": _scikit_learn("elkan"),
         "faiss": _faiss, "oneDAL": _onedal, "daal4py": _daal4py}


def _run_here(arguments):
    with h5py.File(arguments.data, "r") as file:
        x, start = file["x"][:], file["c"][:].astype(np.float32)
    make = PEERS[arguments.peer]
    make(x[:len(start) * 4 + 100], start, 2)[0]()  # libraries load and threads start before the clock does
    fit, result, version = make(x, start, arguments.iterations)
    begin = time.perf_counter()
    fitted = fit()
    seconds = time.perf_counter() - begin
    iterations, centroids, labels = result(fitted)
    np.savez(arguments.out, centroids=centroids, labels=labels)
    print(json.dumps({"seconds": seconds, "iterations": int(iterations), "version": version}))


# --- from outside ----------------------------------------------------------------------------------------------------
def _on_cores(cores):
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, allowed)


def _environment(cores):
    return {**os.environ, **{name: str(cores) for name in THREADS}}


def peer_python():
    """The interpreter of bench/venv, made at the first call; without a package index, Debian's."""
    python = VENV / "bin/python"
    if not (VENV / "complete").exists():
        print("making bench/venv for the peers", file=sys.stderr)
        try:
            subprocess.run([DEBIAN, "-m", "venv", VENV], check=True, capture_output=True)
            needed = [line for line in (ROOT / "bench/requirements.txt").read_text().split("\n") if line and line[0] != "#"]
            for package in needed:  # one by one: what cannot be had does not take the others along
                done = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package],
                                      text=True, capture_output=True, timeout=600)
                if done.returncode:
                    print(f"not installed: {package}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}", file=sys.stderr)
            (VENV / "complete").touch()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"no bench/venv: {error}", file=sys.stderr)
    for candidate in (python, DEBIAN):
        if candidate.exists() and subprocess.run([candidate, "-c", "import h5py, numpy"], capture_output=True).returncode == 0:
            return candidate
    return pathlib.Path(sys.executable)


def run_peer(python, peer, data, iterations, cores):
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "result.npz"
        done = subprocess.run([python, __file__, peer, data, out, "--iterations", str(iterations)], text=True,
                              capture_output=True, env=_environment(cores), preexec_fn=_on_cores(cores))
        if done.returncode:
            raise Unavailable((done.stderr.strip().splitlines() or ["no reason given"])[-1])
        told = json.loads(done.stdout.splitlines()[-1])
        with np.load(out) as arrays:
            return Outcome(told["seconds"], told["iterations"], arrays["centroids"], arrays["labels"], told["version"])


def has_option(program, option):
    return option in subprocess.run([program, "kmeans", "--help"], text=True, capture_output=True).stdout


def run_tessera(program, data, k, iterations, cores, options=(), start=True):
    """seconds: of the stage `kmeans`, the maximum over ranks."""
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "out.h5"
        launcher = [] if cores == 1 else [ROOT / "scripts/mpirun.sh", str(cores)]
        centroids = ["--centroids", f"{data}:/c"] if start else []
        done = subprocess.run([*launcher, program, "kmeans", data, "--dataset", "/x", "--k", str(k), *centroids,
                               "--max-iterations", str(iterations), *options, "-o", out], text=True, capture_output=True,
                              env=_environment(1), preexec_fn=_on_cores(cores))
        if done.returncode:
            raise RuntimeError(done.stderr)
        with h5py.File(out, "r") as file:
            seconds = [row["seconds"] for row in file["run/timings"][:] if row["stage"] == b"kmeans"]
            git = file["run"].attrs["git"]
            return Outcome(float(seconds[0]), len(file["model/selected/history/moved"]), file["model/selected/centroids"][:],
                           file["customers/segment"][:], git.decode() if isinstance(git, bytes) else git)


def fma_peak(micro):
    """(peak in GFLOP/s, reading from memory in GB/s) of one core, taken now; None where tessera_micro is not built."""
    if not pathlib.Path(micro).exists():
        return None
    told = json.loads(subprocess.run([micro, "--benchmark_filter=multiply_add_peak|read_bandwidth/KiB:1048576",
                                      "--benchmark_format=json"], text=True, capture_output=True, check=True).stdout)
    found = {name: value for entry in told["benchmarks"] for name, value in entry.items()}
    return found["best_GFLOP/s"], found["GB/s"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--iterations", type=int, required=True)
    _run_here(parser.parse_args())
