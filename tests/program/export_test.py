# SPDX-License-Identifier: Apache-2.0
"""tessera export writes what is in the file: the same as scripts/tessera_results.py reads and as brute force finds."""
import csv
import io
import itertools
import json
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import tessera

sys.path.insert(0, str(tessera.ROOT / "scripts"))
import tessera_results as results  # noqa: E402


def baskets(rows, items, seed):
    random = np.random.default_rng(seed)
    return [np.flatnonzero(random.random(items) < 0.35).tolist() for _ in range(rows)]


def brute_force(rows, least):
    """{frozenset of item names: support}."""
    found = {}
    items = sorted({item for row in rows for item in row})
    sets = [set(row) for row in rows]
    for length in range(1, len(items) + 1):
        level = {}
        for chosen in itertools.combinations(items, length):
            support = sum(1 for row in sets if row.issuperset(chosen))
            if support >= least:
                level[frozenset(map(str, chosen))] = support
        if not level:
            break
        found.update(level)
    return found


def shown_parts(parts, least):
    """Small parts are hidden, and further ones until the hidden are `least` together."""
    order = np.argsort(parts, kind="stable")
    hidden = [i for i in order if parts[i] < least]
    while hidden and len(hidden) < len(parts) and parts[hidden].sum() < least:
        hidden.append(order[len(hidden)])
    return [i not in hidden for i in range(len(parts))]


class ExportItemsets(tessera.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = baskets(400, 11, seed=5)

    def setUp(self):
        super().setUp()
        self.data, self.result = self.scratch / "b.dat", self.scratch / "b.h5"
        self.data.write_text("".join(" ".join(map(str, row)) + "\n" for row in self.rows))
        self.succeed("itemsets", self.data, "--min-support", 8, "-o", self.result)

    def exported(self, *options, what="itemsets", ranks=1, result=None):
        return self.succeed("export", result or self.result, what, *options, ranks=ranks).stdout

    def test_csv_json_and_spmf_are_brute_force_and_what_python_reads(self):
        expected = brute_force(self.rows, 8)
        self.assertGreater(len(expected), 300)
        table = list(csv.DictReader(io.StringIO(self.exported())))
        self.assertEqual({frozenset(row["items"].split(" & ")): int(row["support"]) for row in table}, expected)
        self.assertEqual(len(table), len(expected))
        for row in table:
            self.assertEqual(float(row["share"]), int(row["support"]) / 400)
            self.assertEqual(int(row["length"]), len(row["items"].split(" & ")))
        lines = [json.loads(line) for line in self.exported("--format", "jsonl").splitlines()]
        self.assertEqual({frozenset(line["items"]): line["support"] for line in lines}, expected)
        spmf = dict(line.split(" #SUP: ") for line in self.exported("--format", "spmf").splitlines())
        self.assertEqual({frozenset(items.split()): int(support) for items, support in spmf.items()}, expected)
        read = list(results.itemsets(self.result))
        self.assertEqual([(tuple(row["items"].split(" & ")), int(row["support"])) for row in table], read)
        self.assertEqual(list(results.itemset_arrays(self.result)), read)

    def test_pieces_of_any_size_expand_to_the_same(self):
        whole = list(results.itemsets(self.result))
        for nodes in (1, 2, 7, 100):
            pieces = results.itemset_pieces(self.result, nodes=nodes)
            self.assertEqual([found for piece in pieces for found in piece], whole)

    def test_a_file_is_the_same_on_any_number_of_ranks_and_from_standard_output(self):
        """More nodes than a rank writes in a round, so that paths go over borders of ranks and rounds."""
        wide = baskets(60, 30, seed=8)
        self.data.write_text("".join(" ".join(map(str, row)) + "\n" for row in wide))
        self.succeed("itemsets", self.data, "--min-support", 1, "-o", self.result, "--force", ranks=2)
        with h5py.File(self.result) as file:
            self.assertGreater(len(file["itemsets/depth"]), 3 * 65536)
        for form in ("csv", "jsonl", "spmf"):
            direct = self.exported("--format", form)
            for ranks in (1, 2, 3):
                out = self.scratch / f"out.{form}"
                self.succeed("export", self.result, "itemsets", "--format", form, "-o", out, "--force", ranks=ranks)
                self.assertEqual(out.read_text(), direct)
                self.assertEqual(out.stat().st_mode & 0o777, 0o600)
            self.assertEqual(self.exported("--format", form, ranks=2), direct)
        self.assertEqual([tuple(row["items"].split(" & ")) for row in csv.DictReader(io.StringIO(self.exported()))],
                         [items for items, _ in results.itemsets(self.result, nodes=50_000)])

    def test_closed_sets_and_filters(self):
        closed = self.scratch / "closed.h5"
        self.succeed("itemsets", self.data, "--min-support", 8, "--kind", "closed", "-o", closed)
        every = brute_force(self.rows, 8)
        expected = {items: support for items, support in every.items()
                    if not any(items < other and support == n for other, n in every.items())}
        self.assertEqual(dict((frozenset(i), s) for i, s in results.itemsets(closed)), expected)
        self.assertEqual(len(self.exported(result=closed).splitlines()) - 1, len(expected))
        for options, keeps in ((["--min-length", 2, "--max-length", 3], lambda i, s: 2 <= len(i) <= 3),
                               (["--min-support", 30], lambda i, s: s >= 30),
                               (["--min-support", "5%"], lambda i, s: s >= 20),
                               (["--min-cell", 40], lambda i, s: s >= 40)):
            table = csv.DictReader(io.StringIO(self.exported(*options)))
            found = {frozenset(row["items"].split(" & ")): int(row["support"]) for row in table}
            self.assertEqual(found, {i: s for i, s in every.items() if keeps(i, s)})
        self.assertEqual(list(results.itemsets(self.result, min_length=2, max_length=3, min_support=30)),
                         [(i, s) for i, s in results.itemsets(self.result) if 2 <= len(i) <= 3 and s >= 30])

    def test_item_names_replace_numbers_and_are_quoted(self):
        names = self.scratch / "names.txt"
        names.write_text('0,Giro "Plus"\n1\tloan, small\n2,a=b\n')
        table = list(csv.DictReader(io.StringIO(self.exported("--item-names", names, "--max-length", 1))))
        self.assertEqual({row["items"] for row in table} - {str(i) for i in range(3, 11)},
                         {'Giro "Plus"', "loan, small", "a=b"})
        lines = self.exported("--item-names", names, "--format", "jsonl").splitlines()
        self.assertEqual(len(lines), len(list(results.itemsets(self.result))))
        self.assertTrue(any("loan, small" in json.loads(line)["items"] for line in lines))
        text = self.exported("--item-names", names, "--format", "spmf").splitlines()
        self.assertEqual(text[0], "@CONVERTED_FROM_TEXT")
        numbers = dict(line[len("@ITEM="):].split("=", 1) for line in text[1:12])
        self.assertEqual(len(numbers), 11)
        self.assertIn("a=b", numbers.values())
        for content, says in (("0 Giro\n", "line 1"), ("0,a\n0,b\n", "item 0 again"), ("x,y\n", "none of the result's items")):
            names.write_text(content)
            self.fail_with(2, "export", self.result, "itemsets", "--item-names", names, says=[says])
        self.fail_with(2, "export", self.result, "itemsets", "--item-names", "nowhere.txt", says=["nowhere.txt"], ranks=2)

    def test_wrong_requests_are_refused(self):
        out = self.scratch / "out.csv"
        for options, code, says in (
                (["itemset"], 2, "did you mean itemsets"),
                (["rules"], 3, "holds no rules"), (["segments"], 3, "export itemsets"),
                (["customers", "--min-length", 2], 2, "only itemsets and rules"),
                (["customers", "--format", "spmf"], 2, "SPMF"),
                (["customers", "--item-names", "n"], 2, "--item-names"),
                (["itemsets", "--min-length", 3, "--max-length", 2], 2, "--min-length 3"),
                (["itemsets", "--min-support", "1x"], 2, "--min-support"),
                (["itemsets", "-o", self.result, "--force"], 2, "the result file itself"),
                (["itemsets", "-o", self.scratch / "no/where.csv"], 2, "no"),
                (["itemsets", "-o", self.scratch, "--force"], 2, "plain file")):
            with self.subTest(options):
                self.fail_with(code, "export", self.result, *options, says=[says], ranks=2)
        self.fail_with(3, "export", self.data, "itemsets", says=["b.dat"])
        self.fail_with(3, "export", "nowhere.h5", "itemsets", says=["nowhere.h5"])
        out.write_text("mine")
        self.fail_with(2, "export", self.result, "itemsets", "-o", out, says=["--force"])
        self.assertEqual(out.read_text(), "mine")
        self.succeed("export", self.result, "itemsets", "-o", out, "--force")
        self.assertIn("items,length,support,share", out.read_text())
        self.assertEqual([path for path in self.scratch.iterdir() if "tmp" in path.name], [])

    def test_a_full_disk_and_a_damaged_tree_are_told_and_leave_nothing_behind(self):
        if pathlib.Path("/dev/full").exists():
            done = tessera.subprocess.run(f"{tessera.PROGRAM} export {self.result} itemsets > /dev/full", shell=True, text=True,
                                          capture_output=True)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("standard output", done.stderr)
        for name, value, says in (("depth", 9, "no parent"), ("depth", 0, "no depth"), ("item", 99, "no item")):
            self.succeed("itemsets", self.data, "--min-support", 8, "-o", self.result, "--force")
            with h5py.File(self.result, "r+") as file:
                file["itemsets"][name][5] = value
            for ranks in (1, 2):
                self.fail_with(3, "export", self.result, "itemsets", "-o", self.scratch / "out.csv", says=[says], ranks=ranks)
        self.assertEqual([path.name for path in self.scratch.iterdir() if "out" in path.name], [])

    def test_python_refuses_other_files(self):
        other = self.scratch / "other.h5"
        with h5py.File(other, "w") as file:
            file["x"] = [1]
        self.assertRaises(ValueError, lambda: next(results.itemsets(other)))
        self.assertRaises(KeyError, lambda: results.rules(self.result))


class ExportRun(tessera.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.result = pathlib.Path(folder.name) / "run.h5"
        done = tessera.run("run", "config/demo.toml", "--set", "kmeans.k=3", "--set", "kmeans.restarts=1", "-o", cls.result,
                           ranks=2)
        assert done.returncode == 0, done.stderr

    def table(self, what, *options):
        return list(csv.DictReader(io.StringIO(self.succeed("export", self.result, what, *options).stdout)))

    def test_rules_are_those_that_python_reads(self):
        expected, table = results.rules(self.result), self.table("rules")
        self.assertGreater(len(table), 5)
        self.assertEqual([tuple(row["antecedent"].split(" & ")) for row in table], expected["antecedent"])
        self.assertEqual([(row["consequent"],) for row in table], expected["consequent"])
        for name in ("support", "confidence", "lift", "conviction", "zhang", "p_value", "q_value"):
            np.testing.assert_array_equal([float(row[name]) for row in table], expected[name], name)
        lines = self.succeed("export", self.result, "rules", "--format", "jsonl", ranks=2).stdout.splitlines()
        self.assertEqual([tuple(json.loads(line)["antecedent"]) for line in lines], expected["antecedent"])
        spmf = self.succeed("export", self.result, "rules", "--format", "spmf").stdout.splitlines()
        self.assertEqual(sum(" ==> " in line for line in spmf), len(table))
        longest = max(len(items) for items in expected["antecedent"])
        some = self.table("rules", "--max-length", 2, "--min-support", 600)
        self.assertEqual(len(some), sum(len(items) == 1 and support >= 600
                                        for items, support in zip(expected["antecedent"], expected["support"])))
        self.assertGreater(longest, 1)

    def test_segments_and_profiles_leave_out_small_cells(self):
        expected, table = results.segments(self.result), self.table("segments")
        self.assertEqual(list(table[0]), list(expected))
        for name, values in expected.items():
            np.testing.assert_array_equal([float(row[name]) for row in table], values, name)
        middle = int(np.median(expected["customers"])) + 1
        shown = self.table("segments", "--min-cell", middle)
        self.assertEqual([row["customers"] != "" for row in shown], shown_parts(expected["customers"], middle))
        self.assertEqual({value for row in shown if not row["customers"] for value in list(row.values())[1:]}, {""})
        with h5py.File(self.result) as file:
            support, effect = file["profiles/item_support"][()], file["profiles/effect_size"][()]
            items = file["profiles/item_name"].asstr()[()].tolist()
        profiles = self.table("profiles", "--min-cell", 500)
        of_items = [row for row in profiles if row["kind"] == "item"]
        for row, value in zip([row for row in profiles if row["kind"] == "feature"], effect.ravel().tolist(), strict=True):
            self.assertIn(row["effect_size"], ("", repr(value)) if ":missing" in row["name"] else (repr(value),))
        self.assertEqual([row["name"] for row in of_items], items * len(support))
        for row, n in zip(of_items, support.ravel()):  # privacy_test.py says which others are left out
            self.assertIn(row["customers"], ("", str(n)) if n >= 500 or n == 0 else ("",))
        lift = support / expected["customers"][:, None] / (support.sum(0) / support.sum() * support.sum() / 41188)
        for row, value, count in zip(of_items, lift.ravel(), support.ravel()):
            if row["lift"]:
                self.assertAlmostEqual(float(row["lift"]), value, 9)

    def test_parts_that_do_not_fit_each_other_are_told(self):
        model = "/model/3"
        for name, what, says in ((f"{model}/centroids", "segments", "is not segments x features"),
                                 ("/features/kind", "segments", "/features is not of as many features"),
                                 ("/features/clip", "segments", "/features is not of as many features"),
                                 (f"{model}/centroids_original", "segments", "are not segments x features"),
                                 ("/profiles/item_name", "profiles", "/profiles/item_support is not segments x items"),
                                 ("/profiles/effect_size", "profiles", "/profiles/effect_size is not segments x features")):
            with self.subTest(name):
                damaged = self.scratch / "damaged.h5"
                damaged.write_bytes(self.result.read_bytes())
                with h5py.File(damaged, "r+") as file:
                    values = file[name][1:]
                    del file[name]
                    file.create_dataset(name, data=values)
                self.fail_with(3, "export", damaged, what, says=[says], ranks=2)
                if name != f"{model}/centroids_original":  # which info does not show
                    self.fail_with(3, "info", damaged, says=[says])

    def test_customers_of_any_number_of_ranks_are_the_labels(self):
        outputs = []
        for ranks in (1, 3):
            out = self.scratch / f"labels-{ranks}.csv"
            self.succeed("export", self.result, "customers", "-o", out, ranks=ranks)
            outputs.append(out.read_bytes())
        self.assertEqual(*outputs)
        with h5py.File(self.result) as file:
            customers = file["customers"]
            table = list(csv.DictReader(io.StringIO(outputs[0].decode())))
            self.assertEqual([row["key"] for row in table], [key.tobytes().hex() for key in customers["key"][:]])
            self.assertEqual([int(row["segment"]) for row in table], customers["segment"][:].tolist())
            for name in ("distance", "margin"):
                np.testing.assert_array_equal(np.array([row[name] for row in table], dtype=np.float32), customers[name][:])

    def test_a_direct_kmeans_result_has_rows_instead_of_keys(self):
        points, _ = tessera.gaussian_mixture(300, 2, 2, seed=3)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = points
        self.succeed("kmeans", self.scratch / "points.h5", "--k", 1, "-o", self.scratch / "k.h5")
        self.result = self.scratch / "k.h5"
        self.assertEqual([row["row"] for row in self.table("customers")], [str(row) for row in range(300)])
        self.assertEqual(list(self.table("segments")[0]), ["segment", "customers", "share", "feature_0", "feature_1"])
        lines = self.succeed("export", self.result, "customers", "--format", "jsonl").stdout.splitlines()
        self.assertIsNone(json.loads(lines[0])["margin"])  # there is no other segment: not a number


if __name__ == "__main__":
    unittest.main()
