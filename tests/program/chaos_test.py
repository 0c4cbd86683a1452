# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed at random moments end with the same bytes: the short form of scripts/chaos.py."""
import subprocess
import sys
import unittest

import tessera


class Chaos(tessera.TestCase):
    def test_killed_runs_end_with_the_same_bytes(self):
        done = subprocess.run([sys.executable, tessera.ROOT / "scripts/chaos.py", "--runs", "4", "--customers", "1500"],
                              text=True, capture_output=True, timeout=800)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("4 of 4 runs ended with the same bytes", done.stdout)


if __name__ == "__main__":
    unittest.main()
