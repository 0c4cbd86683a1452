# SPDX-License-Identifier: Apache-2.0
"""Bad input ends in one message with its three parts and the exit code of its class, on one rank and on several."""
import os
import pathlib
import subprocess
import unittest

import h5py
import numpy as np

import tessera

CONFIGURATION = """
[run]
name = "bad input"
[[table]]
name = "customers"
path = ["{path}"]
key = "id"
[table.column.age]
type = "int"
max = 120
[table.column.balance]
type = "float"
[table.column.job]
type = "category"
[[feature]]
column = "age"
[[feature]]
column = "balance"
[kmeans]
k = 2
init = "random"
[items]
columns = ["job"]
[itemsets]
min_support = "10%"
"""
HEADER = "id,age,balance,job\n"
GOOD = HEADER + "".join(f"c{i},{20 + i},{i * 100}.5,{'clerk' if i % 2 else 'nurse'}\n" for i in range(40))


class BadInput(tessera.TestCase):
    def test_check_looks_at_typed_tables_as_the_run_reads_them(self):
        path = self.scratch / "customers.h5"
        configuration = self.configuration(path=path, changes=[('key = "id"', 'key = "id"\nformat = "hdf5"\ndataset = "/t"'),
                                                              ('type = "float"', 'type = "float"\nmissing = ["none"]')])
        rows = np.array([(f"c{i}", 20 + i, np.nan if i % 4 == 0 else i, "clerk") for i in range(40)],
                        dtype=[("id", "S8"), ("age", "i4"), ("balance", "f8"), ("job", "S8")])
        with h5py.File(path, "w") as file:
            file["t"] = rows
        shown = self.succeed("check", configuration, ranks=2).stdout
        self.assertRegex(shown, r"(?m)^  balance +float +int +10 +30 ")
        with h5py.File(path, "w") as file:
            file["t"] = rows[["id", "age", "job"]]
        for ranks in (1, 3):
            self.fail_with(3, "check", configuration, says=["balance"], ranks=ranks)

    def configuration(self, text=GOOD, path=None, changes=()):
        if path is None:
            path = self.scratch / "customers.csv"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        toml = CONFIGURATION.format(path=path)
        for old, new in changes:
            self.assertIn(old, toml)
            toml = toml.replace(old, new)
        (self.scratch / "bad.toml").write_text(toml)
        return self.scratch / "bad.toml"

    def refuse(self, code, text=GOOD, says=(), path=None, changes=(), arguments=()):
        """Refused alike on 1 and 3 ranks, with no result file left behind."""
        configuration = self.configuration(text, path, changes)
        for ranks in (1, 3):
            self.fail_with(code, "run", configuration, "-o", self.scratch / "out.h5", *arguments, says=says, ranks=ranks,
                           timeout=60)
            self.assertEqual([p.name for p in self.scratch.iterdir() if p.name.startswith("out.h5")], [])

    # --- the data -----------------------------------------------------------------------------------------------------
    def test_the_good_input_is_good(self):
        self.succeed("run", self.configuration(), "-o", self.scratch / "out.h5", ranks=3)

    def test_missing_file(self):
        self.refuse(3, path="/nowhere/customers.csv", says=["/nowhere/customers.csv"])

    def test_glob_without_a_match(self):
        self.refuse(3, path=str(self.scratch / "part-*.csv"), says=["part-*.csv"])

    def test_folder(self):
        self.refuse(3, path=str(self.scratch), says=[str(self.scratch)])

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_unreadable_file(self):
        configuration = self.configuration()
        (self.scratch / "customers.csv").chmod(0)
        self.fail_with(3, "run", configuration, "-o", self.scratch / "out.h5", says=["customers.csv"])

    def test_empty_file(self):
        self.refuse(3, "", says=["customers.csv", "empty"])

    def test_header_only(self):
        self.refuse(3, HEADER, says=["customers.csv"])

    def test_wrong_number_of_fields(self):
        self.refuse(3, GOOD + "c99,5\n", says=["wrong number of fields"])

    def test_unterminated_quote(self):
        self.refuse(3, GOOD + 'c99,5,1.0,"clerk\n', says=["quote", "42"])

    def test_nul_byte(self):
        self.refuse(3, GOOD + "c99,5,1.0,cl\0erk\n", says=["NUL byte"])

    def test_invalid_encoding(self):
        self.refuse(3, GOOD.encode() + b"c99,5,1.0,cl\xfferk\n", says=["invalid encoding"])

    def test_100_megabyte_line(self):
        self.refuse(3, GOOD.encode() + b"c99,5,1.0," + b"x" * 100_000_000, says=["max_record_bytes", "42"])

    def test_number_overflow(self):
        self.refuse(3, GOOD + "c99,5,1e999,clerk\n", says=["number overflow", "balance"])

    def test_nan_and_infinity(self):
        for value in ("nan", "inf", "-Infinity"):
            self.refuse(3, GOOD + f"c99,5,{value},clerk\n", says=["not finite", "balance"])

    def test_value_out_of_range(self):
        self.refuse(3, GOOD + "c99,121,1.0,clerk\n", says=["above maximum", "age"])

    def test_values_never_appear_in_messages(self):
        done = self.fail_with(3, "run", self.configuration(GOOD + "c99,secret,1.0,clerk\n"), "-o", self.scratch / "out.h5")
        self.assertNotIn("secret", done.stderr)
        self.assertNotIn("c99", done.stderr)

    def test_rejects_within_the_allowed_share_are_stored(self):
        configuration = self.configuration(GOOD + "c99,old,1.0,clerk\n",
                                           changes=[('key = "id"', 'key = "id"\non_bad_row = { max_fraction = 0.1 }')])
        for ranks in (1, 2, 3):
            out = self.scratch / f"{ranks}.h5"
            self.succeed("run", configuration, "-o", out, ranks=ranks)
            with h5py.File(out) as file:
                self.assertEqual(file["rejects/record"][:].tolist(), [42])
                self.assertEqual(file["rejects/column_name"].asstr()[file["rejects/column"][0]], "age")
                self.assertEqual(file["rejects/reason_name"].asstr()[file["rejects/reason"][0]], "not a number")
                self.assertEqual(file["customers/key"].shape, (40, 16))

    def test_repeated_ids(self):
        self.refuse(3, GOOD + "c0,5,1.0,clerk\n", says=["2 rows", "duplicates"])

    WEIGHT = ('[table.column.job]', '[table.column.volume]\ntype = "float"\n[table.column.job]')

    def weighted(self, *weights, id=lambda row: f"c{row}"):
        """A table whose rows have these weights."""
        return "id,age,balance,job,volume\n" + "".join(
            f"{id(row)},{20 + row},{row * 100}.5,clerk,{weight}\n" for row, weight in enumerate(weights))

    def test_weights_that_are_none(self):
        for bad, says in (("", "no value"), ("0", "not above 0"), ("-7.25", "not above 0"), ("1e39", "single precision"),
                          ("1e-39", "single precision")):
            with self.subTest(bad):
                self.refuse(3, self.weighted(*[1.5] * 30, bad, *[2] * 8, bad), changes=[self.WEIGHT],
                            arguments=["--set", "kmeans.weight=volume"],
                            says=["row 31 of table customers", says, "in column volume", "[table.column.volume]"])
        done = self.fail_with(3, "run", self.configuration(self.weighted(*[1] * 30, -7.25), changes=[self.WEIGHT]), "--set",
                              "kmeans.weight=volume", "-o", self.scratch / "out.h5")
        for secret in ("7.25", "c30"):
            self.assertNotIn(secret, done.stderr)

    def test_rows_without_a_weight_can_be_rejected_as_the_message_says(self):
        above_0 = ('[table.column.job]',
                   '[table.column.volume]\ntype = "float"\nmin = 0.001\nmissing = []\n[table.column.job]')
        configuration = self.configuration(self.weighted(*[1.5] * 30, "", 0, -1, 2),
                                           changes=[above_0, ('key = "id"', 'key = "id"\non_bad_row = { max_fraction = 0.1 }')])
        out = self.scratch / "out.h5"
        self.succeed("run", configuration, "--set", "kmeans.weight=volume", "-o", out)
        with h5py.File(out) as file:
            self.assertEqual(file["rejects/record"][:].tolist(), [32, 33, 34])
            self.assertEqual(sorted(file["customers/weight"][:].tolist()), [1.5] * 30 + [2])

    def test_row_of_zeros_with_the_cosine_distance(self):
        zero = HEADER + "".join(f"c{i},{i},{i * 100}.0,clerk\n" for i in range(40))
        self.refuse(3, zero, changes=[('column = "age"', 'column = "age"\nscale = "none"'),
                                      ('column = "balance"', 'column = "balance"\nscale = "none"')],
                    arguments=["--set", "kmeans.distance=cosine"], says=["only zeros", "cosine"])

    # --- the configuration --------------------------------------------------------------------------------------------
    def test_kmeans_settings_that_mean_nothing(self):
        """Refused by `run` and by `check`."""
        for setting, says in (("distance=manhattan", ["kmeans.distance", "manhattan", "euclidean, cosine"]),
                              ("precision=half", ["kmeans.precision", "half", "float, double"]),
                              ("pruning=some", ["kmeans.pruning", "some", "auto, always, never"]),
                              ("together=-1", ["kmeans.together = -1"]),
                              ("weight=volumes", ['kmeans.weight = "volumes"', "declares no such column",
                                                  "[table.column.volumes]"]),
                              ("weight=job", ['kmeans.weight = "job"', "not a number", "type int or float"])):
            with self.subTest(setting):
                self.refuse(2, arguments=["--set", f"kmeans.{setting}"], says=says)
                self.fail_with(2, "check", self.configuration(), "--set", f"kmeans.{setting}", says=says)

    def test_missing_configuration(self):
        self.fail_with(2, "run", "nowhere.toml", says=["nowhere.toml"], ranks=2)

    def test_malformed_configuration(self):
        self.refuse(2, changes=[("k = 2", "k = = 2")], says=["bad.toml:"])

    def test_unknown_key(self):
        self.refuse(2, changes=[("k = 2", "kk = 2")], says=["kmeans.kk", "did you mean k?", "bad.toml:"])

    def test_wrong_type(self):
        self.refuse(2, changes=[("k = 2", 'k = "two"')], says=["kmeans.k", "two", "whole number"])

    def test_k_of_zero(self):
        self.refuse(2, changes=[("k = 2", "k = 0")], says=["kmeans.k = 0", "1 to"])

    def test_k_above_the_number_of_customers(self):
        self.refuse(2, changes=[("k = 2", "k = 41")], says=["41", "40"])

    def test_fewer_distinct_customers_than_k(self):
        same = HEADER + "".join(f"c{i},{20 + i % 3},100,clerk\n" for i in range(40))
        for init in ("random", "kmeans||", "kmeans++"):
            self.refuse(3, same, changes=[("k = 2", "k = 5"), ('init = "random"', f'init = "{init}"')],
                        says=["3 distinct"], arguments=["--set", "feature=[{column=\"age\"}]"])

    def test_centroids_are_looked_at_before_anything_else(self):
        """By `run` before a table is read, and by `check`."""
        start = self.scratch / "start.h5"
        (self.scratch / "text.h5").write_text("this is no HDF5")
        with h5py.File(start, "w") as file:
            for name, values in {"c": np.zeros((2, 2)), "more": np.zeros((3, 2)), "wide": np.zeros((2, 3)), "line": np.zeros(4),
                                 "holes": np.array([[1, 2], [3, np.nan]]), "narrow": np.zeros((2, 1))}.items():
                file[name] = values
            file["text"] = ["a", "b"]
        out = ["-o", self.scratch / "out.h5"]

        def configuration(source):
            return self.configuration(changes=[('init = "random"', f'init = "file"\nrestarts = 1\ncentroids = "{source}"')])

        for code, source, says in ((3, "/nowhere/start.h5:/c", "/nowhere/start.h5"),
                                   (3, f"{self.scratch}:/c", "not a plain file"),
                                   (3, f"{self.scratch}/text.h5:/c", "not an HDF5 file"),
                                   (3, f"{start}:/centroids", "/c (2 x 2 float64)"),
                                   (3, f"{start}:/line", "has the shape 4"),
                                   (3, f"{start}:/text", "string"),
                                   (3, f"{start}:/more", "3 rows of 2 numbers, but k = 2"),
                                   (3, f"{start}:/wide", "3 columns for at most 2 features"),
                                   (3, f"{start}:/holes", "column 1 of row 1"),
                                   (2, "start.h5", "kmeans.centroids")):
            for ranks, command in ((3, ["run", configuration(source), *out]), (1, ["check", configuration(source)])):
                with self.subTest(source, command=command[0]):
                    done = self.fail_with(code, *command, says=[says], ranks=ranks)
                    self.assertEqual((done.stdout, done.stderr.find("tessera: error:")), ("", 0))  # no stage had begun
        self.refuse(3, changes=[('init = "random"', f'init = "file"\nrestarts = 1\ncentroids = "{start}:/narrow"')],
                    says=["1 columns for 2 features"])  # an indicator or a constant feature decides only later
        self.succeed("check", configuration(f"{start}:/c"), ranks=3)

    def test_minimum_support_of_0_and_101_percent(self):
        for support in ("0%", "101%"):
            self.refuse(2, changes=[('"10%"', f'"{support}"')], says=["itemsets.min_support", support])

    def test_minimum_support_above_the_number_of_customers(self):
        self.refuse(2, changes=[('"10%"', "41")], says=["41", "40"])

    def test_unknown_column(self):
        self.refuse(2, changes=[('[[feature]]\ncolumn = "age"', '[[feature]]\ncolumn = "agee"')],
                    says=['"agee"', 'did you mean "age"?'])

    def test_column_that_the_file_does_not_have(self):
        self.refuse(3, GOOD.replace("balance", "saldo"), says=["balance"])

    def test_category_as_a_feature(self):
        self.refuse(2, changes=[('[[feature]]\ncolumn = "age"', '[[feature]]\ncolumn = "job"')], says=["not a number"])

    def test_nothing_that_varies(self):
        constant = HEADER + "".join(f"c{i},30,100,clerk\n" for i in range(40))
        self.refuse(2, constant, says=["feature"])

    def test_unknown_subcommand_and_option(self):
        for arguments in (["dance"], ["run", "x.toml", "--fast"], []):
            self.assertEqual(tessera.run(*arguments, ranks=2).returncode, 2)

    def test_malformed_override(self):
        configuration = self.configuration()
        self.fail_with(2, "run", configuration, "--set", "kmeans.k", says=["--set"])

    def test_key_file_open_to_others(self):
        key = self.scratch / "pseudonym.key"
        key.write_text("00" * 32)
        key.chmod(0o644)
        self.refuse(2, arguments=["--set", f"privacy.key_file='{key}'"], says=["open to group or others"])
        key.chmod(0o600)
        key.write_text("not hexadecimal")
        self.refuse(2, arguments=["--set", f"privacy.key_file='{key}'"], says=["64 hexadecimal digits"])

    # --- the output ---------------------------------------------------------------------------------------------------
    def test_output_folder_missing(self):
        self.fail_with(2, "run", self.configuration(), "-o", "/nowhere/out.h5", says=["/nowhere"], ranks=2)

    def test_no_output(self):
        self.fail_with(2, "run", self.configuration(), says=["run.output"], ranks=2)

    def test_existing_file_is_kept_without_force(self):
        out = self.scratch / "out.h5"
        out.write_text("precious")
        self.fail_with(2, "run", self.configuration(), "-o", out, says=["out.h5", "--force"], ranks=2)
        self.assertEqual(out.read_text(), "precious")
        self.succeed("run", self.configuration(), "-o", out, "--force", ranks=2)
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)

    @unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
    def test_disk_full(self):
        disk = self.scratch / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True).returncode:
            self.skipTest("mounting is not permitted here")
        self.addCleanup(subprocess.run, ["umount", disk])
        for ranks in (1, 3):
            self.fail_with(4, "run", self.configuration(), "-o", disk / "out.h5", says=["out.h5"], ranks=ranks, timeout=60)
            self.assertEqual(list(disk.iterdir()), [])

    # --- the direct commands ------------------------------------------------------------------------------------------
    def test_kmeans_input(self):
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = np.arange(40, dtype=np.float32).reshape(20, 2)
            file["line"] = np.arange(5, dtype=np.float32)
            file["holes"] = np.array([[1, 2], [np.nan, 3], [4, 5]], dtype=np.float32)
            file["c"] = np.zeros((2, 3))
            file["w"], file["few"], file["none"] = np.ones(20), np.ones(19), np.r_[np.ones(19), 0]
            file["zeros"] = np.zeros((20, 2))
        points = self.scratch / "points.h5"
        out = ["-o", self.scratch / "out.h5"]
        pathlib.Path(self.scratch / "text.h5").write_text("this is no HDF5")
        for ranks in (1, 3):
            self.fail_with(3, "kmeans", "/nowhere.h5", "--k", 2, *out, says=["/nowhere.h5"], ranks=ranks)
            self.fail_with(3, "kmeans", self.scratch / "text.h5", "--k", 2, *out, says=["text.h5"], ranks=ranks)
            self.fail_with(3, "kmeans", points, "--dataset", "/y", "--k", 2, *out, says=["/y", "/x"], ranks=ranks)
            self.fail_with(3, "kmeans", points, "--dataset", "/line", "--k", 2, *out, says=["/line"], ranks=ranks)
            self.fail_with(3, "kmeans", points, "--dataset", "/holes", "--k", 2, *out, says=["row 1"], ranks=ranks)
            self.fail_with(3, "kmeans", points, "--k", 2, "--centroids", f"{points}:/c", *out, says=["2"], ranks=ranks)
            self.fail_with(2, "kmeans", points, "--k", 2, "--centroids", "points.h5", *out, says=["--centroids"], ranks=ranks)
            self.fail_with(2, "kmeans", points, "--k", 21, *out, says=["21", "20"], ranks=ranks)
            self.fail_with(2, "kmeans", points, "--k", 0, *out, says=["0"], ranks=ranks)
            for weight, says in (("/v", "/v"), ("/few", "19"), ("/x", "/x"), ("/none", "row 19")):
                self.fail_with(3, "kmeans", points, "--k", 2, "--weight", weight, *out, says=[says], ranks=ranks)
            self.fail_with(3, "kmeans", points, "--dataset", "/zeros", "--k", 2, "--distance", "cosine", *out,
                           says=["only zeros"], ranks=ranks)
        for option in ("--distance", "--precision", "--pruning", "--together"):
            self.assertEqual(tessera.run("kmeans", points, "--k", 2, option, "some", *out).returncode, 2)

    def test_itemset_input(self):
        baskets = self.scratch / "baskets.dat"
        out = ["-o", self.scratch / "out.h5"]
        for ranks in (1, 3):
            baskets.write_text("1 2 3\n1 x 3\n")
            self.fail_with(3, "itemsets", baskets, "--min-support", 1, *out, says=["baskets.dat", "2"], ranks=ranks)
            baskets.write_text("1 2 3\n1 4294967296 3\n")
            self.fail_with(3, "itemsets", baskets, "--min-support", 1, *out, says=["baskets.dat", "2"], ranks=ranks)
            self.fail_with(3, "itemsets", "/nowhere.dat", "--min-support", 1, *out, says=["/nowhere.dat"], ranks=ranks)
            baskets.write_text("1 2 3\n1 3\n")
            self.fail_with(2, "itemsets", baskets, "--min-support", 3, *out, says=["3", "2"], ranks=ranks)
            for support in ("0%", "101%", "0.5", "many"):
                self.fail_with(2, "itemsets", baskets, "--min-support", support, *out, says=["--min-support", support],
                               ranks=ranks)

    def test_too_many_itemsets_stop_cleanly_with_those_of_higher_support(self):
        baskets = self.scratch / "baskets.dat"
        # 2^60 itemsets at support 1. Of support s or more: those of at most 60 - s items.
        baskets.write_text("".join(" ".join(str(i) for i in range(60) if i != row) + "\n" for row in range(60)))
        for ranks in (1, 2):
            for distribution in ("task", "count"):
                out = self.scratch / f"{ranks}{distribution}.h5"
                self.fail_with(4, "itemsets", baskets, "--min-support", 1, "--max-itemsets", 50000, "--distribution",
                               distribution, "-o", out, ranks=ranks, says=["max_itemsets = 50000", "57 or more"])
                with h5py.File(out) as file:
                    self.assertEqual(file["itemsets"].attrs["truncated"], 1)
                    self.assertEqual(file["itemsets"].attrs["min_support"], 57)
                    self.assertEqual(file["itemsets/support"].shape[0], 60 + 1770 + 34220)
                self.assert_same_results(self.scratch / "1task.h5", out)

    def test_itemset_memory_limit(self):
        baskets = self.scratch / "baskets.dat"
        baskets.write_text("".join(" ".join(str(i) for i in range(60) if i != row) + "\n" for row in range(60)))
        for ranks in (1, 2):
            for distribution in ("task", "count"):
                self.fail_with(4, "itemsets", baskets, "--min-support", 50, "--max-memory", "256KB", "--distribution",
                               distribution, "-o", self.scratch / "out.h5", ranks=ranks, says=["max_memory"])

    def test_itemsets_of_odd_baskets(self):
        baskets = self.scratch / "baskets.dat"
        for ranks in (1, 3):
            for text, count in (("2147483647 0\n2147483647\n", 3), ("7 7 7\n7\n", 1), ("\n\n1 2\n\n", 3), ("5\n", 1)):
                baskets.write_text(text)
                done = self.succeed("itemsets", baskets, "--min-support", 1, "--count-only", ranks=ranks)
                self.assertEqual(done.stdout.strip(), str(count))

    def test_itemsets_need_one_place_to_go(self):
        baskets = self.scratch / "baskets.dat"
        baskets.write_text("1 2 3\n1 3\n")
        self.fail_with(2, "itemsets", baskets, "--min-support", 1, says=["--count-only"])
        self.fail_with(2, "itemsets", baskets, "--min-support", 1, "--count-only", "-o", self.scratch / "out.h5",
                       says=["--count-only"])


if __name__ == "__main__":
    unittest.main()
