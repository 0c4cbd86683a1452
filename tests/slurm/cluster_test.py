# SPDX-License-Identifier: Apache-2.0
"""Jobs on a real Slurm: what they write is what a serial run writes, whoever starts them and whatever fails."""
import csv
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import h5py

import cluster
import jobs
from checkpoints import Checkpoints  # noqa: F401 # found by unittest
from failures import Failures  # noqa: F401
from interruptions import Interruptions  # noqa: F401
from traces import Traces  # noqa: F401

EXIT_SKIPPED = 77


class Jobs(jobs.ClusterTest):
    def assert_same_on_three_hosts(self, number, result):
        self.assert_same_results(self.expected, result)
        with h5py.File(result) as file:
            self.assertEqual(int(file["run"].attrs["ranks"]), 6)
            self.assertEqual(len(set(file["run/hosts"][()])), 3)
            self.assertEqual(file["run"].attrs["slurm_job"].decode(), number)

    def test_quarterly_under_mpirun_writes_what_a_serial_run_writes(self):
        number, result, _ = self.quarterly("quarterly", launcher="mpirun")
        self.assert_completed(number)
        self.assert_same_on_three_hosts(number, result)

    def test_a_sweep_ends_in_one_table_and_one_plot(self):
        text = (self.work / "bank/segments.toml").read_text()
        for name, k in (("few", "[3, 4]"), ("some", "[5, 6, 7]"), ("many", "[8]")):
            (self.work / f"{name}.toml").write_text(text.replace("k = 6", f"k = {k}"))
            self.assertIn(f"k = {k}", (self.work / f"{name}.toml").read_text())
        done = self.submit("sweep", "few.toml", "some.toml", "many.toml", "-o", "sweep", nodes=1)
        gather = done.stdout.split(", then ")[1].split()[0]
        self.assert_completed(gather, 90)
        with open(self.work / "sweep/comparison.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["file"], row["k"]) for row in rows],
                         [("001-few.h5", "3"), ("001-few.h5", "4"), ("002-some.h5", "5"), ("002-some.h5", "6"),
                          ("002-some.h5", "7"), ("003-many.h5", "8")])
        self.assertEqual(sum(int(row["selected"]) for row in rows), 3)
        drawn = xml.etree.ElementTree.parse(self.work / "sweep/comparison.svg")
        self.assertEqual(len(drawn.findall(".//{*}circle")), len(rows))

    def test_a_sweep_with_a_failing_run_is_not_compared(self):
        (self.work / "broken.toml").write_text("[run]\nname = 3\n")
        (self.work / "broken").mkdir()
        listed = self.work / "broken/configurations.txt"
        listed.write_text("broken.toml\n")
        settings = {**self.settings, "CONFIGS": listed, "RESULTS": "broken"}
        sweep = self.cluster.sbatch("--array=1-1", "--ntasks-per-node=1", "--mem=500M", "--output=broken.log",
                                    jobs.ROOT / "jobs/sweep.sbatch", environment=settings)
        gather = self.cluster.sbatch(f"--dependency=afterok:{sweep}", "--kill-on-invalid-dep=yes", "--output=gather.log",
                                     jobs.ROOT / "jobs/gather.sbatch", environment=settings)
        self.assertEqual(self.cluster.finished(sweep)["ExitCode"], "2:0", self.cluster.logs())
        self.assertEqual(self.cluster.finished(gather, 30)["JobState"], "CANCELLED")

    def test_scaling_measures_doubling_ranks(self):
        number = self.cluster.sbatch("--nodes=2", "--ntasks-per-node=2", "--mem=1000M", "--output=scaling.log",
                                     jobs.ROOT / "jobs/scaling.sbatch",
                                     environment={**self.settings, "CUSTOMERS": 3000, "PER_RANK": 1000, "REPEAT": 1,
                                                  "RESULTS": "scaling"})
        self.assert_completed(number, 120)
        with open(self.work / "scaling/scaling.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["kind"], row["ranks"], row["customers"]) for row in rows],
                         [("strong", "1", "3000"), ("strong", "2", "3000"), ("strong", "4", "3000"),
                          ("weak", "1", "1000"), ("weak", "2", "2000"), ("weak", "4", "4000")])
        drawn = xml.etree.ElementTree.parse(self.work / "scaling/scaling.svg")
        self.assertEqual(len(drawn.findall(".//{*}polyline")), 3)
        self.assertFalse((self.work / "scaling/data").exists())

    def submit(self, *arguments, nodes=3, check=True):
        return self.cluster.on("login", jobs.ROOT / "scripts/submit", *arguments, "--customers", 3000, "--nodes", nodes,
                               "--ranks-per-node", 2, environment=self.settings, check=check)

    def test_submit_sends_a_quarterly_run_under_srun_and_its_verification(self):
        done = self.submit("run", "bank/segments.toml", "-o", "submitted.h5", "--launcher", "srun")
        run, verify = done.stdout.split("submitted ")[1].split("\n")[0].split(", then ")
        self.assert_completed(run)
        self.assert_completed(verify)
        self.assert_same_on_three_hosts(run, self.work / "submitted.h5")
        self.assertIn("Segments: 3,000 customers in 6", (self.work / f"tessera-verify-{verify}.log").read_text())
        self.assertIn(f"squeue -j {run},{verify}", done.stdout)

    def test_submit_refuses_too_little_memory(self):
        done = self.submit("run", "bank/segments.toml", "--memory", 0.05, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr, r"would need [0-9.]+ GB on each of 3 nodes, more than the 0.05 GB asked for")
        self.assertIn("what to do: take ", done.stderr)
        self.assertNotIn("sbatch", done.stdout)

    def test_slurm_refuses_more_memory_than_hosts_have(self):
        done = self.submit("run", "bank/segments.toml", "--memory", 9, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn("the job is not in the queue", done.stderr)


def main():
    reason = cluster.why_not()
    if reason:
        print(reason)
        return EXIT_SKIPPED
    if len(sys.argv) > 1:
        unittest.main()
    # These wait for clocks rather than for cores: on clusters of their own beside the others.
    aside = subprocess.Popen([sys.executable, __file__, "Interruptions", "Checkpoints"], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    here = unittest.main(argv=[__file__, "Jobs", "Failures", "Traces"], exit=False).result
    print(aside.communicate()[0])
    return 0 if here.wasSuccessful() and aside.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
