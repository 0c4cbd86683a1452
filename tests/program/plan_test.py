# SPDX-License-Identifier: Apache-2.0
"""`tessera plan`: its output, its warnings, its errors, and its memory against a run. Time is never asserted here:
scripts/check_plan.sh holds predicted against measured times."""
import json
import re
import unittest

import h5py

import tessera

MATRIX = ("plan", "--columns", 40, "--k", "20,100", "--customers", "1e9", "--ranks", 1024)


class Plan(tessera.TestCase):
    def plan(self, *arguments, ranks=1):
        return json.loads(self.succeed("plan", *arguments, "--json", ranks=ranks).stdout)

    def test_a_page_for_people(self):
        done = self.succeed("plan", "config/quarterly.toml", "--customers", "1e9", "--ranks", 1024)
        for text in ("1,000,000,000 customers, 3 features, on 1,024 ranks, 64 a node: 16 nodes", "Memory", "Files",
                     "allreduce", "recursive doubling", "kmeans", "max_memory"):
            self.assertIn(text, done.stdout)

    def test_an_object_for_programs(self):
        found = self.plan(*MATRIX[1:])
        self.assertEqual([i["k"] for i in found["iterations"]], [20, 100])
        self.assertEqual(found["iterations"][0]["message_bytes"], (20 * 41 + 1) * 8)
        self.assertEqual(found["result_bytes"], 12e9)
        self.assertTrue(found["memory_suffices"])
        self.assertAlmostEqual(found["seconds"], sum(stage["seconds"] for stage in found["stages"]), places=6)
        for iteration in found["iterations"]:
            self.assertAlmostEqual(iteration["seconds"], iteration["compute_seconds"] + iteration["all_reduce_seconds"], places=9)

    def test_double_precision_takes_twice_the_input(self):
        single, twice = self.plan(*MATRIX[1:]), self.plan(*MATRIX[1:], "--double")
        self.assertEqual(twice["input_bytes"], 2 * single["input_bytes"])
        self.assertGreater(twice["node_bytes"], 1.5 * single["node_bytes"])

    def test_says_the_same_on_any_number_of_ranks(self):
        self.assertEqual(self.succeed(*MATRIX, ranks=1).stdout, self.succeed(*MATRIX, ranks=3).stdout)

    def test_more_memory_than_there_is(self):
        done = self.succeed(*MATRIX, "--memory-per-node", 8)
        self.assertRegex(done.stderr, r"a node has 8 GB for jobs and would need [0-9.]+ GB: take \d+ nodes \([0-9,]+ ranks\)")
        nodes = int(re.search(r"take (\d+) nodes", done.stderr)[1])
        wider = self.succeed("plan", "--columns", 40, "--k", 20, "--customers", "1e9", "--ranks", 64 * nodes, "--memory-per-node", 8)
        self.assertNotIn("warning", wider.stderr)

    def test_more_ranks_than_blocks(self):
        done = self.succeed("plan", "--columns", 4, "--k", 2, "--customers", 5000, "--ranks", 64)
        self.assertIn("5 blocks", done.stderr)

    def test_errors(self):
        self.fail_with(2, "plan", "--customers", 100, "--ranks", 1, says=["--columns"], ranks=2)
        self.fail_with(2, "plan", "--columns", 4, "--customers", 100, "--ranks", 1, says=["--k"])
        self.fail_with(2, "plan", "config/demo.toml", "--k", 4, "--customers", 100, "--ranks", 1, says=["not both"])
        self.fail_with(2, "plan", "nowhere.toml", "--customers", 100, "--ranks", 1, says=["nowhere.toml"], ranks=2)
        self.fail_with(2, *MATRIX, "--machine", "nowhere.env", says=["nowhere.env", "benchmark-node"], ranks=2)
        self.fail_with(2, "plan", "--columns", 4, "--k", 2, "--customers", 10.5, "--ranks", 1, says=["10.5"])
        machine = self.scratch / "m.env"
        machine.write_text("kernel_gflop = 3\n")
        self.fail_with(2, *MATRIX, "--machine", machine, says=["m.env:1", "kernel_gflops"], ranks=2)
        self.fail_with(2, "benchmark-node", "--base", "nowhere.env", says=["nowhere.env"], ranks=2)
        for arguments in (["--customers", 0, "--ranks", 1], ["--customers", 100, "--ranks", 0], ["--customers", 100]):
            self.assertEqual(tessera.run("plan", "config/demo.toml", *arguments).returncode, 2)

    def test_memory_and_files_are_as_predicted(self):
        rows, part = 2_000_000, 100_000
        points, _ = tessera.gaussian_mixture(part, 20, 5, seed=1)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            matrix = file.create_dataset("x", (rows, 20), "f4")
            for first in range(0, rows, part):  # in parts: a program's peak starts at that of whoever starts it
                matrix[first:first + part] = points
            file["c"] = points[:5].astype("f8")
        for ranks in (1, 2):
            out = self.scratch / f"{ranks}.h5"
            self.succeed("kmeans", self.scratch / "points.h5", "--k", 5, "--centroids", f"{self.scratch / 'points.h5'}:/c",
                         "--max-iterations", 3, "-o", out, ranks=ranks)
            found = self.plan("--columns", 20, "--k", 5, "--customers", rows, "--ranks", ranks)
            with h5py.File(out) as file:
                peak = int(file["run"].attrs["peak_memory_bytes"])
            self.assertLess(abs(found["node_bytes"] / peak - 1), 0.25, f"{ranks} ranks: {found['node_bytes']} against {peak}")
            self.assertLess(abs(found["result_bytes"] / out.stat().st_size - 1), 0.05)


if __name__ == "__main__":
    unittest.main()
