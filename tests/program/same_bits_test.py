# SPDX-License-Identifier: Apache-2.0
"""The same bytes in every result dataset, for any number of ranks, any row order and any SIMD level."""
import random
import unittest

import h5py

import tessera

QUICK = ("--set", "kmeans.k=[3,5]", "--set", "kmeans.restarts=2")


def bank_csv(path, rows, order=None):
    """A generated bank with an id column; `order` permutes the rows."""
    draw = random.Random(7)
    lines = []
    for i in range(rows):
        segment = draw.randrange(3)
        balance = "" if draw.random() < 0.05 else f"{draw.gauss(1000 * segment, 300):.2f}"
        job = draw.choice(["clerk", "nurse", 'the "boss"', "a;b"])
        quoted = '"' + job.replace('"', '""') + '"'
        lines.append(f"C{i:06d};{draw.randint(18, 90)};{balance};{quoted};{'yes' if segment == 2 else 'no'};"
                     f"{1 + segment + 0.1 * (i % 7):.1f}")
    if order is not None:
        random.Random(order).shuffle(lines)
    path.write_text("id;age;balance;job;y;volume\n" + "\n".join(lines) + "\n")


BANK = """
[run]
name = "generated"
as_of = 2026-09-30
[[table]]
name = "customers"
path = ["{path}"]
delimiter = ";"
key = "id"
[table.column.age]
type = "int"
[table.column.balance]
type = "float"
[table.column.job]
type = "category"
[table.column.y]
type = "category"
[table.column.volume]
type = "float"
[[feature]]
column = "age"
transform = "rank"
[[feature]]
column = "balance"
scale = "robust"
clip = [-3.0, 3.0]
indicator = true
[kmeans]
k = [2, 3, 4]
[items]
columns = ["job", "y"]
bins = [{{ column = "balance", quantiles = 4 }}]
[itemsets]
min_support = "2%"
kind = "all"
[rules]
min_confidence = 0.3
"""


class SameBits(tessera.TestCase):
    def test_real_data_on_1_2_3_4_and_7_ranks(self):
        self.succeed("run", "config/demo.toml", *QUICK, "-o", self.scratch / "1.h5")
        for ranks in (2, 3, 4, 7):
            self.succeed("run", "config/demo.toml", *QUICK, "-o", self.scratch / f"{ranks}.h5", ranks=ranks)
            self.assert_same_results(self.scratch / "1.h5", self.scratch / f"{ranks}.h5")

    def test_generated_data_on_1_2_3_4_and_7_ranks_in_any_row_order(self):
        for order in (None, 1, 2):
            bank_csv(self.scratch / f"bank{order}.csv", 6000, order)
            (self.scratch / f"{order}.toml").write_text(BANK.format(path=self.scratch / f"bank{order}.csv"))
        self.succeed("run", self.scratch / "None.toml", "-o", self.scratch / "expected.h5")
        for ranks, order in ((2, None), (3, 1), (4, 2), (7, 1)):
            out = self.scratch / f"{ranks}.h5"
            self.succeed("run", self.scratch / f"{order}.toml", "-o", out, ranks=ranks)
            self.assert_same_results(self.scratch / "expected.h5", out)

    def test_weights_cosine_distance_and_double_precision_on_1_2_3_and_4_ranks_in_any_row_order(self):
        """And whatever is left out of an iteration, and however many models advance together."""
        for order in (None, 1):
            bank_csv(self.scratch / f"bank{order}.csv", 6000, order)
            (self.scratch / f"{order}.toml").write_text(BANK.format(path=self.scratch / f"bank{order}.csv"))
        plain = self.scratch / "plain.h5"
        self.succeed("run", self.scratch / "None.toml", "--set", "kmeans.restarts=2", "-o", plain)
        for name, settings in (("plain", []),
                               ("weighted", ["weight=volume"]),
                               ("cosine", ["distance=cosine"]),
                               ("double", ["precision=double"]),
                               ("all", ["weight=volume", "distance=cosine", "precision=double"])):
            expected = self.scratch / f"{name}.h5"
            settings = [word for setting in ["restarts=2", *settings] for word in ("--set", f"kmeans.{setting}")]
            if name != "plain":
                self.succeed("run", self.scratch / "None.toml", *settings, "-o", expected)
                self.assertNotEqual(tessera.datasets(expected)["/model/3/centroids"].tobytes(),
                                    tessera.datasets(plain)["/model/3/centroids"].tobytes())
            for ranks, order, how in ((2, 1, ["pruning=never"]), (3, None, ["pruning=always"]),
                                      (4, 1, ["pruning=auto", "together=1"]), (1, 1, ["pruning=always", "together=4"])):
                with self.subTest(name, ranks=ranks, how=how):
                    out = self.scratch / "out.h5"
                    how = [word for setting in how for word in ("--set", f"kmeans.{setting}")]
                    self.succeed("run", self.scratch / f"{order}.toml", *settings, *how, "-o", out, "--force", ranks=ranks)
                    self.assert_same_results(expected, out)
            self.succeed("verify", expected, ranks=2)

    def test_every_simd_level_of_this_machine(self):
        self.succeed("run", "config/demo.toml", *QUICK, "-o", self.scratch / "best.h5")
        levels = self.simd_levels()
        self.assertIn("scalar", levels)
        for level in levels:
            with self.subTest(level):
                self.succeed("run", "config/demo.toml", *QUICK, "-o", self.scratch / f"{level}.h5",
                             environment={"TESSERA_SIMD": level})
                self.assert_same_results(self.scratch / f"{level}.h5", self.scratch / "best.h5")

    def simd_levels(self):
        """Those that this machine and build have, from the message that refuses any other."""
        refused = self.fail_with(2, "reference", environment={"TESSERA_SIMD": "none"}, says=["is not a SIMD level"])
        return refused.stderr.rsplit("use one of: ", 1)[1].strip().split(", ")

    def test_more_ranks_than_rows(self):
        bank_csv(self.scratch / "bank.csv", 5)
        (self.scratch / "bank.toml").write_text(BANK.format(path=self.scratch / "bank.csv"))
        for ranks in (1, 7):
            self.succeed("run", self.scratch / "bank.toml", "--set", "kmeans.k=2", "-o", self.scratch / f"{ranks}.h5",
                         ranks=ranks)
        self.assert_same_results(self.scratch / "1.h5", self.scratch / "7.h5")

    def test_direct_kmeans_and_itemsets(self):
        points, _ = tessera.gaussian_mixture(5000, 7, 5, seed=1)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = points
        (self.scratch / "baskets.dat").write_text(
            "\n".join(" ".join(str(item) for item in range(30) if (row * (item + 3)) % 7 < 3) for row in range(4000)))
        for ranks in (1, 2, 3):
            self.succeed("kmeans", self.scratch / "points.h5", "--k", "4,5,6", "-o", self.scratch / f"k{ranks}.h5",
                         ranks=ranks)
            self.succeed("itemsets", self.scratch / "baskets.dat", "--min-support", "20%", "--max-length", 4, "-o",
                         self.scratch / f"i{ranks}.h5", ranks=ranks)
        for ranks in (2, 3):
            self.assert_same_results(self.scratch / "k1.h5", self.scratch / f"k{ranks}.h5")
            self.assert_same_results(self.scratch / "i1.h5", self.scratch / f"i{ranks}.h5")

    def test_itemsets_of_both_distributions(self):
        (self.scratch / "baskets.dat").write_text(
            "\n".join(" ".join(str(item) for item in range(90) if hash((row, item)) % 1009 < 40 + 5 * (item % 40))
                      for row in range(3000)))
        for kind in ("all", "closed", "maximal"):
            mine = ["itemsets", self.scratch / "baskets.dat", "--min-support", "0.5%", "--kind", kind]
            expected = self.scratch / f"{kind}.h5"
            self.succeed(*mine, "-o", expected)
            for ranks, distribution in ((1, "count"), (2, "task"), (3, "count"), (4, "task"), (7, "count"), (7, "task")):
                out = self.scratch / f"{kind}{ranks}{distribution}.h5"
                self.succeed(*mine, "--distribution", distribution, "-o", out, ranks=ranks)
                self.assert_same_results(expected, out)

    def test_itemsets_of_every_simd_level(self):
        (self.scratch / "baskets.dat").write_text(
            "\n".join(" ".join(str(item) for item in range(40) if (row * row * (item + 3)) % 11 < 5) for row in range(3000)))
        mine = ["itemsets", self.scratch / "baskets.dat", "--min-support", "15%"]
        self.succeed(*mine, "-o", self.scratch / "best.h5")
        for level in self.simd_levels():
            self.succeed(*mine, "-o", self.scratch / f"{level}.h5", environment={"TESSERA_SIMD": level})
            self.assert_same_results(self.scratch / "best.h5", self.scratch / f"{level}.h5")

    def test_direct_kmeans_with_weights_cosine_distance_and_double_precision(self):
        points, labels = tessera.gaussian_mixture(5000, 7, 5, seed=1)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"], file["w"] = points.astype(float) + 1e-9, 0.5 + labels
        for name, options in (("weighted", ["--weight", "/w"]), ("cosine", ["--distance", "cosine"]),
                              ("double", ["--precision", "double"]),
                              ("all", ["--weight", "/w", "--distance", "cosine", "--precision", "double"])):
            expected = self.scratch / f"{name}.h5"
            command = ["kmeans", self.scratch / "points.h5", "--k", "4,5,6", *options]
            self.succeed(*command, "-o", expected)
            for ranks, how in ((2, ["--pruning", "never"]), (3, ["--pruning", "always", "--together", 2]), (4, [])):
                with self.subTest(name, ranks=ranks):
                    self.succeed(*command, *how, "-o", self.scratch / "out.h5", "--force", ranks=ranks)
                    self.assert_same_results(expected, self.scratch / "out.h5")
            self.succeed("verify", expected, ranks=3)


if __name__ == "__main__":
    unittest.main()
