# SPDX-License-Identifier: Apache-2.0
"""verify proves a file or names what is wrong with it; info and check speak to people; the README's Python runs."""
import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import h5py
import numpy as np

import tessera

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crosscheck"))


class VerifyAndInfo(tessera.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tessera.ROOT / "runs"
        cls.folder.mkdir(exist_ok=True)
        cls.result = cls.folder / f"verify-{os.getpid()}.h5"
        done = tessera.run("run", "config/demo.toml", "--set", "kmeans.k=[3,12]", "--set", "kmeans.restarts=1",
                           "-o", cls.result, ranks=2)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.result.unlink()

    def changed(self, change):
        """A copy of the result in which `change(file)` altered something."""
        copy = self.scratch / "changed.h5"
        shutil.copy(self.result, copy)
        with h5py.File(copy, "r+") as file:
            change(file)
        return copy

    def test_a_whole_file_passes_on_any_number_of_ranks(self):
        for ranks in (1, 2, 3):
            done = self.succeed("verify", self.result, ranks=ranks)
            self.assertIn(" checks, 0 failed", done.stdout)

    def test_python_computes_the_same_digests(self):
        script = tessera.ROOT / "tests/crosscheck/h5py_reads_results.py"
        subprocess.run([sys.executable, script, self.result], check=True, capture_output=True, cwd=script.parent)

    def test_a_changed_value_is_named(self):
        def change(name, index, value):
            def apply(file):
                file[name][index] = value
            return apply

        for name, index, value in (("customers/segment", 1234, 2), ("customers/key", 77, np.zeros(16, np.uint8)),
                                   ("itemsets/support", 0, 10**9), ("model/3/centroids", 0, 1e3), ("rules/lift", 0, 99.0)):
            with self.subTest(name):
                copy = self.changed(change(name, index, value))
                for ranks in (1, 3):
                    done = self.fail_with(3, "verify", copy, ranks=ranks)
                    self.assertIn(f"FAILED  digest of /{name}", done.stdout)

    def test_invariants_are_checked_too(self):
        def swap_labels(file):
            file["customers/segment"][:10] = 2 - file["customers/segment"][:10]

        def grow_support(file):
            depth = file["itemsets/depth"][:]
            file["itemsets/support"][int(np.flatnonzero(depth == 2)[0])] = 10**9

        def swap_keys(file):
            key = file["customers/key"][:2]
            file["customers/key"][:2] = key[::-1]

        for change, invariant in ((swap_labels, "labels count up to the sizes"), (swap_keys, "keys ascend"),
                                  (grow_support, "no itemset has more support than its subset")):
            done = self.fail_with(3, "verify", self.changed(change), ranks=2)
            self.assertIn(f"FAILED  {invariant}", done.stdout)

    def test_loadings_that_are_no_numbers_fail(self):
        whole = self.scratch / "reduced.h5"
        self.succeed("run", "config/demo.toml", "--set", "kmeans.k=[3]", "--set", "kmeans.restarts=1", "--set", "reduction.method=pca",
                     "--set", "reduction.components=2", "-o", whole)
        self.assertIn(" checks, 0 failed", self.succeed("verify", whole).stdout)
        for dataset in ("loading", "communality"):
            copy = self.scratch / "nan.h5"
            shutil.copy(whole, copy)
            with h5py.File(copy, "r+") as file:
                values = file["features/reduction/" + dataset][:]
                values.flat[0] = np.nan
                file["features/reduction/" + dataset][:] = values
            self.assertIn("FAILED  communalities are sums of squared loadings", self.fail_with(3, "verify", copy).stdout)

    def test_info_of_lists_that_do_not_fit_each_other_says_so(self):
        def shorten(name):
            def apply(file):
                values = file[name][:-1]
                del file[name]
                file[name] = values
            return apply

        def other_table(file):
            file["quality/columns/table"][0] = 7

        for change, what in ((shorten("quality/tables/rejected"), "/quality/tables/rejected has 0 entries for 1 names"),
                             (shorten("quality/columns/missing"), "/quality/columns/missing has"),
                             (shorten("quality/columns/cleaned"), "/quality/columns/cleaned has"),
                             (other_table, "/quality/columns/table[0] is 7, of 1 tables")):
            self.fail_with(3, "info", self.changed(change), ranks=2, says=[what])

    def test_invariants_of_weighted_cosine_and_double_models_are_checked_from_the_file_alone(self):
        result = self.scratch / "result.h5"
        self.succeed("run", "config/demo.toml", "--set", "kmeans.k=3", "--set", "kmeans.weight=campaign", "--set",
                     "kmeans.distance=cosine", "--set", "kmeans.precision=double", "-o", result, ranks=2)
        with h5py.File(result) as file:
            self.assertNotIn("centroids_original", file["model/3"])
            self.assertEqual([file["model"].attrs[name] for name in ("distance", "precision")], [b"cosine", b"double"])
            self.assertEqual(file["model/3/weight"][:].sum(), file["customers/weight"][:].sum())
        for ranks in (1, 3):
            self.succeed("verify", result, ranks=ranks)

        def set_to(name, index, value):
            def apply(file):
                file[name][index] = value
            return apply

        for change, invariant in ((set_to("customers/weight", 3, 0.0), "weights are above 0"),
                                  (set_to("customers/weight", 3, np.nan), "weights are above 0"),
                                  (set_to("customers/weight", 3, 1000.0), "weights add up to those of the segments"),
                                  (set_to("customers/weight", 3, 1000.0), "squared distances add up to the inertia"),
                                  (set_to("customers/distance", 3, 2.5), "distances are between 0 and 2"),
                                  (set_to("customers/segment", 3, 7), "labels are segments"),
                                  (set_to("customers/margin", 3, -1e-5), "no margin is negative"),
                                  (set_to("model/3/centroids", (1, 2), 1.0), "centroids of /model/3 have length 1")):
            with self.subTest(invariant):
                copy = self.scratch / "changed.h5"
                shutil.copy(result, copy)
                with h5py.File(copy, "r+") as file:
                    change(file)
                for ranks in (1, 2):
                    self.assertIn(f"FAILED  {invariant}", self.fail_with(3, "verify", copy, ranks=ranks).stdout)

    def test_models_without_any_inertia_pass(self):
        """Customers that lie on their centroids: what is left of the inertia is rounding, which may rise."""
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = np.random.default_rng(3).normal(size=(4, 5))[np.arange(4000) % 4] + 1e3
        for precision in ("float", "double"):
            self.succeed("kmeans", self.scratch / "points.h5", "--k", 4, "--precision", precision, "-o",
                         self.scratch / "out.h5", "--force")
            self.succeed("verify", self.scratch / "out.h5", ranks=2)

    def test_files_that_are_no_results_are_refused(self):
        (self.scratch / "text.h5").write_text("no HDF5")
        with h5py.File(self.scratch / "other.h5", "w") as file:
            file["x"] = [1, 2, 3]
        for name in ("nowhere.h5", "text.h5", "other.h5"):
            for command in ("verify", "info"):
                self.fail_with(3, command, self.scratch / name, says=[name], ranks=2)

    def test_info_tells_segments_and_rules(self):
        done = self.succeed("info", self.result)
        for text in ("Bank Marketing demonstration", "41,188 customers in", "selected", "=> y=yes", "euribor3m"):
            self.assertIn(text, done.stdout)

    def test_info_leaves_out_small_groups(self):
        out = self.scratch / "guarded.h5"
        self.succeed("run", "config/demo.toml", "--set", "kmeans.k=3", "--set", "kmeans.restarts=1", "--set",
                     "privacy.min_cell=10000", "-o", out)
        shown = self.succeed("info", out).stdout
        with h5py.File(out) as file:
            sizes = sorted(file["model/selected/size"][:])
        self.assertIn(f"{sizes[-1]:,}", shown)
        for size in sizes[:-1]:  # the smaller one, and perhaps another so that the total does not tell
            self.assertNotIn(f"{size:,}", shown)
        self.assertIn("below 10000", shown)
        self.assertNotIn("=> y=yes", shown)

    def test_info_of_direct_results(self):
        (self.scratch / "baskets.dat").write_text("1 2 3\n1 2\n2 3\n")
        self.succeed("itemsets", self.scratch / "baskets.dat", "--min-support", 2, "-o", self.scratch / "i.h5")
        self.assertIn("5 itemsets of 3 items at support 2", self.succeed("info", self.scratch / "i.h5").stdout)
        points, _ = tessera.gaussian_mixture(500, 3, 2, seed=3)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = points
        self.succeed("kmeans", self.scratch / "points.h5", "--k", 2, "-o", self.scratch / "k.h5")
        self.assertIn("500 customers in 2", self.succeed("info", self.scratch / "k.h5").stdout)
        for name in ("i.h5", "k.h5"):
            self.succeed("verify", self.scratch / name, ranks=2)

    def test_check_shows_configuration_and_schema(self):
        done = self.succeed("check", "config/demo.toml", ranks=2)
        for text in ("select_by = \"simplified_silhouette\"", "euribor3m", "The configuration is sound."):
            self.assertIn(text, done.stdout)
        self.fail_with(2, "check", "config/demo.toml", "--set", "kmeans.kk=3", says=["kmeans.kk"])
        self.fail_with(3, "check", "config/demo.toml", "--set", "table.0.path=nowhere.csv", says=["nowhere.csv"])

    def test_help_and_version_exit_with_0(self):
        for arguments in (["--help"], ["run", "--help"], ["--version"]):
            self.assertIn("essera", self.succeed(*arguments, ranks=2).stdout)

    def test_the_python_of_the_readme_runs(self):
        code = re.search(r"```python\n(.*?)```", (tessera.ROOT / "README.md").read_text(), re.S).group(1)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code.replace("runs/demo.h5", str(self.result)), {})  # the README is ours
        self.assertIn("=> y=yes", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
