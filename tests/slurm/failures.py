# SPDX-License-Identifier: Apache-2.0
"""Hosts and ranks that fail under a running job: it is requeued and ends, elsewhere if need be, with the same results."""
import jobs


class Failures(jobs.ClusterTest):
    def freeze(self, host, log):
        """Stops a host's ranks in the middle of the run, so that the run cannot end before the failure."""
        self.cluster.wait_until(lambda: log.exists() and "place" in log.read_text(), 60, self.cluster.logs)
        self.cluster.on(host, "pkill", "-STOP", "-x", "tessera")

    def assert_ends_elsewhere(self, number, result, host):
        """The job, requeued, ends on the other hosts; the host is as good as new afterwards."""
        job = self.assert_completed(number, 120)
        self.assertEqual(job["Restarts"], "1")
        self.assertEqual(job["NodeList"], "n[1,3-4]", f"{host} failed")
        self.assert_same_results(self.expected, result)

    def wait_until_idle(self, host):
        state = ("sinfo", "--noheader", "--Node", f"--nodes={host}", "--format=%T")
        self.cluster.wait_until(lambda: self.cluster.on("login", *state).stdout.strip() == "idle", 60,
                                lambda: self.cluster.on("login", *state).stdout)

    def test_a_host_cut_off_from_the_network_and_back_with_stale_ranks_during_the_next_try(self):
        number, result, log = self.quarterly("cut", launcher="srun")
        self.freeze("n2", log)
        self.cluster.control("cut", "n2")

        def runs_again():
            job = self.cluster.job(number)
            return job["Restarts"] == "1" and job["JobState"] == "RUNNING"
        self.cluster.wait_until(runs_again, 60, self.cluster.logs)
        self.cluster.control("mend", "n2")
        self.cluster.on("n2", "pkill", "-CONT", "-x", "tessera", check=False)
        self.assert_ends_elsewhere(number, result, "n2")
        self.wait_until_idle("n2")

    def test_a_host_whose_daemon_is_killed(self):
        number, result, log = self.quarterly("daemon", launcher="mpirun")
        self.freeze("n2", log)
        self.cluster.control("stop", "n2")
        self.assert_ends_elsewhere(number, result, "n2")
        self.cluster.control("start", "n2")
        self.wait_until_idle("n2")

    def test_a_rank_killed_under_mpirun_has_the_job_requeued_by_its_script(self):
        number, result, log = self.quarterly("rank", launcher="mpirun")
        self.freeze("n3", log)
        self.cluster.on("n3", "pkill", "-KILL", "--oldest", "-x", "tessera")
        job = self.assert_completed(number, 90)
        self.assertEqual(job["Restarts"], "1")
        self.assertIn("exit code 137: requeued, restart 1 of at most 3", log.read_text())
        self.assert_same_results(self.expected, result)

    def test_a_rank_killed_under_srun_once_more_than_restarts_are_left_fails_the_job(self):
        number, _, log = self.quarterly("last", launcher="srun", TESSERA_MAX_RESTARTS=0)
        self.freeze("n3", log)
        self.cluster.on("n3", "pkill", "-KILL", "--oldest", "-x", "tessera")
        job = self.cluster.finished(number)
        self.assertEqual(job["JobState"], "FAILED", self.cluster.logs())
        self.assertEqual(job["Restarts"], "0")
        self.assertIn("after 0 restarts: not requeued again (TESSERA_MAX_RESTARTS)", log.read_text())

    def test_a_job_that_takes_more_memory_than_it_asked_for_is_tried_again_and_then_fails(self):
        number, result, log = self.quarterly("memory", "--mem=30M", TESSERA_MAX_RESTARTS=1)
        job = self.cluster.finished(number, 90)
        self.assertEqual((job["JobState"], job["Restarts"], job["ExitCode"]), ("FAILED", "1", "137:0"), self.cluster.logs())
        self.assertIn("exceeded memory limit", log.read_text())
        self.assertIn("after 1 restarts: not requeued again", log.read_text())
        self.assertFalse(result.exists())
