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
    def both(self, points, start):
        """(labels, inertia) of Tessera and of scikit-learn from the same initial centroids."""
        start = start.astype(np.float64)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            file["x"], file["c"] = points, start
        self.succeed("kmeans", self.scratch / "points.h5", "--k", len(start), "--max-iterations", 1000, "--centroids",
                     f"{self.scratch / 'points.h5'}:/c", "-o", self.scratch / "out.h5", "--force", ranks=2)
        with h5py.File(self.scratch / "out.h5") as file:
            ours = file["customers/segment"][:], file["model/selected"].attrs["inertia"]
        theirs = KMeans(len(start), init=start, n_init=1, algorithm="lloyd", tol=0, max_iter=1000)
        theirs.fit(points.astype(np.float64))
        return ours, (theirs.labels_, theirs.inertia_)

    def assert_same_inertia(self, points, start):
        """Returns how well the partitions agree (adjusted Rand index)."""
        (labels, inertia), (their_labels, their_inertia) = self.both(points, start)
        self.assertLess(abs(inertia / their_inertia - 1), 1e-5)
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
        with gzip.open(tessera.ROOT / "tests/data/bank-additional-full.csv.gz") as file:
            table = pd.read_csv(file, sep=";").select_dtypes("number")
        points = ((table - table.mean()) / table.std()).to_numpy(np.float32)
        for k in (3, 8):
            self.assertGreater(self.assert_same_inertia(points, some_rows(points, k, seed=k)), 0.99)


def some_rows(points, count, seed):
    return points[np.random.default_rng(seed).choice(len(points), count, replace=False)]


if __name__ == "__main__":
    unittest.main()
