# SPDX-License-Identifier: Apache-2.0
"""A run that is stopped goes on where it was, and never from what another job kept."""
import os
import signal
import subprocess
import time
import unittest

import tessera

INTERRUPTED = 5


class Checkpoint(tessera.TestCase):
    def setUp(self):
        super().setUp()
        self.bank = self.scratch / "bank"
        self.checkpoints = self.scratch / "checkpoints"
        self.output = self.scratch / "out.h5"
        self.succeed("generate", "-o", self.bank, "--customers", 2000, "--seed", 3)
        self.configuration = self.bank / "features.toml"
        self.arguments = ["run", self.configuration, "-o", self.output, "--set", f'run.checkpoint_dir="{self.checkpoints}"',
                          "--set", "run.checkpoint_seconds=0"]

    def interrupt(self, fault="itemsets:0", ranks=2):
        """Ends a run by a failure after its customers and centroids have been kept."""
        done = tessera.run(*self.arguments, ranks=ranks, environment={"TESSERA_FAULT": fault})
        self.assertEqual(done.returncode, 4, done.stderr)

    def kept(self):
        return sorted(file.name for file in self.checkpoints.glob("*"))

    def expected(self):
        path = self.scratch / "expected.h5"
        if not path.exists():
            self.succeed("run", self.configuration, "-o", path)
        return path

    def test_a_run_goes_on_on_another_number_of_ranks_without_reading_again(self):
        self.interrupt(ranks=2)
        self.assertEqual(self.kept(), ["customers.h5", "job.0", "kmeans.0", "kmeans.1", "owner"])
        done = self.succeed(*self.arguments, "--resume", ranks=3)
        self.assertNotIn(" read ", done.stderr)
        self.assert_same_results(self.expected(), self.output)
        self.assertEqual(self.kept(), [])

    def test_a_requeued_job_goes_on_by_itself(self):
        self.interrupt()
        done = self.succeed(*self.arguments, environment={"SLURM_RESTART_COUNT": "1"})
        self.assertNotIn(" read ", done.stderr)
        self.assert_same_results(self.expected(), self.output)

    def test_kept_work_is_not_lost_by_accident(self):
        self.interrupt()
        self.fail_with(2, *self.arguments, says=["holds what an unfinished run kept", "--resume"])
        self.assertIn("customers.h5", self.kept())
        self.succeed(*self.arguments, "--force")
        self.assertEqual(self.kept(), [])

    def test_nothing_to_go_on_from_is_a_beginning(self):
        self.succeed(*self.arguments, "--resume")
        self.assert_same_results(self.expected(), self.output)

    def test_a_finished_job_is_not_done_again(self):
        self.succeed(*self.arguments)
        before = self.output.stat().st_mtime_ns
        done = self.succeed(*self.arguments, "--resume", ranks=2)
        self.assertIn("is there already", done.stderr)
        self.assertEqual(self.output.stat().st_mtime_ns, before)

    def test_another_configuration_is_refused_with_what_differs(self):
        self.interrupt()
        self.fail_with(2, *self.arguments, "--resume", "--set", "run.seed=43", says=["run.seed was", "and is 43"], ranks=2)
        self.assertIn("customers.h5", self.kept())

    def test_changed_inputs_are_refused_with_what_differs(self):
        self.interrupt()
        table = next((self.bank / "2026Q3/customers").glob("*.csv"))
        table.write_bytes(table.read_bytes() + b"\n")
        self.fail_with(2, *self.arguments, "--resume", says=[table.name, "bytes and has"])
        os.utime(table, ns=(1, 1))
        table.write_bytes(table.read_bytes()[:-1])
        self.fail_with(2, *self.arguments, "--resume", says=[table.name, "has been written to"])

    def test_a_damaged_file_is_left_out_of_account(self):
        for name in ("customers.h5", "kmeans.0", "kmeans.1"):
            with self.subTest(name):
                self.output.unlink(missing_ok=True)
                self.interrupt()
                with open(self.checkpoints / name, "r+b") as file:
                    file.truncate((self.checkpoints / name).stat().st_size // 2)
                done = self.succeed(*self.arguments, "--resume", ranks=2)
                self.assertIn("is damaged", done.stderr)
                self.assert_same_results(self.expected(), self.output)

    def test_a_folder_that_cannot_be_made_is_said_at_once(self):
        (self.scratch / "file").write_text("")
        self.fail_with(2, *self.arguments, "--set", f'run.checkpoint_dir="{self.scratch}/file/below"',
                       says=["checkpoint_dir", "cannot be written to"])

    def test_a_run_that_was_given_up_for_lost_does_not_write_over_its_successor(self):
        first = subprocess.Popen([tessera.PROGRAM, *map(str, self.arguments)], stderr=subprocess.PIPE, text=True, cwd=tessera.ROOT)
        while not (self.checkpoints / "owner").exists():
            time.sleep(0.001)
        (self.checkpoints / "owner").write_text("successor")
        _, said = first.communicate(timeout=100)
        self.assertEqual(first.returncode, 4, said)
        self.assertIn("another run has taken over", said)
        self.assertFalse(self.output.exists())

    def test_a_checkpoint_that_cannot_be_written_is_no_end_of_the_run(self):
        (self.checkpoints / "customers.h5").mkdir(parents=True)
        done = self.succeed(*self.arguments, "--force", ranks=2)
        self.assertIn("warning: no checkpoint was written", done.stderr)
        self.assert_same_results(self.expected(), self.output)

    def test_checkpoints_are_for_their_owner_alone(self):
        self.interrupt()
        for file in self.checkpoints.glob("*"):
            self.assertEqual(file.stat().st_mode & 0o077, 0, file.name)

    def stop(self, sort, restarts, environment=None):
        """Sends a signal to one of two ranks in K-means, which takes some seconds; returns the run's arguments."""
        arguments = [*map(str, self.arguments), "--set", f"kmeans.restarts={restarts}", "--set", "kmeans.together=50",
                     "--set", "run.checkpoint_seconds=1000"]
        process = subprocess.Popen([tessera.ROOT / "scripts/mpirun.sh", "2", tessera.PROGRAM, *arguments],
                                   stderr=subprocess.PIPE, text=True, cwd=tessera.ROOT, env={**os.environ, **(environment or {})})
        self.addCleanup(process.stderr.close)
        said = ""
        for line in process.stderr:
            said += line
            if sort is not None and "base " in line:  # the stage before K-means is done
                pids = subprocess.run(["pgrep", "-f", f"bin/tessera run {self.configuration}"], capture_output=True, text=True)
                ranks = [int(pid) for pid in pids.stdout.split()
                         if os.readlink(f"/proc/{pid}/exe") == str(tessera.PROGRAM.resolve())]
                os.kill(ranks[-1], sort)
                sort = None
        self.assertEqual(process.wait(timeout=60), INTERRUPTED, said)
        self.assertEqual(said.count("tessera: error:"), 1, said)
        self.assertIn("--resume", said)
        self.assertFalse(self.output.exists())
        return arguments

    def test_a_signal_to_any_one_rank_stops_all_with_a_checkpoint(self):
        for sort in (signal.SIGUSR1, signal.SIGTERM):
            with self.subTest(sort.name):
                arguments = self.stop(sort, restarts=400)
                self.assertTrue({"kmeans.0", "kmeans.1"} & set(self.kept()))
                self.succeed(*arguments, "--resume", ranks=3)
                self.assertEqual(self.kept(), [])
                self.succeed(*self.arguments[:2], "-o", self.scratch / "all.h5", "--force", "--set", "kmeans.restarts=400")
                self.assert_same_results(self.scratch / "all.h5", self.output)
                self.output.unlink()

    def test_a_signal_before_the_work_begins_stops_it_too(self):
        process = subprocess.Popen([tessera.PROGRAM, *map(str, self.arguments)], stderr=subprocess.PIPE, text=True,
                                   cwd=tessera.ROOT)
        caught = 0
        while not caught >> (signal.SIGUSR1 - 1) & 1:
            with open(f"/proc/{process.pid}/status") as status:
                caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
        process.send_signal(signal.SIGUSR1)
        _, said = process.communicate(timeout=100)
        self.assertEqual(process.returncode, INTERRUPTED, said)

    def test_a_job_stops_by_itself_before_its_time_is_up(self):
        self.stop(None, 20_000, {"SLURM_JOB_END_TIME": str(int(time.time()) + 4)})


if __name__ == "__main__":
    unittest.main()
