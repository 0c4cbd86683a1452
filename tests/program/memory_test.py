# SPDX-License-Identifier: Apache-2.0
"""Memory of K-means: the matrix, 16 bytes a customer, and what does not grow with them."""
import unittest

import h5py
import numpy as np

import tessera

COLUMNS, K = 20, 20
MATRIX, CUSTOMER = 4 * COLUMNS, 16  # bytes for each customer


class Memory(tessera.TestCase):
    def peak(self, rows):
        """Bytes of two ranks together on so many millions of rows."""
        random = np.random.default_rng(1)
        centres = random.uniform(0, 10, (K, COLUMNS)).astype(np.float32)
        path = self.scratch / f"{rows}.h5"
        with h5py.File(path, "w") as file:
            matrix = file.create_dataset("x", (rows * 1_000_000, COLUMNS), np.float32)
            for first in range(0, len(matrix), 1_000_000):
                labels = random.integers(0, K, 1_000_000)
                matrix[first:first + 1_000_000] = centres[labels] + random.standard_normal((1_000_000, COLUMNS), np.float32)
            file["c"] = centres.astype(np.float64)
        self.succeed("kmeans", path, "--k", K, "--centroids", f"{path}:/c", "--max-iterations", 5, "-o",
                     self.scratch / "out.h5", "--force", ranks=2)
        path.unlink()
        with h5py.File(self.scratch / "out.h5") as file:
            self.assertEqual(file["model/20/size"][:].sum(), rows * 1_000_000)
            return file["run"].attrs["peak_memory_bytes"]

    def test_a_customer_takes_its_row_and_sixteen_bytes(self):
        few, many = self.peak(4), self.peak(10)
        each = (many - few) / 6_000_000
        print(f"{each:.1f} bytes a customer of {COLUMNS} columns; both ranks at 10 M: {many / (MATRIX * 10_000_000):.2f} x the matrix")
        self.assertLess(each, MATRIX + CUSTOMER + 1)
        self.assertLess(many, 1.5 * MATRIX * 10_000_000)


if __name__ == "__main__":
    unittest.main()
