# SPDX-License-Identifier: Apache-2.0
"""What is done leaves a line that nobody can change unnoticed; a run stays within its folders."""
import json
import os
import shutil
import stat
import unittest

import small_job

class AuditLogs(small_job.JobTestCase):
    def setUp(self):
        super().setUp()
        self.log = self.scratch / "audit.jsonl"
        self.configure(privacy='audit_log = "audit.jsonl"\nkey_file = "pseudonym.key"')
        self.succeed("keygen", "-o", self.scratch / "pseudonym.key")

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def act(self):
        """A run, an export and a re-identification."""
        result = self.result()
        self.succeed("export", result, "segments", ranks=2, environment={"TESSERA_AUDIT_LOG": str(self.log)})
        self.succeed("export", result, "customers", "--reidentify", "--key", self.scratch / "pseudonym.key", "--source", self.config,
                     "-o", self.scratch / "ids.csv", "--audit-log", self.log, cwd=self.scratch, ranks=2)

    def test_runs_exports_and_reidentifications_leave_a_line_each(self):
        self.act()
        run, segments, ids = self.lines()
        self.assertEqual([line["command"] for line in (run, segments, ids)], ["run", "export segments", "export customers"])
        self.assertEqual([line["reidentified"] for line in (run, segments, ids)], [False, False, True])
        self.assertEqual([line["customers"] for line in (run, segments, ids)], [small_job.CUSTOMERS, 0, small_job.CUSTOMERS])
        self.assertEqual(run["uid"], os.geteuid())
        self.assertRegex(run["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(run["host"])
        self.assertEqual(run["digest"], ids["digest"])
        self.assertEqual(ids["output"], str(self.scratch / "ids.csv"))
        self.assertEqual(stat.S_IMODE(self.log.stat().st_mode), 0o600)
        self.assertNotIn("C00001", self.log.read_text())
        self.assertIn("3 acts", self.succeed("verify", "--audit-log", self.log, ranks=2).stdout)

    def test_a_changed_or_missing_line_is_found(self):
        self.act()
        whole = self.log.read_text()
        first, second, third = whole.splitlines(keepends=True)
        for text, line in ((first.replace('"customers":3000', '"customers":3') + second + third, 2), (first + third, 2),
                           (second + third, 1), (second + first + third, 1), (first + second + "hello\n", 3), (whole[:-1], 3)):
            self.log.write_text(text)
            self.fail_with(3, "verify", "--audit-log", self.log, says=["audit.jsonl", f"line {line}"], ranks=2)
        self.fail_with(3, "verify", "--audit-log", self.scratch / "none", says=["cannot be read"])

    def test_the_last_digest_tells_whether_the_end_was_cut(self):
        self.act()
        last = self.succeed("verify", "--audit-log", self.log).stdout
        self.log.write_text("".join(self.log.read_text().splitlines(keepends=True)[:2]))
        self.assertNotEqual(last, self.succeed("verify", "--audit-log", self.log).stdout)

    def test_nothing_is_done_without_a_trace(self):
        self.log.write_text("half a li")
        self.fail_with(3, "run", self.config, "-o", self.scratch / "no.h5", cwd=self.scratch, says=["ends inside a line"], ranks=2)
        self.log.write_text("no log\n")
        self.fail_with(3, "run", self.config, "-o", self.scratch / "no.h5", cwd=self.scratch, says=["none of an audit log"])
        self.log.unlink()
        self.log.symlink_to(self.scratch / "elsewhere")
        self.fail_with(2, "run", self.config, "-o", self.scratch / "no.h5", cwd=self.scratch, says=["audit log"])
        self.log.unlink()
        self.log.mkdir()
        self.fail_with(2, "run", self.config, "-o", self.scratch / "no.h5", cwd=self.scratch, says=["audit log"], ranks=2)
        self.assertFalse((self.scratch / "no.h5").exists())


class RestrictedPaths(small_job.JobTestCase):
    def setUp(self):
        super().setUp()
        self.inside, self.outside = self.scratch / "inside", self.scratch / "outside"
        self.inside.mkdir()
        self.outside.mkdir()
        shutil.move(self.scratch / "customers.csv", self.inside)
        self.configure(privacy=f'restrict_paths = ["{self.inside}"]')

    def attempt(self, output, *more):
        return ("run", self.config, "-o", output, "--set", f'run.folder="{self.inside}"', *more)

    def test_what_is_inside_is_used(self):
        self.succeed(*self.attempt(self.inside / "out.h5"), ranks=2)

    def test_what_is_outside_is_refused(self):
        self.fail_with(2, *self.attempt(self.outside / "out.h5"), says=["the output", "restrict_paths"], ranks=2)
        self.fail_with(2, *self.attempt(self.inside / ".." / "outside" / "out.h5"), says=["the output"])
        self.fail_with(2, *self.attempt(self.scratch / "inside-too.h5"), says=["the output"])
        for setting in ("run.checkpoint_dir", "run.status_dir", "run.prometheus_file", "privacy.audit_log", "privacy.key_file",
                        "items.taxonomy", "quality.previous"):
            self.fail_with(2, *self.attempt(self.inside / "out.h5", "--set", f'{setting}="{self.outside}/x"'), says=[setting, "restrict_paths"])
        self.assertEqual(list(self.outside.iterdir()), [])

    def test_links_that_lead_out_are_refused(self):
        (self.inside / "door").symlink_to(self.outside)
        self.fail_with(2, *self.attempt(self.inside / "door" / "out.h5"), says=["the output", str(self.outside)])
        (self.inside / "out.h5").symlink_to(self.outside / "new.h5")
        self.fail_with(2, *self.attempt(self.inside / "out.h5"), says=["the output", str(self.outside / "new.h5")])
        shutil.move(self.inside / "customers.csv", self.outside)
        (self.inside / "customers.csv").symlink_to(self.outside / "customers.csv")
        self.fail_with(2, *self.attempt(self.inside / "out2.h5"), says=["table 'customers'", str(self.outside)], ranks=2)

    def test_a_root_that_is_no_folder_is_refused(self):
        self.fail_with(2, *self.attempt(self.inside / "out.h5", "--set", f'privacy.restrict_paths=["{self.scratch}/none"]'),
                       says=["which is no folder"])


if __name__ == "__main__":
    unittest.main()
