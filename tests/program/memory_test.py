# SPDX-License-Identifier: Apache-2.0
"""K-means on 10 M x 20 floats, k = 20, 2 ranks: all ranks together stay under 1.5 times the matrix."""
import unittest

import h5py
import numpy as np

import tessera

ROWS, COLUMNS = 10_000_000, 20


class Memory(tessera.TestCase):
    def test_kmeans_needs_less_than_one_and_a_half_matrices(self):
        random = np.random.default_rng(1)
        centres = random.uniform(0, 10, (20, COLUMNS)).astype(np.float32)
        with h5py.File(self.scratch / "points.h5", "w") as file:
            matrix = file.create_dataset("x", (ROWS, COLUMNS), np.float32)
            for first in range(0, ROWS, 1_000_000):
                labels = random.integers(0, 20, 1_000_000)
                matrix[first:first + 1_000_000] = centres[labels] + random.standard_normal((1_000_000, COLUMNS), np.float32)
            file["c"] = centres.astype(np.float64)
        self.succeed("kmeans", self.scratch / "points.h5", "--k", 20, "--centroids", f"{self.scratch / 'points.h5'}:/c",
                     "--max-iterations", 5, "-o", self.scratch / "out.h5", ranks=2)
        with h5py.File(self.scratch / "out.h5") as file:
            peak = file["run"].attrs["peak_memory_bytes"]
            self.assertEqual(file["model/20/size"][:].sum(), ROWS)
        print(f"peak memory of both ranks: {peak / (4 * ROWS * COLUMNS):.2f} x the matrix")
        self.assertLess(peak, 1.5 * 4 * ROWS * COLUMNS)


if __name__ == "__main__":
    unittest.main()
