# SPDX-License-Identifier: Apache-2.0
"""Tables with many rows a customer: what a run says and stores of them, and how it ends when they are wrong."""
import unittest

import h5py

import tessera

CONFIG = """
[run]
name = "other tables"
as_of = 2026-09-30
folder = "{folder}"
write_features = true
[[table]]
name = "customers"
path = "customers.csv"
key = "id"
on_bad_row = {{ max_fraction = 0.5 }}
[table.column.age]
type = "int"
[[table]]
name = "links"
path = "links.csv"
key = "id"
link = "account"
[table.column.account]
type = "id"
[[table]]
name = "events"
path = "events-*.csv"
key = "account"
via = "links"
date = "at"
on_bad_row = {{ max_fraction = 0.5 }}
[table.column.at]
type = "date"
[table.column.amount]
type = "float"
[[feature]]
column = "age"
[[feature]]
name = "total"
table = "events"
aggregate = "sum"
column = "amount"
where = {{ at = {{ min = 2020-01-01 }} }}
[kmeans]
k = [2]
"""


class OtherTables(tessera.TestCase):
    def setUp(self):
        super().setUp()
        self.config = self.scratch / "other.toml"
        self.config.write_text(CONFIG.format(folder=self.scratch))
        self.write("customers.csv", "id,age", [f"C{i},{20 + i % 50}" for i in range(200)] + ["C200,old"])
        self.write("links.csv", "id,account", [f"C{i},A{i}" for i in range(200)])
        events = [f"A{i % 200},2026-0{1 + i % 9}-11,{i}.25" for i in range(2000)]
        self.write("events-1.csv", "account,at,amount", events[:1000] + ["A1,2026-01-01,much"])
        self.write("events-2.csv", "account,at,amount",
                   events[1000:] + ["A999,2026-01-01,1", "A1,2026-12-24,1", "A1,,1", "A1,2026-02-30,1"])

    def write(self, name, header, lines):
        (self.scratch / name).write_text("\n".join([header, *lines]) + "\n")

    def test_rejects_of_all_tables_are_stored_with_their_files_and_columns(self):
        for ranks in (1, 3):
            out = self.scratch / f"{ranks}.h5"
            done = self.succeed("run", self.config, "-o", out, ranks=ranks)
            self.assertIn('table "events": 1 rows after as_of were not used', done.stderr)
            self.assertIn('table "events": 1 rows without a date were not used', done.stderr)
            self.assertIn('table "events": 3 of 2005 records were rejected', done.stderr)
            self.assertIn('table "events": 1 rows are of no link in table "links"', done.stderr)
            self.assertNotIn("of no customer", done.stderr)
            self.assertNotIn("without a link", done.stderr)
            with h5py.File(out) as file:
                names = {name: file[name].asstr()[:].tolist()
                         for name in ("run/inputs/table", "run/inputs/path", "rejects/column_name", "rejects/reason_name",
                                      "rejects/table_name")}
                self.assertEqual(names["run/inputs/table"], ["customers", "links", "events", "events"])
                self.assertEqual(names["rejects/table_name"], ["customers", "links", "events"])
                self.assertEqual(file["rejects/rejected"][:].tolist(), [1, 0, 3])
                found = [(names["run/inputs/path"][file["rejects/file"][i]].rsplit("/", 1)[1], record,
                          "" if column < 0 else names["rejects/column_name"][column],
                          names["rejects/reason_name"][file["rejects/reason"][i]])
                         for i, (record, column) in enumerate(zip(file["rejects/record"][:], file["rejects/column"][:]))]
                self.assertEqual(found, [("customers.csv", 202, "age", "not a number"),
                                         ("events-1.csv", 1002, "amount", "not a number"),
                                         ("events-2.csv", 1002, "", "unknown link"),
                                         ("events-2.csv", 1005, "at", "impossible date")])
            self.assertIn("4 rejected", self.succeed("info", out).stdout)
        self.assert_same_results(self.scratch / "1.h5", self.scratch / "3.h5")

    def test_check_shows_every_table_and_the_features_in_effect(self):
        done = self.succeed("check", self.config)
        for text in ('Table "customers"', 'Table "links"', 'Table "events": 2 files', 'aggregate = "sum"'):
            self.assertIn(text, done.stdout)

    def test_values_beyond_the_grid_stop_the_run(self):
        self.write("events-3.csv", "account,at,amount", ["A1,2025-12-31,1e15"])
        for ranks in (1, 3):
            self.fail_with(3, "run", self.config, "-o", self.scratch / "out.h5", ranks=ranks,
                           says=['column "amount"', "2^47", "[table.column.amount]"])
        self.write("events-2.csv", "account,at,amount", [])
        self.write("events-1.csv", "account,at,amount", ["A1,2026-09-01,1"])
        self.fail_with(3, "run", self.config, "--set", "feature.1.aggregate=time_mean", "--set", "feature.1.window_days=180", "-o",
                       self.scratch / "out.h5", ranks=2, says=['column "amount"', "2^47"])

    def test_too_many_rejects_of_any_table_stop_the_run(self):
        for ranks in (1, 3):
            self.fail_with(3, "run", self.config, "--set", "table.2.on_bad_row.max_fraction=0.001", "-o",
                           self.scratch / "out.h5", ranks=ranks, says=["events"])

    def test_a_misspelt_value_is_warned_of(self):
        done = self.succeed("run", self.config, "--set", "table.2.column.kind.source=at", "--set",
                            'feature.1.where={ kind = ["2026-01-11", "B1"] }', "-o", self.scratch / "out.h5")
        self.assertIn("no row has kind = B1, which a feature asks for", done.stderr)
        self.assertNotIn("kind = 2026", done.stderr)

    def test_rows_of_a_bridge_that_link_nothing_are_warned_of(self):
        self.write("links.csv", "id,account,kind", [f"C{i},{'A' + str(i) if i else ''},OWNER" for i in range(200)])
        for ranks in (1, 3):
            done = self.succeed("run", self.config, "--set", "table.1.column.kind.type=category", "--set",
                                'table.1.where={ kind = ["OWNER", "ONWER", "OWNER"] }', "-o", self.scratch / f"{ranks}.h5", ranks=ranks)
            self.assertIn('table "links": 1 rows without a link were not used', done.stderr)
            self.assertIn('table "links": no row has kind = ONWER, which its where asks for', done.stderr)
            self.assertNotIn("kind = OWNER", done.stderr)

    def test_a_table_of_strangers_is_warned_of(self):
        self.write("links.csv", "id,account", [f"C{i},B{i}" for i in range(200)])
        done = self.succeed("run", self.config, "--set", "table.2.on_bad_row.max_fraction=1", "-o", self.scratch / "out.h5")
        self.assertIn('table "events": no row is of a customer', done.stderr)
        self.write("events-1.csv", "account,at,amount", ["C1,2026-01-01,1", "C999,2026-01-01,1"])
        self.write("events-2.csv", "account,at,amount", [])
        config = self.config.read_text()
        links, events = config.index('[[table]]\nname = "links"'), config.index('[[table]]\nname = "events"')
        self.config.write_text(config[:links] + config[events:].replace('via = "links"\n', ""))
        done = self.succeed("run", self.config, "-o", self.scratch / "direct.h5")
        self.assertIn('table "events": 1 rows are of no customer', done.stderr)

    def test_a_bridge_that_does_not_fit_its_table_is_refused_before_the_run(self):
        for change, what in (('table.1.where={ rloe = "OWNER" }', 'where = "rloe"'), ("table.1.order_by=since", 'order_by = "since"'),
                             ("table.1.column.account.type=category", 'link = "account"')):
            self.fail_with(2, "check", self.config, "--set", change, says=["table 'links'", what])

    def test_the_job_ends_when_a_rank_fails(self):
        for stage in ("aggregate", "fold", "aggregate alone", "view", "view alone"):
            with self.subTest(stage):
                self.fail_with(4, "run", self.config, "-o", self.scratch / "out.h5", ranks=3, timeout=60,
                               environment={"TESSERA_FAULT": f"{stage}:1"}, says=["planted failure in stage " + stage])
                self.assertFalse((self.scratch / "out.h5").exists())


if __name__ == "__main__":
    unittest.main()
