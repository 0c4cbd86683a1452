# SPDX-License-Identifier: Apache-2.0
"""Quality gates stop a run before its expensive stages, with all that is wrong in one message."""
import unittest

import h5py

import tessera

CONFIGURATION = """
[run]
name = "gates"
[[table]]
name = "customers"
path = ["{path}"]
key = "id"
duplicates = "last"
order_by = "age"
[table.column.age]
type = "int"
[table.column.balance]
type = "float"
[table.column.job]
fold_case = true
[[feature]]
column = "age"
[[feature]]
column = "balance"
[kmeans]
k = 2
init = "random"
"""
ROWS = "".join(f"c{i},{20 + i},{'' if i % 4 == 0 else i * 100},{' Clerk' if i % 2 else 'clerk'}\n" for i in range(40))


class QualityGate(tessera.TestCase):
    def setUp(self):
        super().setUp()
        path = self.scratch / "customers.csv"
        path.write_text("id,age,balance,job\n" + ROWS + "c1,99,1,nurse\nc2,99,1,nurse\n")
        self.toml = self.scratch / "gates.toml"
        self.toml.write_text(CONFIGURATION.format(path=path))
        self.out = self.scratch / "out.h5"

    def stopped(self, *settings, code=3, says=()):
        words = [word for setting in settings for word in ("--set", setting)]
        for ranks in (1, 3):
            done = self.fail_with(code, "run", self.toml, *words, "-o", self.out, ranks=ranks, says=says)
            self.assertNotIn("kmeans", done.stderr.split("tessera: error:")[0])
            self.assertEqual([path.name for path in self.scratch.iterdir() if "out" in path.name], [])

    def test_all_violated_gates_are_named_with_value_and_limit(self):
        self.stopped("quality.max_missing=0.1", "quality.min_rows=100", "quality.max_duplicates=0.01",
                     says=["table 'customers' does not pass 3 quality gates",
                           "column 'balance' is missing for a share of 0.25, above quality.max_missing = 0.1",
                           "40 customers, below quality.min_rows = 100",
                           "a share of 0.047619 of the rows repeats an id, above quality.max_duplicates = 0.01"])

    def test_a_column_may_have_its_own_limit(self):
        self.stopped("table.0.column.balance.max_missing=0.2",
                     says=["does not pass 1 quality gate", "above its max_missing = 0.2"])
        self.succeed("run", self.toml, "--set", "quality.max_missing=0.1", "--set",
                     "table.0.column.balance.max_missing=0.25", "-o", self.out)

    def test_a_limit_that_is_met_exactly_is_met(self):
        self.succeed("run", self.toml, "--set", "quality.max_missing=0.25", "--set", "quality.min_rows=40", "-o",
                     self.out, ranks=2)
        with h5py.File(self.out) as file:
            self.assertEqual(file["quality/tables/duplicates"][0], 2)
            self.assertEqual(list(file["quality/bins/category"].asstr())[-3:], ["clerk", "nurse", ""])

    def test_a_previous_run_must_be_one(self):
        self.stopped("quality.previous=nowhere.h5", says=["nowhere.h5"])
        with h5py.File(self.scratch / "other.h5", "w") as file:
            file["x"] = [1]
        self.stopped(f"quality.previous={self.scratch / 'other.h5'}", says=["other.h5"])
        self.succeed("run", self.toml, "-o", self.scratch / "before.h5")
        for path, what in (("bins/kind", "of unknown columns or kinds"), ("bins/lower", "are not in order")):
            damaged = self.scratch / "damaged.h5"
            damaged.write_bytes((self.scratch / "before.h5").read_bytes())
            with h5py.File(damaged, "r+") as file:
                file["quality/" + path][...] = 77
            self.stopped(f"quality.previous={damaged}", says=["damaged.h5", what])

    def test_a_drift_gate_needs_a_previous_run(self):
        self.stopped("quality.max_drift=0.2", code=2, says=["quality.max_drift needs quality.previous"])

    def test_a_run_without_account_is_no_previous_one(self):
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = [[1.0, 2.0], [3.0, 5.0], [8.0, 9.0]]
        self.succeed("kmeans", self.scratch / "points.h5", "--k", "2", "-o", self.scratch / "direct.h5")
        self.stopped(f"quality.previous={self.scratch / 'direct.h5'}", says=["the file has no /quality"])


if __name__ == "__main__":
    unittest.main()
