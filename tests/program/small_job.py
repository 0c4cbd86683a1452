# SPDX-License-Identifier: Apache-2.0
"""A small job for tests of what can be trusted: customers with two numbers and a category."""
import numpy as np

import tessera

CONFIGURATION = """
[run]
name = "trust"
seed = 7
[privacy]
{privacy}
[[table]]
name = "customers"
path = ["customers.csv"]
key = "id"
[table.column.age]
type = "int"
[table.column.income]
type = "float"
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
{kmeans}
[items]
columns = ["job"]
bins = [{{ column = "income", quantiles = 4 }}, {{ column = "age", quantiles = 3 }}]
[itemsets]
min_support = 2
[rules]
min_confidence = 0.05
min_lift = 0.1
"""
CUSTOMERS = 3000
JOBS = ("clerk", "nurse", "cook", "pilot")


class JobTestCase(tessera.TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(11)
        lines = ["id,age,income,job"]
        for row in range(CUSTOMERS):
            lines.append(f"C{row:05d},{random.integers(18, 90)},{random.normal(3000, 900):.2f},{JOBS[random.integers(4)]}")
        (self.scratch / "customers.csv").write_text("\n".join(lines) + "\n")
        self.configure()

    def configure(self, privacy="", kmeans=""):
        self.config = self.scratch / "trust.toml"
        self.config.write_text(CONFIGURATION.format(privacy=privacy, kmeans=kmeans))

    def result(self, *more, ranks=2):
        path = self.scratch / "result.h5"
        self.succeed("run", self.config, "-o", path, "--force", *more, ranks=ranks, cwd=self.scratch)
        return path
