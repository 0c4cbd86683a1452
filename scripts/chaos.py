#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/chaos.py [--runs 50] [--seed 1] [--customers 5000]: runs that are killed again and again.

Each run is started on a random number of ranks, and a random rank gets SIGKILL (or, now and then, SIGUSR1 or SIGTERM) at
a random moment; sometimes a checkpoint file is torn as well. It is resumed, on another number of ranks, until it is done. Every
result must have the same bytes as that of a run on one rank that nobody disturbed. Says how many had; exit code 1 unless
all had."""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/program"))
import tessera  # noqa: E402

MOST_RANKS = 4
MOST_ATTEMPTS = 40
INTERRUPTED = 5
# 128 and the signal's number: killed, by us or by mpirun; or asked to stop before main was reached
ENDED_EARLY = (INTERRUPTED, 128 + signal.SIGKILL, 128 + signal.SIGTERM, 128 + signal.SIGUSR1)
LONGER = ["--set", "kmeans.restarts=1000", "--set", "kmeans.together=50"]  # so that K-means is hit as well


def children(pid):
    """Processes that this one started, directly or not."""
    parent_of = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent_of[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue  # it has ended
    found, level = [], {pid}
    while level:
        level = {child for child, parent in parent_of.items() if parent in level}
        found += sorted(level)
    return found


def ranks_of(process):
    """The ranks of a running mpirun."""
    out = []
    for pid in children(process.pid):
        try:
            if os.readlink(f"/proc/{pid}/exe") == str(tessera.PROGRAM.resolve()):
                out.append(pid)
        except OSError:
            continue
    return out


class Chaos:
    def __init__(self, folder, seed, customers):
        self.draw = random.Random(seed)
        self.folder = folder
        bank = folder / "bank"
        self.must("generate", "-o", bank, "--customers", customers, "--seed", 3)
        self.configuration = bank / "features.toml"
        self.expected = folder / "expected.h5"
        began = time.monotonic()
        self.must("run", self.configuration, "-o", self.expected, *LONGER)
        self.seconds = time.monotonic() - began
        self.kills = self.torn = self.stops = 0

    def must(self, *arguments):
        done = tessera.run(*arguments)
        if done.returncode != 0:
            raise SystemExit(f"{arguments[0]} failed:\n{done.stderr}")

    def attempt(self, output, checkpoints, disturb):
        """Starts or resumes the run; returns its exit code and what it said."""
        ranks = self.draw.randint(1, MOST_RANKS)
        command = [ROOT / "scripts/mpirun.sh", str(ranks), tessera.PROGRAM, "run", self.configuration, "--resume", "-o", output,
                   "--set", f'run.checkpoint_dir="{checkpoints}"', "--set", "run.checkpoint_seconds=0", *LONGER]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   errors="replace", env={**os.environ, "OMPI_MCA_mpi_yield_when_idle": "1"})
        if disturb:
            try:
                process.wait(self.draw.uniform(0.3, 2 * self.seconds))
            except subprocess.TimeoutExpired:
                self.disturb(process)
        _, said = process.communicate(timeout=120)
        return process.returncode, said

    def disturb(self, process):
        ranks = ranks_of(process)
        if not ranks:
            return
        sort = self.draw.choices((signal.SIGKILL, signal.SIGUSR1, signal.SIGTERM), (8, 1, 1))[0]
        try:
            os.kill(self.draw.choice(ranks), sort)
        except ProcessLookupError:
            return
        if sort == signal.SIGKILL:
            self.kills += 1
        else:
            self.stops += 1

    def tear(self, checkpoints):
        """Cuts or changes one checkpoint file, as a disk that failed would."""
        files = [file for file in sorted(checkpoints.glob("*")) if file.suffix in (".h5", ".0", ".1") and file.stem != "job"]
        if not files:
            return
        file = self.draw.choice(files)
        size = file.stat().st_size
        with open(file, "r+b") as torn:
            if self.draw.random() < 0.5:
                torn.truncate(self.draw.randrange(size))
            else:
                torn.seek(self.draw.randrange(size))
                torn.write(bytes([self.draw.randrange(256)]))
        self.torn += 1

    def run(self, number):
        """One run, disturbed until it is done; what is wrong with its result, or nothing."""
        output, checkpoints = self.folder / f"{number}.h5", self.folder / f"checkpoints-{number}"
        disturbances = self.draw.randint(1, 4)
        for attempt in range(MOST_ATTEMPTS):
            code, said = self.attempt(output, checkpoints, disturb=attempt < disturbances)
            if code == 0:
                break
            if code not in ENDED_EARLY:
                return f"exit code {code}\n{said}"
            if self.draw.random() < 0.3:
                self.tear(checkpoints)
        else:
            return f"not done after {MOST_ATTEMPTS} attempts"
        try:
            check = tessera.TestCase()
            check.assert_same_results(self.expected, output)
        except AssertionError as error:
            return f"another result: {error}"
        left = sorted(checkpoints.glob("*"))
        return f"left behind: {left}" if left else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chaos = Chaos(pathlib.Path(folder), options.seed, options.customers)
        wrong = 0
        for number in range(options.runs):
            problem = chaos.run(number)
            wrong += bool(problem)
            if problem:
                print(f"run {number}: {problem}", flush=True)
        print(f"{options.runs - wrong} of {options.runs} runs ended with the same bytes: {chaos.kills} kills, {chaos.stops} "
              f"signals to stop, {chaos.torn} torn files; {chaos.seconds:.1f} s undisturbed on one rank")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
