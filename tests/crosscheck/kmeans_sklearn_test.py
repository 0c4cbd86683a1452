# SPDX-License-Identifier: Apache-2.0
"""K-means from the same initial centroids ends where scikit-learn's Lloyd ends."""
import gzip
import pathlib
import sys
import unittest

import h5py
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
import tessera  # noqa: E402


class KMeansAgainstScikitLearn(tessera.TestCase):
    def ours(self, points, start, *options, weight=None):
        """(labels, inertia) of Tessera from these initial centroids."""
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"], file["c"] = points, start.astype(np.float64)
            if weight is not None:
                file["w"] = weight
                options += ("--weight", "/w")
        self.succeed("kmeans", self.scratch / "points.h5", "--k", len(start), "--max-iterations", 1000, "--centroids",
                     f"{self.scratch / 'points.h5'}:/c", *options, "-o", self.scratch / "out.h5", "--force", ranks=2)
        with h5py.File(self.scratch / "out.h5") as file:
            return file["customers/segment"][:], file["model/selected"].attrs["inertia"]

    def theirs(self, points, start, weight=None):
        """The same of scikit-learn, in float64."""
        model = KMeans(len(start), init=start.astype(np.float64), n_init=1, algorithm="lloyd", tol=0, max_iter=1000)
        model.fit(points.astype(np.float64), sample_weight=weight)
        return model.labels_, model.inertia_

    def assert_same_inertia(self, points, start, *options, weight=None, within=1e-5):
        """Returns how well the partitions agree (adjusted Rand index)."""
        labels, inertia = self.ours(points, start, *options, weight=weight)
        their_labels, their_inertia = self.theirs(points, start, weight)
        self.assertLess(abs(inertia / their_inertia - 1), within)
        return adjusted_rand_score(labels, their_labels)

    def test_separated_mixtures_give_the_same_partition(self):
        for seed in range(4):
            points, truth = tessera.gaussian_mixture(20_000, 8, 6, seed, spread=100)
            one_a_cluster = points[[np.flatnonzero(truth == label)[0] for label in range(6)]]
            self.assertEqual(self.assert_same_inertia(points, one_a_cluster), 1.0)

    def test_overlapping_mixtures_give_the_same_inertia(self):
        for seed in range(3):
            points, _ = tessera.gaussian_mixture(20_000, 12, 10, seed, spread=6)
            self.assertGreater(self.assert_same_inertia(points, some_rows(points, 10, seed)), 0.99)

    def test_real_data_gives_the_same_inertia(self):
        points = bank_marketing().astype(np.float32)
        for k in (3, 8):
            self.assertGreater(self.assert_same_inertia(points, some_rows(points, k, seed=k)), 0.99)

    def test_weights_give_the_inertia_of_sample_weights(self):
        for seed in range(3):
            points, truth = tessera.gaussian_mixture(20_000, 8, 6, seed, spread=6)
            weight = np.random.default_rng(seed).lognormal(sigma=1, size=len(points)) * (1 + truth)
            start = some_rows(points, 6, seed)
            self.assertGreater(self.assert_same_inertia(points, start, weight=weight), 0.99)
            unweighted, _ = self.ours(points, start)
            self.assertLess(adjusted_rand_score(unweighted, self.ours(points, start, weight=weight)[0]), 0.99)

    def test_double_precision_gives_the_inertia_of_float64(self):
        """Also far from the origin, where the values cannot be told apart in single precision."""
        for seed, offset in enumerate((0, 1e7)):
            points, truth = tessera.gaussian_mixture(20_000, 8, 6, seed, spread=6)
            points = points.astype(np.float64) + np.random.default_rng(seed).normal(size=points.shape) * 1e-3 + offset
            weight = np.random.default_rng(seed).lognormal(size=len(points))
            for given in (None, weight):
                agreement = self.assert_same_inertia(points, some_rows(points, 6, seed), "--precision", "double",
                                                     weight=given, within=1e-9)
                self.assertEqual(agreement, 1.0)
        points = bank_marketing()
        self.assertEqual(self.assert_same_inertia(points, some_rows(points, 5, 1), "--precision", "double", within=1e-9), 1)

    def test_cosine_distance_gives_the_partition_of_normalised_rows(self):
        """Of separated directions: scikit-learn's centroids are means, which are shorter than 1."""
        for seed in range(3):
            points, truth, start = self.directions(seed)
            for options, weight in (((), None), (("--precision", "double"), None), ((), 1.0 + truth)):
                labels, inertia = self.ours(points, start, "--distance", "cosine", *options, weight=weight)
                unit = points / np.linalg.norm(points, axis=1, keepdims=True)
                self.assertEqual(adjusted_rand_score(labels, self.theirs(unit, start, weight)[0]), 1.0)
                mean = np.stack([np.average(unit[labels == j], axis=0, weights=None if weight is None else
                                            weight[labels == j]) for j in range(len(start))])
                mean /= np.linalg.norm(mean, axis=1, keepdims=True)
                expected = np.average(2 - 2 * (unit * mean[labels]).sum(axis=1), weights=weight)
                self.assertLess(abs(inertia / (expected * (len(points) if weight is None else weight.sum())) - 1), 1e-5)

    def directions(self, seed):
        """(points of any length around 5 directions, their directions, one point of each brought to length 1)"""
        random = np.random.default_rng(seed)
        truth = random.integers(0, 5, 10_000)
        points = (np.eye(5, 8)[truth] + random.normal(size=(10_000, 8)) * 0.1) * random.lognormal(size=(10_000, 1))
        start = points[[np.flatnonzero(truth == label)[0] for label in range(5)]]
        return points, truth, start / np.linalg.norm(start, axis=1, keepdims=True)


def bank_marketing():
    """The numeric columns, each with mean 0 and deviation 1, in float64."""
    with gzip.open(tessera.ROOT / "tests/data/bank-additional-full.csv.gz") as file:
        table = pd.read_csv(file, sep=";").select_dtypes("number")
    return ((table - table.mean()) / table.std()).to_numpy(np.float64)


def some_rows(points, count, seed):
    return points[np.random.default_rng(seed).choice(len(points), count, replace=False)]


if __name__ == "__main__":
    unittest.main()
