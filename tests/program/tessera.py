# SPDX-License-Identifier: Apache-2.0
"""Runs the tessera program for tests and compares its result files."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path(os.environ.get("TESSERA", ROOT / "build/release/bin/tessera"))
SHARED_DATA = ROOT.parent / "shared/data"
RESULT_GROUPS = ("customers", "quality", "features", "model", "itemsets", "rules", "profiles", "rejects", "blocks")


def run(*arguments, ranks=1, environment=None, timeout=240, cwd=ROOT):
    """Runs `tessera ARGUMENTS` on a number of ranks (on one: without mpirun); returns the completed process."""
    launcher = [] if ranks == 1 else [ROOT / "scripts/mpirun.sh", str(ranks)]
    return subprocess.run([*launcher, PROGRAM, *map(str, arguments)], text=True, errors="replace", cwd=cwd,
                          capture_output=True, timeout=timeout, env={**os.environ, **(environment or {})})


def datasets(path):
    """Every dataset of the result groups: {name: array}."""
    out = {}
    with h5py.File(path, "r") as file:
        for group in RESULT_GROUPS:
            if group in file:
                file[group].visititems(
                    lambda name, item, group=group: out.update({f"/{group}/{name}": item[()]})
                    if isinstance(item, h5py.Dataset) else None)
    return out


class TestCase(unittest.TestCase):
    """A test with a scratch folder of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def succeed(self, *arguments, **options):
        done = run(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def fail_with(self, code, *arguments, says=(), **options):
        """The program ends with this exit code and exactly one three-part message that says all of `says`."""
        done = run(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("tessera: error:"), 1, done.stderr)
        self.assertIn("why it matters:", done.stderr)
        self.assertIn("what to do:", done.stderr)
        for text in says:
            self.assertIn(text, done.stderr)
        return done

    def assert_same_results(self, a, b):
        left, right = datasets(a), datasets(b)
        self.assertEqual(sorted(left), sorted(right))
        self.assertGreater(len(left), 0)
        for name, values in left.items():
            self.assertEqual(values.dtype, right[name].dtype, name)
            self.assertEqual(values.tobytes(), right[name].tobytes(), name)


def gaussian_mixture(rows, columns, clusters, seed, spread=10.0):
    """(points float32, labels): clusters of unit deviation with centres uniform in a cube of this size."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, spread, (clusters, columns))
    labels = random.integers(0, clusters, rows)
    return (centres[labels] + random.normal(size=(rows, columns))).astype(np.float32), labels
