# SPDX-License-Identifier: Apache-2.0
"""verify with a configuration derives labels and supports again, and finds forgeries whose digests fit."""
import pathlib
import re
import shutil
import sys
import unittest

import h5py
import numpy as np

import small_job
import tessera

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crosscheck"))
import h5py_reads_results  # noqa: E402

class Rederivation(small_job.JobTestCase):
    def forged(self, result, change):
        """A copy in which `change(file)` altered values, with digests that fit them: what a forger would make."""
        copy = self.scratch / "forged.h5"
        shutil.copy(result, copy)
        with h5py.File(copy, "r+") as file:
            change(file)
            digests = [h5py_reads_results.dataset_digest(file, file[name]).encode() for name in file["/digest/dataset"].asstr()[()]]
            file["/digest/blake2b"][:] = digests
        return copy

    def test_a_forged_result_whose_digests_fit_is_found_out(self):
        result = self.result()

        def swap_labels(file):  # of two customers, so that sizes and the inertia stay
            segment, distance = file["customers/segment"][:], file["customers/distance"][:]
            a, b = 0, int(np.flatnonzero(segment != segment[0])[0])
            for values in (segment, distance):
                values[a], values[b] = values[b], values[a]
            file["customers/segment"][:], file["customers/distance"][:] = segment, distance

        def swap_distances(file):
            distance, segment = file["customers/distance"][:], file["customers/segment"][:]
            a, b = np.flatnonzero(segment == 0)[:2]
            distance[a], distance[b] = distance[b], distance[a]
            file["customers/distance"][:] = distance

        def lower_support(file):
            depth, support = file["itemsets/depth"][:], file["itemsets/support"][:]
            leaf = int(np.flatnonzero((depth[:-1] >= depth[1:]) & (support[:-1] > 2))[-1])
            file["itemsets/support"][leaf] = support[leaf] - 1

        def other_rules(file):  # two with each other's consequent
            rules = file["rules"]
            item, lift = rules["consequent_item"][:], rules["lift"][:]
            row = int(np.flatnonzero((item[1:] != item[:-1]) & (lift[1:] != lift[:-1]))[0])
            item[row], item[row + 1] = item[row + 1], item[row]
            rules["consequent_item"][:] = item

        def other_key(file):
            key = file["customers/key"][0]
            key[15] ^= 1
            file["customers/key"][0] = key

        for change, check in ((swap_labels, "labels are the nearest centroids: 2 of 3000"),
                              (swap_distances, "distances are those to the own centroids: 2 of 3000"),
                              (lower_support, "supports are the customers who hold the itemset: 1 of"),
                              (other_rules, "supports of rules are the customers who hold their sides: 2 of"),
                              (other_key, "the customers are those of the inputs")):
            forged = self.forged(result, change)
            self.succeed("verify", forged)  # by itself it is sound
            for ranks in (1, 3):
                done = self.fail_with(3, "verify", forged, self.config, cwd=self.scratch, ranks=ranks)
                self.assertIn(f"FAILED  {check}", done.stdout)
                self.assertRegex(done.stdout, r"verdict +1 of \d+ checks FAIL" if "nearest" not in check else r"verdict .*FAIL")

    def test_a_result_follows_from_its_tables_on_any_number_of_ranks(self):
        result = self.result()
        for ranks in (1, 3):
            said = self.succeed("verify", result, self.config, ranks=ranks, cwd=self.scratch).stdout
            self.assertIn(f"labels of 3,000 of 3,000 customers", said)
            with h5py.File(result) as file:
                rules = len(file["rules/support"])
                itemsets = int(file["itemsets"].attrs["itemsets"])
                digest = file["run/inputs/digest"][0].decode()
                configuration = file["run"].attrs["config_digest"].decode()
            self.assertIn(f"supports of {itemsets} of {itemsets} itemsets", said)
            self.assertIn(f"supports of {rules} of {rules} rules", said)
            for text in (digest, configuration, "customers.csv", "checks hold", " checks, 0 failed"):
                self.assertIn(text, said)

    def test_so_does_one_in_double_by_the_cosine_distance_and_with_weights(self):
        self.configure(kmeans='precision = "double"\ndistance = "cosine"\nweight = "age"')
        self.succeed("verify", self.result(), self.config, ranks=2, cwd=self.scratch)

    def test_a_sample_is_the_same_on_any_number_of_ranks(self):
        result = self.result()
        said = [re.findall(r"(?:labels|supports) of .*", self.succeed(
            "verify", result, self.config, "--sample", 0.1, "--sample-seed", 5, ranks=ranks, cwd=self.scratch).stdout)
            for ranks in (1, 2, 3)]
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[0], said[2])
        checked = int(re.match(r"labels of (\d+) of 3,000", said[0][0]).group(1))
        self.assertTrue(200 < checked < 400, checked)

    def test_another_configuration_is_named_and_nothing_is_derived_from_it(self):
        done = self.fail_with(3, "verify", self.result(), self.config, "--set", "kmeans.k=5", cwd=self.scratch, ranks=2)
        self.assertIn("FAILED  the configuration is that of the run: kmeans.k was", done.stdout)
        self.assertNotIn("labels of", done.stdout)

    def test_what_was_set_for_the_run_is_set_again(self):
        self.succeed("verify", self.result("--set", "kmeans.k=5"), self.config, "--set", "kmeans.k=5", cwd=self.scratch)

    def test_a_table_that_changed_is_named(self):
        result = self.result()
        table = self.scratch / "customers.csv"
        table.write_text(table.read_text().replace(",pilot", ",cook", 1))
        done = self.fail_with(3, "verify", result, self.config, cwd=self.scratch, ranks=2)
        self.assertIn("FAILED  the inputs are those of the run: changed since: customers.csv", done.stdout)

    def test_results_that_no_run_wrote_are_refused(self):
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"] = np.random.default_rng(3).normal(size=(100, 2))
        self.succeed("kmeans", self.scratch / "points.h5", "--k", 2, "-o", self.scratch / "k.h5")
        self.fail_with(3, "verify", self.scratch / "k.h5", self.config, cwd=self.scratch, says=["does not hold the configuration"])

    def test_a_share_of_none_is_refused(self):
        self.assertEqual(tessera.run("verify", "x.h5", self.config, "--sample", 0).returncode, 2)


if __name__ == "__main__":
    unittest.main()
