# SPDX-License-Identifier: Apache-2.0
"""Runs that are interrupted on a real Slurm, leave a checkpoint, and end later with the bytes of one that was not."""
import jobs


class Checkpoints(jobs.ClusterTest):
    def started(self, name, *options, **settings):
        """A quarterly job that has placed its customers, in the middle of its run; (number, result, log)."""
        number, result, log = self.quarterly(name, *options, CHECKPOINTS=self.work / f"{name}-checkpoints", **settings)
        self.cluster.wait_until(lambda: log.exists() and "place" in log.read_text(), 60, self.cluster.logs)
        return number, result, log

    def assert_resumed(self, number, result, log):
        job = self.assert_completed(number, 120)
        self.assertEqual(job["Restarts"], "1", self.cluster.logs())
        self.assertIn("exit code 5: requeued, restart 1 of at most 10", log.read_text())
        self.assert_same_results(self.expected, result)

    def test_a_signal_to_the_batch_script_under_srun_then_requeued(self):
        number, result, log = self.started("signal-srun")
        self.cluster.on("login", "scancel", "--batch", "--signal=USR1", number)
        self.assert_resumed(number, result, log)

    def test_a_signal_to_the_ranks_of_one_host_under_mpirun_then_requeued(self):
        number, result, log = self.started("signal-mpirun", launcher="mpirun")
        self.cluster.on("n3", "pkill", "-TERM", "-x", "tessera")
        self.assert_resumed(number, result, log)

    def test_the_end_of_the_time_limit_is_seen_by_the_run_itself(self):
        # One host's ranks stand still until the minute is over but for a tenth, when a run leaves. Slurm's own warning is a
        # signal that does nothing.
        number, result, log = self.started("limit", "--time=1", "--signal=B:CONT@1")
        self.cluster.on("n2", "pkill", "-STOP", "-x", "tessera")
        self.cluster.wait_until(lambda: self.cluster.job(number)["RunTime"] >= "00:00:55", 90, self.cluster.logs)
        self.cluster.on("n2", "pkill", "-CONT", "-x", "tessera")
        self.assert_resumed(number, result, log)

    def test_resume_on_another_number_of_hosts(self):
        number, result, log = self.started("narrow", TESSERA_MAX_RESTARTS=0)
        self.cluster.on("login", "scancel", "--batch", "--signal=USR1", number)
        job = self.cluster.finished(number)
        self.assertEqual((job["JobState"], job["ExitCode"]), ("FAILED", "5:0"), self.cluster.logs())
        again = self.cluster.sbatch("--nodes=2", "--ntasks-per-node=2", "--mem=1000M", "--time=5", "--output=wide.log", "--wrap",
                                    f"srun --mpi=pmix {self.program} run bank/segments.toml -o {result} --force --resume"
                                    f""" --set 'run.checkpoint_dir="{self.work / "narrow-checkpoints"}"'""",
                                    environment={**self.settings, "OMPI_MCA_osc": "sm,pt2pt"})
        self.assert_completed(again, 90)
        self.assert_same_results(self.expected, result)
