# SPDX-License-Identifier: Apache-2.0
"""The program is built as docs/security.md says; readelf tells."""
import re
import shutil
import subprocess
import unittest

import tessera


@unittest.skipUnless(shutil.which("readelf"), "readelf is not installed")
class Hardening(unittest.TestCase):
    def read(self, *options):
        return subprocess.run(["readelf", "--wide", *options, tessera.PROGRAM], text=True, capture_output=True, check=True).stdout

    def test_the_program_is_position_independent(self):
        self.assertRegex(self.read("--file-header"), r"Type: +DYN ")

    def test_relocations_are_read_only_from_the_start(self):
        self.assertIn("GNU_RELRO", self.read("--program-headers"))
        self.assertRegex(self.read("--dynamic"), r"\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW|\(BIND_NOW\)")

    def test_the_stack_cannot_be_executed(self):
        stack = [line for line in self.read("--program-headers").splitlines() if "GNU_STACK" in line]
        self.assertEqual(len(stack), 1)
        self.assertNotIn("E", stack[0].split("GNU_STACK")[1].split()[5])

    def test_the_stack_is_watched(self):
        self.assertTrue(re.search(r"\b__stack_chk_fail\b", self.read("--dyn-syms")), "no function looks after its stack")


if __name__ == "__main__":
    unittest.main()
