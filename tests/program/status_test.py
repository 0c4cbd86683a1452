# SPDX-License-Identifier: Apache-2.0
"""How a job is doing while it runs and when it has ended, and where its time went."""
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

import h5py
import numpy as np

import tessera


class Status(tessera.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.bank = pathlib.Path(folder.name) / "bank"
        done = tessera.run("generate", "-o", cls.bank, "--customers", 2000, "--seed", 3)
        assert done.returncode == 0, done.stderr

    def setUp(self):
        super().setUp()
        self.folder = self.scratch / "status"
        self.output = self.scratch / "out.h5"
        self.arguments = ["run", self.bank / "features.toml", "-o", self.output,
                          "--set", f'run.status_dir="{self.folder}"']

    def status(self):
        return json.loads((self.folder / "status.json").read_text())

    def log(self):
        return [json.loads(line) for line in (self.folder / "log.jsonl").read_text().splitlines()]

    def said(self, *options):
        return self.succeed("status", self.folder, *options).stdout

    def started(self, *more, ranks=1):
        """A run that takes long, as a process."""
        launcher = [] if ranks == 1 else [tessera.ROOT / "scripts/mpirun.sh", str(ranks)]
        process = subprocess.Popen([*launcher, tessera.PROGRAM, *map(str, self.arguments), "--set", "kmeans.restarts=20000",
                                    "--set", "kmeans.together=50", *more], stderr=subprocess.PIPE, text=True, cwd=tessera.ROOT)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, holds):
        """Until a status is there that `holds`, at most a minute; every one on the way is whole."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                status = self.status()
            except FileNotFoundError:
                continue
            if holds(status):
                return status
            time.sleep(0.01)
        self.fail("no such status came")

    def test_a_run_that_is_done_says_so(self):
        self.succeed(*self.arguments, ranks=2)
        status = self.status()
        self.assertEqual((status["state"], status["exit_code"], status["message"]), ("done", 0, ""))
        self.assertEqual((status["ranks"], status["command"]), (2, "run"))
        self.assertGreater(status["memory_bytes"], 1_000_000)
        self.assertRegex(self.said(), r"tessera run '.*', 2 ranks, process \d+ on .*\ndone in 0:0\d:\d\d\n")
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), ["log.jsonl", "status.json"])
        for file in self.folder.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0)

    def test_a_status_does_not_change_the_result(self):
        self.succeed(*self.arguments, ranks=2)
        self.succeed("run", self.bank / "features.toml", "-o", self.scratch / "without.h5")
        self.assert_same_results(self.output, self.scratch / "without.h5")

    def test_the_log_has_a_line_an_event(self):
        self.succeed(*self.arguments)
        log = self.log()
        self.assertEqual([log[0]["event"], log[-1]["event"]], ["begin", "end"])
        self.assertEqual(log[-1]["exit_code"], 0)
        begun = [line["stage"] for line in log if line["event"] == "stage"]
        done = [line["stage"] for line in log if line["event"] == "stage done"]
        self.assertEqual(begun, done)
        self.assertTrue({"read", "place", "kmeans", "write"} <= set(done))
        self.assertTrue(any(line["event"] == "warning" and "key_file" in line["message"] for line in log), log)
        times = [line["time_unix"] for line in log]
        self.assertEqual(times, sorted(times))
        self.succeed(*self.arguments, "--force")
        self.assertEqual([line["event"] for line in self.log()].count("begin"), 2)  # a requeued job goes on in the same log

    def test_a_running_job_tells_how_far_it_is_and_renews_it(self):
        process = self.started(ranks=2)
        status = self.wait_for(lambda s: s["stage"] == "kmeans" and s["share"] is not None)
        self.assertEqual(status["state"], "running")
        self.assertIsNone(status["exit_code"])
        self.assertIn("iteration", status["detail"])
        self.assertGreater(status["rate"], 0)
        self.assertGreaterEqual(status["seconds_left"], 0)
        self.assertRegex(self.said(), r"running for .*\nstage \d+: kmeans for .* %, .*/s, .* left, .*iteration")
        self.wait_for(lambda s: s["renewed_unix"] > status["renewed_unix"])

    def test_a_killed_job_becomes_stale(self):
        process = self.started()
        self.wait_for(lambda s: s["stage"] == "kmeans")
        process.kill()
        process.wait(timeout=30)
        text = (self.folder / "status.json").read_text()
        self.assertEqual(json.loads(text)["state"], "running")
        self.assertNotIn("STALE", self.said())
        long_ago = re.sub(r'("renewed_unix": )[\d.]+', lambda m: f"{m[1]}{time.time() - 3600:.3f}", text)
        (self.folder / "status.json").write_text(long_ago)
        self.assertRegex(self.said(), r"STALE: was running .*\nno sign of life for 1:00:0\d")

    def test_an_interrupted_job_says_so(self):
        process = self.started()
        self.wait_for(lambda s: s["stage"] == "kmeans")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 5)
        status = self.status()
        self.assertEqual((status["state"], status["exit_code"]), ("interrupted", 5))
        self.assertIn("interrupted after", self.said())
        self.assertEqual(self.log()[-1]["exit_code"], 5)

    def test_a_failed_job_says_why_whoever_failed(self):
        for fault in ("kmeans:1", "kmeans:0", "kmeans alone:1", "kmeans alone:0"):
            with self.subTest(fault):
                self.fail_with(4, *self.arguments, ranks=2, environment={"TESSERA_FAULT": fault})
                status = self.status()
                self.assertEqual((status["state"], status["exit_code"]), ("failed", 4))
                self.assertIn("kmeans", status["message"])
                self.assertRegex(self.said(), r"failed after .*, exit code 4, in stage")
                events = [(line["event"], line.get("exit_code")) for line in self.log()]
                self.assertIn(("end", 4), events[len(events) - events[::-1].index(("begin", None)):])

    def test_a_wrong_configuration_found_after_the_beginning_is_told_too(self):
        self.fail_with(2, *self.arguments, "--set", 'privacy.key_file="/nowhere"')
        self.assertEqual((self.status()["state"], self.status()["exit_code"]), ("failed", 2))

    def test_json_is_valid_whatever_stands_in_names(self):
        self.succeed(*self.arguments, "--set", 'run.name="a \\"b\\" \\\\ \\u001b[31m größe\\n"')
        self.assertEqual(self.status()["name"], 'a "b" \\ \\x1b[31m größe\n')
        self.assertEqual(self.log()[0]["name"], self.status()["name"])
        self.assertNotIn("\x1b", self.said())
        self.assertEqual(json.loads(self.said("--json")), self.status())

    def test_metrics_are_as_a_collector_reads_them(self):
        metrics = self.scratch / "tessera.prom"
        self.succeed(*self.arguments, "--set", f'run.prometheus_file="{metrics}"')
        lines = metrics.read_text().splitlines()
        values = {}
        for line in lines:
            if not line.startswith("#"):
                self.assertRegex(line, r'^tessera_[a-z_]+\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\} [-+.e0-9]+$')
                values[line.split("{")[0]] = float(line.split()[-1])
                self.assertIn(f"# TYPE {line.split('{')[0]} gauge", lines)
        self.assertEqual((values["tessera_job_running"], values["tessera_job_exit_code"]), (0, 0))
        self.assertGreater(values["tessera_job_peak_memory_bytes"], 1_000_000)
        self.assertEqual(metrics.stat().st_mode & 0o444, 0o444)

    def test_a_place_that_cannot_be_written_to_is_said_at_once(self):
        (self.scratch / "file").write_text("")
        self.fail_with(2, *self.arguments, "--set", f'run.status_dir="{self.scratch}/file/below"',
                       says=["status_dir", "cannot be written"], ranks=2)
        self.fail_with(2, *self.arguments, "--set", f'run.prometheus_file="{self.scratch}/nowhere/x.prom"',
                       says=["prometheus_file", "cannot be written"])

    def test_a_status_that_cannot_be_renewed_does_not_end_the_run(self):
        process = self.started()
        self.wait_for(lambda s: s["stage"] == "kmeans")
        for file in self.folder.iterdir():
            file.unlink()
        self.folder.rmdir()
        time.sleep(3)  # longer than a renewal
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 5)

    def test_what_is_no_status_is_refused(self):
        self.fail_with(3, "status", self.scratch, says=["status.json cannot be read", "run.status_dir"])
        self.folder.mkdir()
        for text in ("", "{", "[1]", '{"state": "running"}', "x" * 3_000_000):
            (self.folder / "status.json").write_text(text)
            self.fail_with(3, "status", self.folder, says=["status.json"])
        (self.folder / "status.json").unlink()
        (self.folder / "status.json").mkdir()
        self.fail_with(3, "status", self.folder, says=["cannot be read"])

    def test_a_resumed_job_may_tell_its_status_elsewhere(self):
        keep = ["--set", f'run.checkpoint_dir="{self.scratch}/kept"', "--set", "run.checkpoint_seconds=0"]
        done = tessera.run(*self.arguments, *keep, environment={"TESSERA_FAULT": "itemsets:0"})
        self.assertEqual(done.returncode, 4, done.stderr)
        self.succeed(*self.arguments[:-1], f'run.status_dir="{self.scratch}/elsewhere"', *keep, "--resume")
        self.assertEqual(json.loads((self.scratch / "elsewhere/status.json").read_text())["state"], "done")


class Telemetry(tessera.TestCase):
    def figures(self, ranks):
        path = self.scratch / f"{ranks}.h5"
        self.succeed("run", "config/demo.toml", "--set", "kmeans.k=3", "-o", path, ranks=ranks)
        with h5py.File(path) as file:
            return path, {name: item[()] for name, item in file["run/telemetry"].items()}, file["run/timings"][()]

    def test_seconds_are_of_computing_waiting_and_moving_on_every_rank(self):
        for ranks in (1, 3):
            path, found, timings = self.figures(ranks)
            stages = len(found["stage"])
            self.assertEqual(list(found["stage"]), list(timings["stage"]))
            self.assertIn(b"kmeans", found["stage"])
            for name in ("seconds", "computing_seconds", "waiting_seconds", "moving_seconds", "bytes", "calls", "peak_memory_bytes"):
                self.assertEqual(found[name].shape, (stages, ranks), name)
                self.assertTrue((found[name] >= 0).all(), name)
            np.testing.assert_allclose(found["computing_seconds"] + found["waiting_seconds"] + found["moving_seconds"],
                                       found["seconds"], rtol=1e-9, atol=1e-6)
            np.testing.assert_allclose(found["seconds"].max(axis=1), timings["seconds"])
            busy = found["computing_seconds"]
            np.testing.assert_allclose(found["imbalance"], busy.max(axis=1) / busy.mean(axis=1))
            self.assertTrue((np.diff(found["peak_memory_bytes"], axis=0) >= 0).all())
            self.assertTrue((found["calls"] > 0).any())
            place = list(found["stage"]).index(b"place")
            self.assertEqual(bool(found["bytes"][place].all()), ranks > 1)
            self.succeed("verify", path, ranks=2)

    def test_info_shows_a_table(self):
        path, found, _ = self.figures(2)
        table = self.succeed("info", path, "--timings", ranks=2).stdout.splitlines()
        self.assertEqual(table[0].split(), ["stage", "seconds", "computing", "waiting", "moving", "imbalance", "sent", "memory"])
        rows = {line[:16].strip(): line[16:].split() for line in table[1:]}
        for i, stage in enumerate(found["stage"]):
            self.assertAlmostEqual(float(rows[stage.decode()][0]), found["seconds"][i].max(), delta=0.0011)
        self.assertAlmostEqual(float(rows["all"][0]), found["seconds"].max(axis=1).sum(), delta=0.0011)
        self.assertNotIn("Segments", "\n".join(table))

    def test_info_shows_seconds_alone_where_a_file_has_no_more(self):
        path, found, _ = self.figures(1)
        with h5py.File(path, "r+") as file:
            del file["run/telemetry"]
        table = self.succeed("info", path, "--timings").stdout.splitlines()
        self.assertEqual(len(table), len(found["stage"]))

    def test_telemetry_that_does_not_fit_is_refused(self):
        for name, shape in (("seconds", (2, 2)), ("seconds", (0,)), ("bytes", (1, 1)), ("waiting_seconds", (3,))):
            with self.subTest(name):
                path, found, _ = self.figures(1)
                with h5py.File(path, "r+") as file:
                    del file[f"run/telemetry/{name}"]
                    file[f"run/telemetry/{name}"] = np.zeros(shape, found[name].dtype)
                self.fail_with(3, "info", path, "--timings", says=[f"/run/telemetry/{name} is not stages x ranks"])
                path.unlink()

    def test_direct_commands_have_it_too(self):
        with h5py.File(self.scratch / "x.h5", "w") as file:
            file["x"] = np.random.default_rng(1).normal(size=(500, 3)).astype("f4")
        self.succeed("kmeans", self.scratch / "x.h5", "--k", 2, "-o", self.scratch / "k.h5", ranks=2)
        self.assertIn("kmeans", self.succeed("info", self.scratch / "k.h5", "--timings").stdout)


if __name__ == "__main__":
    unittest.main()
