# SPDX-License-Identifier: Apache-2.0
"""What the batch script does when a job is told to stop, with a stand-in for the program: it leaves with code 5 when it
gets USR1 and ends well when the job has been requeued."""
import jobs

STAND_IN = """#!/bin/bash
if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ]; then echo resumed; exit 0; fi
trap 'exit 5' USR1
echo started
while :; do sleep 0.1; done
"""


class Interruptions(jobs.ClusterTest):
    def start(self, name, *options, launcher="srun", **settings):
        program = self.work / "stand-in"
        program.write_text(STAND_IN)
        program.chmod(0o755)
        number, _, log = self.quarterly(name, *options, launcher=launcher, TESSERA=program, **settings)
        self.cluster.wait_until(lambda: log.exists() and log.read_text().count("started") == 6, 30, self.cluster.logs)
        return number, log

    def assert_requeued_and_ended(self, number, log, seconds=60):
        job = self.assert_completed(number, seconds)
        self.assertEqual(job["Restarts"], "1")
        self.assertIn("exit code 5: requeued, restart 1 of at most 10", log.read_text())
        self.assertEqual(log.read_text().count("resumed"), 6)

    def test_a_signal_to_the_batch_script_reaches_every_rank(self):
        for launcher in ("srun", "mpirun"):
            with self.subTest(launcher):
                number, log = self.start(f"signal-{launcher}", launcher=launcher)
                self.cluster.on("login", "scancel", "--batch", "--signal=USR1", number)
                self.assert_requeued_and_ended(number, log)

    def test_the_end_of_the_time_limit(self):
        number, log = self.start("limit", "--time=1", "--signal=B:USR1@45")
        self.assert_requeued_and_ended(number, log, 90)

    def test_a_cancelled_job_stays_cancelled(self):
        number, log = self.start("cancelled")
        self.cluster.on("login", "scancel", number)
        job = self.cluster.finished(number)
        self.assertEqual((job["JobState"], job["Restarts"]), ("CANCELLED", "0"))
        self.assertNotIn("requeued, restart", log.read_text())
