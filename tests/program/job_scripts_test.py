# SPDX-License-Identifier: Apache-2.0
"""What the jobs are made of, as far as it can be told without Slurm: scripts/submit, the tables and the plots."""
import csv
import math
import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import h5py
import numpy as np

import tessera

SCRIPTS = tessera.ROOT / "scripts"
sys.path.insert(0, str(SCRIPTS))
import svg_chart  # noqa: E402


class JobScripts(tessera.TestCase):
    def script(self, name, *arguments, code=0):
        done = subprocess.run([sys.executable, SCRIPTS / name, *map(str, arguments)], text=True, capture_output=True,
                              timeout=60, cwd=tessera.ROOT, env={**os.environ, "TESSERA": str(tessera.PROGRAM)})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def submit(self, *arguments, code=0):
        return self.script("submit", *arguments, "--dry-run", code=code)

    def test_submit_takes_the_fewest_nodes_whose_memory_suffices(self):
        one = self.submit("run", "config/demo.toml", "--customers", "1e6").stdout
        self.assertTrue(one.startswith("1 nodes of 64 ranks"), one)
        many = self.submit("run", "config/demo.toml", "--customers", "1e9", "--memory", 64).stdout
        nodes = int(many.split()[0])
        self.assertGreater(nodes, 2)
        self.assertIn("--mem=64000M", many)
        self.submit("run", "config/demo.toml", "--customers", "1e9", "--memory", 64, "--nodes", nodes)
        self.submit("run", "config/demo.toml", "--customers", "1e9", "--memory", 64, "--nodes", nodes - 1, code=4)

    def test_submit_makes_a_chain_that_does_not_wait_for_ever(self):
        for arguments in (("run", "config/demo.toml"), ("sweep", "config/demo.toml", "config/berka.toml")):
            lines = self.submit(*arguments, "--customers", "1e5").stdout.splitlines()
            first, last = [line for line in lines if "sbatch --parsable" in line]
            self.assertNotIn("--dependency", first)
            self.assertIn("--dependency=afterok:<job> --kill-on-invalid-dep=yes", last)
        self.assertIn("--array=1-2", first)

    def test_submit_names_the_result_of_the_configuration(self):
        self.assertIn("OUTPUT=runs/demo.h5", self.submit("run", "config/demo.toml", "--customers", "1e5").stdout)
        (self.scratch / "nameless.toml").write_text("[run]\n")
        done = self.submit("run", self.scratch / "nameless.toml", "--customers", "1e5", code=2)
        self.assertIn("nameless.toml", done.stderr)

    def test_submit_refuses_what_it_cannot_plan(self):
        self.assertIn("nowhere.env cannot be read",
                      self.submit("run", "config/demo.toml", "--customers", "1e5", "--machine", "nowhere", code=2).stderr)
        self.assertIn("nowhere.toml", self.submit("run", "nowhere.toml", "--customers", "1e5", code=2).stderr)
        self.assertIn("run takes one configuration",
                      self.submit("run", "config/demo.toml", "config/berka.toml", "--customers", "1e5", code=2).stderr)
        self.assertIn("fewer ranks a node than 64", self.submit("run", "config/demo.toml", "--customers", "1e5",
                                                               "--memory", 0.1, code=4).stderr)

    def timed(self, kind, ranks, turn, seconds):
        """A result file with what scaling_table.py reads of it."""
        path = self.scratch / f"{kind}-{ranks:06d}-{turn}.h5"
        with h5py.File(path, "w") as file:
            file["customers/segment"] = np.zeros(10 * ranks, "i4")
            file["run/hosts"] = ["a"]
            file["run/timings"] = np.array([(b"read", 1), (b"kmeans", seconds - 1)], [("stage", "S16"), ("seconds", "f8")])
            file["run"].attrs["ranks"] = ranks
        return path

    def test_scaling_is_that_of_the_medians(self):
        files = [self.timed("strong", ranks, turn, seconds) for ranks, all_seconds in ((1, (9, 8, 100)), (4, (3, 3, 50)))
                 for turn, seconds in enumerate(all_seconds)]
        files += [self.timed("weak", 1, 0, 6), self.timed("weak", 4, 0, 8)]
        outputs = ("--csv", self.scratch / "s.csv", "--svg", self.scratch / "s.svg")
        self.script("scaling_table.py", *files, *outputs)
        with open(self.scratch / "s.csv", newline="", encoding="utf-8") as file:
            rows = {(row["kind"], row["ranks"]): row for row in csv.DictReader(file)}
        self.assertEqual([float(rows["strong", "4"][name]) for name in ("seconds", "kmeans_seconds", "speedup", "efficiency")],
                         [3, 2, 3, 0.75])
        self.assertEqual([float(rows["weak", "4"][name]) for name in ("speedup", "efficiency")], [3, 0.75])
        self.assertIn("weak-000004-0.h5 was written by 3 ranks", self.misnamed(outputs))

    def misnamed(self, outputs):
        with h5py.File(self.scratch / "weak-000004-0.h5", "a") as file:
            file["run"].attrs["ranks"] = 3
        done = self.script("scaling_table.py", self.scratch / "weak-000004-0.h5", *outputs, code=1)
        other = self.scratch / "other.h5"
        other.touch()
        self.assertIn("the name of a result is", self.script("scaling_table.py", other, *outputs, code=1).stderr)
        return done.stderr

    def test_only_results_are_compared(self):
        with h5py.File(self.scratch / "other.h5", "w") as file:
            file["x"] = 1
        outputs = ("--csv", self.scratch / "c.csv", "--svg", self.scratch / "c.svg")
        self.assertIn("is not a result file", self.script("compare_runs.py", self.scratch / "other.h5", *outputs, code=1).stderr)
        self.script("compare_runs.py", self.scratch / "nowhere.h5", *outputs, code=1)
        self.assertFalse((self.scratch / "c.csv").exists())

    def test_a_chart_stays_in_its_frame_and_is_valid(self):
        for points in ([(1, 1)], [(1, 5.5), (2, -3), (3, math.nan)], [(i, 1e9 * i) for i in range(1, 40)]):
            drawn = xml.etree.ElementTree.fromstring(svg_chart.line_chart("a & <b>", "x", "y", [("one <1>", points)]))
            circles = drawn.findall(".//{*}circle")
            self.assertEqual(len(circles), sum(math.isfinite(y) for _, y in points))
            for circle in circles:
                self.assertTrue(svg_chart.LEFT <= float(circle.get("cx")) <= svg_chart.LEFT + svg_chart.WIDTH)
                self.assertTrue(svg_chart.TOP <= float(circle.get("cy")) <= svg_chart.TOP + svg_chart.HEIGHT)
        with self.assertRaisesRegex(ValueError, "no point"):
            svg_chart.line_chart("t", "x", "y", [("one", [])])


if __name__ == "__main__":
    unittest.main()
