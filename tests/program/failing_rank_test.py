# SPDX-License-Identifier: Apache-2.0
"""One rank fails: the whole job ends within seconds, with one message, the right exit code and no file left."""
import gzip
import itertools
import unittest

import h5py

import tessera

STAGES = ("read", "clean", "place", "account", "quality", "items", "features", "base", "kmeans", "itemsets", "segment itemsets",
          "rules", "segment rules", "profile", "write")
QUICK = ("--set", "kmeans.k=2", "--set", "kmeans.restarts=1")
SECONDS = 30  # a hang would last for ever; the work before the failure takes its time on a busy machine


class FailingRank(tessera.TestCase):
    def end_at(self, stage, rank, *arguments, ranks=3):
        """The job ends because of the failure planted in a stage of a rank, and leaves the scratch folder as it was."""
        before = sorted(self.scratch.iterdir())
        with self.subTest(stage, rank=rank, ranks=ranks, command=arguments[0]):
            self.fail_with(4, *arguments, ranks=ranks, timeout=SECONDS, environment={"TESSERA_FAULT": f"{stage}:{rank}"},
                           says=[f"planted failure in stage {stage} on rank {rank}"])
            self.assertEqual(sorted(self.scratch.iterdir()), before)

    def run_and_fail_at(self, stage, rank, ranks=3):
        self.end_at(stage, rank, "run", "config/demo.toml", *QUICK, "--set", f"table.0.path={self.few_customers()}", "-o",
                    self.scratch / "out.h5", ranks=ranks)

    def few_customers(self):
        """Some of the demonstration's customers: every stage has work, and none takes long."""
        path = self.scratch / "few.csv"
        if not path.exists():
            with gzip.open(tessera.ROOT / "tests/data/bank-additional-full.csv.gz", "rt") as bank:
                path.write_text("".join(itertools.islice(bank, 4000)))
        return path

    def test_the_job_ends_in_every_stage(self):
        for stage in STAGES:
            self.run_and_fail_at(stage, 1)

    def test_the_job_ends_when_the_other_ranks_cannot_know(self):
        for rank in (0, 1, 2):
            self.run_and_fail_at("main", rank)

    def test_the_job_ends_when_a_rank_fails_alone_inside_any_stage(self):
        for stage in STAGES:
            self.run_and_fail_at(f"{stage} alone", 1)

    def test_the_job_ends_whichever_rank_fails_alone(self):
        for ranks in (2, 3, 4):
            for rank in (0, ranks - 1):
                self.run_and_fail_at("features alone", rank, ranks)
                self.run_and_fail_at("write alone", rank, ranks)

    def test_the_direct_commands_end_when_a_rank_fails_alone(self):
        points, _ = tessera.gaussian_mixture(1000, 3, 3, seed=1)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = points
        (self.scratch / "baskets.dat").write_text("1 2 3\n2 3\n" * 200)
        for rank in (0, 1):
            for stage in ("read", "kmeans", "write"):
                self.end_at(f"{stage} alone", rank, "kmeans", self.scratch / "points.h5", "--k", 3, "-o",
                            self.scratch / "out.h5", ranks=2)
            for stage in ("read", "itemsets", "write"):
                self.end_at(f"{stage} alone", rank, "itemsets", self.scratch / "baskets.dat", "--min-support", "10%", "-o",
                            self.scratch / "out.h5", ranks=2)

    def test_reading_a_result_ends_when_a_rank_fails_alone(self):
        points, _ = tessera.gaussian_mixture(1000, 3, 3, seed=1)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = points
        self.succeed("kmeans", self.scratch / "points.h5", "--k", 3, "-o", self.scratch / "result.h5")
        for rank in (0, 2):
            self.end_at("verify alone", rank, "verify", self.scratch / "result.h5")


if __name__ == "__main__":
    unittest.main()
