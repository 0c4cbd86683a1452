# SPDX-License-Identifier: Apache-2.0
"""One rank fails in a stage: the whole job ends within seconds, with one message and the right exit code."""
import unittest

import tessera

STAGES = ("read", "place", "items", "features", "base", "kmeans", "itemsets", "rules", "profile", "write")


class FailingRank(tessera.TestCase):
    def test_the_job_ends_in_every_stage(self):
        for stage in STAGES:
            with self.subTest(stage):
                self.fail_with(4, "run", "config/demo.toml", "--set", "kmeans.k=2", "--set", "kmeans.restarts=1", "-o",
                               self.scratch / "out.h5", ranks=3, timeout=60, environment={"TESSERA_FAULT": f"{stage}:1"},
                               says=[f"planted failure in stage {stage} on rank 1"])
                self.assertEqual(list(self.scratch.iterdir()), [])

    def test_the_job_ends_when_the_other_ranks_cannot_know(self):
        for rank in (0, 1, 2):
            done = tessera.run("run", "config/demo.toml", "-o", self.scratch / "out.h5", ranks=3, timeout=60,
                               environment={"TESSERA_FAULT": f"main:{rank}"})
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual(done.stderr.count("tessera: error:"), 1, done.stderr)
            self.assertFalse((self.scratch / "out.h5").exists())


if __name__ == "__main__":
    unittest.main()
