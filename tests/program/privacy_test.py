# SPDX-License-Identifier: Apache-2.0
"""Pseudonyms are hashlib's; ids are in nothing that is written but a re-identified export; small groups stay hidden."""
import csv
import hashlib
import io
import os
import subprocess
import unittest

import h5py
import numpy as np

import tessera

CONFIGURATION = """
[run]
name = "privacy"
[privacy]
key_file = "{key}"
min_cell = 20
[[table]]
name = "customers"
path = ["{folder}/customers-*.csv"]
key = "id"
[table.column.age]
type = "int"
min = 0
max = 120
[table.column.income]
type = "float"
sensitive = true
[table.column.job]
type = "category"
[[feature]]
column = "age"
[[feature]]
column = "income"
[kmeans]
k = 4
init = "random"
restarts = 1
[items]
columns = ["job"]
bins = [{{ column = "income", quantiles = 4 }}, {{ column = "age", quantiles = 3 }}]
[itemsets]
min_support = 2
max_length = 3
[rules]
min_confidence = 0.05
min_lift = 0.1
"""
CUSTOMERS = 3000
MARKER = "MARKER"


def customer_id(row):
    return f'{MARKER}-{row:05d}' if row % 7 else f'{MARKER} "{row}"; Zoë'


def field(text):
    return '"' + text.replace('"', '""') + '"'


def record(row):
    """Some jobs are held by few."""
    job = "lighthouse keeper" if row % 1000 == 1 else "astronaut" if row % 300 == 2 else ("clerk", "nurse", "farmer")[row % 3]
    return f"{20 + row % 60},{field(customer_id(row))},{1000 + row * 7 % 90000}.25,{job}\n"


HEADER = "age,id,income,job\n"


class Privacy(tessera.TestCase):
    def setUp(self):
        super().setUp()
        self.key, self.config = self.scratch / "pseudonym.key", self.scratch / "run.toml"
        self.succeed("keygen", "-o", self.key)
        self.secret = bytes.fromhex(self.key.read_text())
        self.config.write_text(CONFIGURATION.format(key=self.key, folder=self.scratch))
        self.write_tables(range(CUSTOMERS))

    def write_tables(self, rows):
        rows = list(rows)
        for part, some in enumerate((rows[:len(rows) // 3], rows[len(rows) // 3:])):
            (self.scratch / f"customers-{part}.csv").write_text(HEADER + "".join(map(record, some)))

    def run_job(self, ranks=2, *options):
        result = self.scratch / "run.h5"
        self.done = self.succeed("run", self.config, "-o", result, "--force", *options, ranks=ranks)
        return result

    def pseudonym(self, text):
        return hashlib.blake2b(text.encode(), key=self.secret, digest_size=16).digest()

    def table(self, *arguments):
        done = self.succeed("export", *arguments)
        return list(csv.DictReader(io.StringIO(done.stdout))), done.stderr

    # --- keys ---------------------------------------------------------------------------------------------------------
    def test_keygen_makes_a_private_file_tells_what_to_do_and_never_replaces(self):
        for ranks in (1, 3):
            key = self.scratch / f"{ranks}.key"
            old = os.umask(0)
            try:
                done = self.succeed("keygen", "-o", key, ranks=ranks)
            finally:
                os.umask(old)
            self.assertEqual(key.stat().st_mode & 0o777, 0o600)
            text = key.read_text()
            self.assertRegex(text, "^[0-9a-f]{64}\n$")
            self.assertNotIn(text[:8], done.stdout + done.stderr)
            self.assertIn("key_file", done.stdout)
            self.fail_with(2, "keygen", "-o", key, says=["already"], ranks=ranks)
            self.assertEqual(key.read_text(), text)
        self.assertNotEqual((self.scratch / "1.key").read_text(), (self.scratch / "3.key").read_text())
        self.fail_with(2, "keygen", "-o", "/nowhere/x.key", says=["/nowhere/x.key"])
        self.assertEqual(tessera.run("keygen").returncode, 2)

    def test_pseudonyms_are_those_of_hashlib_and_the_key_is_in_nothing(self):
        result = self.run_job(3)
        with h5py.File(result) as file:
            keys = [row.tobytes() for row in file["customers/key"][:]]
            self.assertEqual(keys, sorted(self.pseudonym(customer_id(row)) for row in range(CUSTOMERS)))
            self.assertEqual(file["run"].attrs["key_check"].decode(),
                             hashlib.blake2b(b"tessera key check", key=self.secret, digest_size=32).hexdigest())
        told = self.succeed("check", self.config).stdout + self.succeed("info", result).stdout + self.done.stderr
        for text in (self.secret.hex(), self.secret.hex().upper()):
            self.assertNotIn(text, told)
            self.assertNotIn(text.encode(), result.read_bytes())
        self.assertNotIn(self.secret, result.read_bytes())

    # --- re-identification --------------------------------------------------------------------------------------------
    def test_reidentified_customers_are_the_same_bytes_on_any_number_of_ranks(self):
        result, outputs = self.run_job(), []
        for ranks in (1, 2, 3):
            out = self.scratch / f"ids-{ranks}.csv"
            done = self.succeed("export", result, "customers", "--reidentify", "--key", self.key, "--source", self.config,
                                "-o", out, ranks=ranks)
            self.assertEqual(out.stat().st_mode & 0o777, 0o600)
            self.assertIn(f"re-identification: 3,000 customer ids are written in the clear to {out}", done.stderr)
            self.assertNotIn(MARKER, done.stdout + done.stderr)
            outputs.append(out.read_bytes())
        self.assertEqual(len(set(outputs)), 1)
        table = list(csv.DictReader(io.StringIO(outputs[0].decode())))
        self.assertEqual(list(table[0])[:3], ["id", "key", "segment"])
        self.assertNotIn("income", table[0])
        with h5py.File(result) as file:
            self.assertEqual([row["key"] for row in table], [key.tobytes().hex() for key in file["customers/key"][:]])
            self.assertEqual([int(row["segment"]) for row in table], file["customers/segment"][:].tolist())
        self.assertEqual([row["key"] for row in table], [self.pseudonym(row["id"]).hex() for row in table])
        self.assertEqual({row["id"] for row in table}, {customer_id(row) for row in range(CUSTOMERS)})

    def test_more_customers_than_a_rank_writes_or_reads_at_a_time(self):
        rows = 150_000
        (self.scratch / "customers-0.csv").write_text(HEADER + "".join(f"{20 + r % 60},C{r},{r % 977}.5,clerk\n" for r in range(rows)))
        (self.scratch / "customers-1.csv").unlink()
        result, outputs = self.run_job(2, "--set", "kmeans.max_iterations=2", "--set", "itemsets.min_support=10%"), []
        for ranks in (1, 3):
            out = self.scratch / f"ids-{ranks}.csv"
            self.succeed("export", result, "customers", "--reidentify", "--key", self.key, "--source", self.config, "-o", out,
                         ranks=ranks)
            outputs.append(out.read_text())
        self.assertEqual(*outputs)
        lines = outputs[0].splitlines()[1:]
        self.assertEqual(len(lines), rows)
        self.assertTrue(all(self.pseudonym(cell[0]).hex() == cell[1] for cell in (line.split(",") for line in lines)))

    def test_reidentification_needs_the_runs_key_its_source_and_a_file(self):
        result, out = self.run_job(), self.scratch / "ids.csv"
        other = self.scratch / "other.key"
        self.succeed("keygen", "-o", other)
        all_of = ["--reidentify", "--key", self.key, "--source", self.config, "-o", out]
        for options, says in ((["--reidentify", "--key", other, "--source", self.config, "-o", out], "is not the key of"),
                              (["--reidentify", "--source", self.config, "-o", out], "was made with a key"),
                              (["--reidentify", "--key", self.key, "-o", out], "without --source"),
                              (["--reidentify", "--key", self.key, "--source", self.config], "without -o"),
                              (["--key", self.key], "without --reidentify"), (["--source", self.config], "without --reidentify")):
            for ranks in (1, 3):
                with self.subTest(options=options, ranks=ranks):
                    done = self.fail_with(2, "export", result, "customers", *options, says=[says], ranks=ranks)
                    self.assertNotIn(MARKER, done.stdout + done.stderr)
        self.fail_with(2, "export", result, "segments", *all_of, says=["only customers have ids"])
        self.key.chmod(0o640)
        self.fail_with(2, "export", result, "customers", *all_of, says=["--key", "open to group or others"])
        self.key.chmod(0o600)
        with h5py.File(result, "r+") as file:
            del file["run"].attrs["key_check"]
        self.fail_with(3, "export", result, "customers", *all_of, says=["does not tell which key"])
        self.assertFalse(out.exists())

    def test_a_source_without_some_customers_is_told_and_another_one_refused(self):
        result, out = self.run_job(), self.scratch / "ids.csv"
        all_of = ["--reidentify", "--key", self.key, "--source", self.config, "-o", out]
        self.write_tables(range(100, CUSTOMERS + 50))
        for ranks in (1, 3):
            done = self.succeed("export", result, "customers", *all_of, "--force", ranks=ranks)
            self.assertIn("100 of 3,000 customers", done.stderr)
            ids = [row["id"] for row in csv.DictReader(io.StringIO(out.read_text()))]
            self.assertEqual((len(ids), ids.count("")), (CUSTOMERS, 100))
        self.write_tables(range(CUSTOMERS, CUSTOMERS + 100))
        self.fail_with(3, "export", result, "customers", *all_of, "--force", says=["none of the 3000 customers"], ranks=2)

    def test_a_run_without_a_key_is_reidentified_without_one(self):
        result, out = self.run_job(2, "--set", "privacy.key_file=''"), self.scratch / "ids.csv"
        self.succeed("export", result, "customers", "--reidentify", "--source", self.config, "-o", out)
        self.fail_with(2, "export", result, "customers", "--reidentify", "--key", self.key, "--source", self.config, "-o", out,
                       "--force", says=["is not the key of"])

    # --- ids are in nothing else --------------------------------------------------------------------------------------
    def test_ids_are_in_no_result_log_or_export(self):
        result = self.run_job(3)
        self.assertNotIn(MARKER.encode(), result.read_bytes())
        told = self.done.stdout + self.done.stderr
        for what in ("itemsets", "rules", "segments", "profiles", "customers"):
            done = self.succeed("export", result, what)
            told += done.stdout + done.stderr
        for command in (["check", self.config], ["info", result], ["verify", result]):
            done = self.succeed(*command)
            told += done.stdout + done.stderr
        self.assertNotIn(MARKER, told)

    def test_ids_and_values_are_in_no_message_about_bad_input(self):
        good, part = HEADER + "".join(map(record, range(60))), self.scratch / "customers-0.csv"
        (self.scratch / "customers-1.csv").unlink()
        bad = {
            "too few fields": good + f"{MARKER},{MARKER}\n",
            "stray quote": good + f'5,{MARKER}"x,1,{MARKER}\n',
            "open quote": good + f'5,"{MARKER},1,{MARKER}\n',
            "NUL": good + f"5,{MARKER}\0,1,{MARKER}\n",
            "UTF-8": good.encode() + f"5,{MARKER}".encode() + b"\xff,1,a\n",
            "number": good + f"{MARKER},{MARKER},1,clerk\n",
            "fraction": good + f"1.5,{MARKER},1,clerk\n",
            "overflow": good + f"5,{MARKER},1e999,clerk\n",
            "range": good + f"150,{MARKER},1,clerk\n",
            "no id": good + f"5,,1,{MARKER}\n",
            "repeated id": good + good[len(HEADER):],
            "no header": good[len(HEADER):],
            "repeated name in what is no header": f"{MARKER},{MARKER},1,2\n" * 3,
            "long record": good + f"5,{MARKER},1,{'x' * 2_000_000}\n",
        }
        for name, text in bad.items():
            part.write_bytes(text if isinstance(text, bytes) else text.encode())
            for command, ranks in ((["run", self.config, "-o", self.scratch / "out.h5"], 1),
                                   (["run", self.config, "-o", self.scratch / "out.h5"], 3), (["check", self.config], 1)):
                with self.subTest(name, command=command[0], ranks=ranks):
                    done = tessera.run(*command, ranks=ranks)
                    self.assertNotIn(MARKER, done.stdout + done.stderr)
                    if command[0] == "run":
                        self.assertEqual(done.returncode, 3, done.stderr)
        part.write_text(good)
        (self.scratch / "customers-1.csv").write_text("".join(map(record, range(60, 90))))
        self.assertNotIn(MARKER, self.fail_with(3, "run", self.config, "-o", self.scratch / "out.h5", ranks=2).stderr)
        (self.scratch / "customers-1.csv").write_text(HEADER + "".join(map(record, range(60, 90))))
        self.config.write_text(self.config.read_text().replace('key = "id"', 'key = "id"\nmax_categories = 2'))
        self.assertNotIn(MARKER, self.fail_with(3, "run", self.config, "-o", self.scratch / "out.h5", ranks=2).stderr)

    def test_rejects_hold_no_ids(self):
        self.config.write_text(self.config.read_text().replace('key = "id"', 'key = "id"\non_bad_row = { max_fraction = 0.5 }'))
        (self.scratch / "customers-2.csv").write_text(HEADER + f"old,{MARKER}1,1,clerk\n150,{MARKER}2,1,clerk\nx\n")
        result = self.run_job(2)
        with h5py.File(result) as file:
            self.assertEqual(len(file["rejects/record"]), 3)
        self.assertNotIn(MARKER.encode(), result.read_bytes())

    def test_the_key_column_is_no_item_feature_or_weight(self):
        plain = self.config.read_text()
        for name, key in (("id", ""), ("alias", 'source = "id"\n')):
            self.config.write_text(plain.replace("[table.column.job]", f'[table.column.{name}]\ntype = "id"\n{key}[table.column.job]'))
            for setting in (f'items.columns=["{name}"]', f'items.bins=[{{column="{name}"}}]', f'feature=[{{column="{name}"}}]',
                            f"kmeans.weight={name}", f'feature=[{{column="age", impute="group", impute_by="{name}"}}]'):
                with self.subTest(setting):
                    self.fail_with(2, "run", self.config, "--set", setting, "-o", self.scratch / "out.h5", says=["customers' ids"])

    def test_a_key_that_is_read_as_a_category_would_have_bins_and_is_refused(self):
        for column in ("[table.column.id]", '[table.column.alias]\nsource = "id"'):
            self.config.write_text(self.config.read_text().replace("[table.column.job]", column + "\n[table.column.job]", 1))
            for command in (["run", "-o", self.scratch / "out.h5"], ["check"]):
                self.fail_with(2, command[0], self.config, *command[1:], says=["holds the key", 'type = "id"'])

    # --- sensitive columns --------------------------------------------------------------------------------------------
    def test_sensitive_columns_are_in_aggregates_only(self):
        result = self.run_job(3)
        income = np.array([1000 + row * 7 % 90000 + 0.25 for row in range(CUSTOMERS)])
        with h5py.File(result) as file:
            self.assertIn("income", file["features/name"].asstr()[()])
            for dataset in file["customers"].values():
                if dataset.ndim == 1:
                    self.assertFalse(np.array_equal(np.sort(dataset[:]), np.sort(income)), dataset.name)
                    self.assertLess(len(np.intersect1d(dataset[:], income)), 3, dataset.name)
            names = file["itemsets/item_name"].asstr()[()]
        bins = sorted(name for name in names if name.startswith("income"))
        self.assertEqual(len(bins), 4)
        for name in bins:  # the richest and the poorest are single customers
            self.assertNotIn(str(income.max()), name)
            self.assertNotIn(str(income.min()), name)
        self.assertEqual(sum(name.startswith("income=<") for name in bins), 1)
        self.assertEqual(sum(name.startswith("income=>=") for name in bins), 1)
        shown = self.succeed("check", self.config).stdout
        self.assertIn("sensitive = true", shown)
        self.assertRegex(shown, r"(?m)^  income .* yes$")
        self.assertRegex(shown, r"(?m)^  age .* -$")

    def test_a_sensitive_weight_is_refused_because_weights_are_written(self):
        for command in (["run", "-o", self.scratch / "out.h5"], ["check"]):
            self.fail_with(2, command[0], self.config, *command[1:], "--set", "kmeans.weight=income",
                           says=['kmeans.weight = "income"', "sensitive", "every customer"])

    # --- small groups -------------------------------------------------------------------------------------------------
    def test_tables_for_people_do_not_give_small_cells_back(self):
        result = self.run_job()
        with h5py.File(result) as file:
            items = file["profiles/item_name"].asstr()[()].tolist()
            support, size = file["profiles/item_support"][()], file["model/selected/size"][()]
        rare = items.index("job=lighthouse keeper")
        self.assertEqual(support[:, rare].sum(), 3)
        rows, _ = self.table(result, "profiles")
        shown = {(int(row["segment"]), row["name"]): row for row in rows if row["kind"] == "item"}
        jobs = [name for name in items if name.startswith("job=")]
        hidden = [job for job in jobs if not shown[0, job]["share_of_base"]]
        self.assertIn("job=lighthouse keeper", hidden)
        self.assertGreaterEqual(len(hidden), 2)  # the total of the others would tell
        self.assertGreaterEqual(sum(support[:, items.index(job)].sum() for job in hidden), 20)
        for segment in range(4):
            unseen = [job for job in jobs if not shown[segment, job]["customers"]]
            self.assertNotEqual(len(unseen), 1)
            for job in jobs:
                text = shown[segment, job]["customers"]
                self.assertIn(text, ("", str(support[segment, items.index(job)])))
                self.assertFalse(text and 0 < int(text) < 20)
        self.assertNotIn("lighthouse", self.succeed("info", result).stdout)

    def test_centroids_of_categories_and_gaps_tell_no_small_cells(self):
        few = [f"{30 + row},OTHER {row},,clerk\n" for row in range(4)]
        (self.scratch / "customers-2.csv").write_text(HEADER + "".join(few))
        self.config.write_text(self.config.read_text().replace('column = "income"\n[kmeans]', 'column = "income"\nindicator = true\n'
            '[[feature]]\nname = "work"\ncolumn = "job"\nencode = "onehot"\nweight = 0.1\nclip = [-2.0, 2.0]\n[kmeans]'))
        holders = {self.pseudonym(customer_id(row)): "work=" + record(row).rsplit(",", 1)[1].strip() for row in range(CUSTOMERS)}
        result = self.run_job()
        with h5py.File(result) as file:
            size, names = file["model/selected/size"][()], file["features/name"].asstr()[()].tolist()
            jobs = [name for name in names if name.startswith("work=")]
            count = {(s, name): 0 for s in range(4) for name in jobs}
            for key, segment in zip(file["customers/key"][:], file["customers/segment"][:]):
                count[segment, holders.get(key.tobytes(), "work=clerk")] += 1
        self.assertEqual(len(jobs), 5)
        every, _ = self.table(result, "segments", "--min-cell", 0)
        self.assertNotIn("", [value for row in every for value in row.values()])
        rows, _ = self.table(result, "profiles")
        effect = {(int(row["segment"]), row["name"]): row["effect_size"] for row in rows if row["kind"] == "feature"}
        profile = {(int(row["segment"]), row["name"]): row["centroid_original"] for row in rows if row["kind"] == "feature"}
        items = {(int(row["segment"]), row["name"]): row["customers"] for row in rows if row["kind"] == "item"}
        shown = {(s, name): row[name] for s, row in enumerate(self.table(result, "segments")[0]) for name in names}
        self.assertEqual(shown, profile)
        self.assertTrue(any(shown[s, name] for s in range(4) for name in jobs))
        self.assertTrue(any(0 < count[s, name] < 20 for s in range(4) for name in jobs))
        for s in range(4):
            self.assertTrue(shown[s, "age"] and shown[s, "income"])
            self.assertEqual(shown[s, "income:missing"] + effect[s, "income:missing"], "")
            hidden = [name for name in jobs if not shown[s, name]]
            self.assertFalse(0 < sum(count[s, name] for name in hidden) < 20)  # the size is shown: the rest would tell
            for name in jobs:
                self.assertEqual(effect[s, name] == "", name in hidden)
                self.assertEqual(items[s, name.replace("work", "job")] == "", name in hidden)
                self.assertTrue(name in hidden or count[s, name] in (0, size[s]) or 20 <= count[s, name] <= size[s] - 20)
        self.assertNotRegex(self.succeed("info", result).stdout, "lighthouse|income:missing")

    def test_centroids_that_are_no_shares_of_customers_hide_all_features_of_0_and_1(self):
        self.config.write_text(self.config.read_text().replace("[kmeans]", '[[feature]]\ncolumn = "job"\nencode = "onehot"\n[kmeans]'))
        for setting in ("kmeans.distance=cosine", "kmeans.weight=age"):
            result = self.run_job(2, "--set", setting, "--set", "items.columns=[]")  # which would tell how many
            for row in self.table(result, "segments")[0]:
                self.assertEqual({value == "" for name, value in row.items() if name.startswith("job=")}, {True}, setting)
                self.assertTrue(row["age"] and row["customers"])

    def test_a_small_segment_is_hidden_with_another(self):
        few = "".join(f"119,old {row},{900_000 + row},clerk\n" for row in range(25))
        (self.scratch / "customers-2.csv").write_text(HEADER + few)
        self.config.write_text(self.config.read_text().replace("restarts = 1", "restarts = 20"))
        result = self.run_job()
        with h5py.File(result) as file:
            size = file["model/selected/size"][()]
        self.assertEqual(sorted(size)[0], 25)
        cell = 26
        rows, _ = self.table(result, "segments", "--min-cell", cell)
        hidden = {int(row["segment"]) for row in rows if not row["customers"]}
        self.assertEqual(hidden, set(np.argsort(size, kind="stable")[:2].tolist()))
        self.assertGreaterEqual(size[list(hidden)].sum(), cell)
        for row in rows:
            if not row["customers"]:
                self.assertEqual(set(list(row.values())[1:]), {""})
        self.config.write_text(self.config.read_text().replace("min_cell = 20", f"min_cell = {cell}"))
        text = self.succeed("info", self.run_job()).stdout
        self.assertIn(f"below {cell}", text)
        self.assertIn("not shown", text)

    def test_itemsets_and_rules_of_few_are_left_out_with_a_line_that_says_how_many(self):
        result = self.run_job()
        for what, others in (("itemsets", ()), ("rules", ("antecedent_support", "consequent_support"))):
            all_of, quiet = self.table(result, what, "--min-cell", 0)
            shown, told = self.table(result, what)
            self.assertNotIn("left out", quiet)
            left_out = len(all_of) - len(shown)
            self.assertGreater(left_out, 0)
            self.assertIn(f"{left_out:,} {what} left out", told)
            for row in shown:
                support = int(row["support"])
                groups = [support, *(int(row[name]) - support for name in others)]
                groups.append(CUSTOMERS - support - sum(groups[1:]))
                self.assertFalse([group for group in groups if 0 < group < 20], row)
        outputs = [self.succeed("export", result, "itemsets", "-o", self.scratch / f"{ranks}.csv", ranks=ranks).stderr[9:]
                   for ranks in (1, 3)]
        self.assertEqual(*outputs)


if __name__ == "__main__":
    unittest.main()
