# SPDX-License-Identifier: Apache-2.0
"""Inputs with 1 % of their bytes replaced at random: a run ends with rejects or with one clean message, never with a
signal, and no row of a CSV table is lost: accepted + rejected = rows."""
import gzip
import itertools
import unittest

import h5py
import numpy as np

import tessera

SEEDS = range(10)
ROWS = 3000

CONFIGURATION = """
[run]
name = "corruption"
[[table]]
name = "customers"
path = ["{path}"]
{table}
on_bad_row = {{ max_fraction = 1.0 }}
[table.column.age]
type = "int"
max = 120
[table.column.balance]
type = "float"
[table.column.job]
type = "category"
[table.column.since]
type = "date"
[[feature]]
column = "age"
[[feature]]
column = "balance"
[kmeans]
k = 2
init = "random"
max_iterations = 20
[items]
columns = ["job"]
[itemsets]
min_support = "10%"
"""


def customers():
    random = np.random.default_rng(7)
    return [(int(age), round(float(balance), 2), job, f"20{int(day) % 100:02d}-0{int(day) % 9 + 1}-11")
            for age, balance, job, day in zip(random.integers(18, 99, ROWS), random.normal(1000, 500, ROWS),
                                              random.choice(["clerk", "nurse", "driver"], ROWS),
                                              random.integers(0, 100, ROWS))]


def csv(quoted):
    mark = '"' if quoted else ""
    return "age,balance,job,since\n" + "".join(f"{age},{balance},{mark}{job}{mark},{since}\n"
                                               for age, balance, job, since in customers())


def corrupted(data, seed, keep=0):
    """1 % of the bytes behind the first `keep` are others."""
    random = np.random.default_rng(seed)
    out = np.frombuffer(data, np.uint8).copy()
    at = keep + random.choice(len(out) - keep, max(1, (len(out) - keep) // 100), replace=False)
    out[at] = random.integers(0, 256, len(at))
    return out.tobytes()


class Corruption(tessera.TestCase):
    def configuration(self, name, table="quoted = false"):
        (self.scratch / "run.toml").write_text(CONFIGURATION.format(path=self.scratch / name, table=table))
        return self.scratch / "run.toml"

    def run_on(self, *arguments, seed):
        """Ends well, or with a clean error of the configuration or the input."""
        done = tessera.run(*arguments, ranks=2 if seed % 5 == 4 else 1, timeout=120)
        self.assertIn(done.returncode, (0, 2, 3), f"seed {seed}: {done.stderr[-2000:]}")
        if done.returncode != 0:
            self.assertEqual(done.stderr.count("tessera: error:"), 1, done.stderr)
        return done.returncode

    def run_table(self, name, data, seed, **how):
        (self.scratch / name).write_bytes(data)
        output = self.scratch / "out.h5"
        code = self.run_on("run", self.configuration(name, **how), "-o", output, "--force", seed=seed)
        if code != 0:
            return None
        with h5py.File(output) as file:
            records = int(file["/run/inputs/records"][0])
            rejected = len(file["/rejects/record"]) if "rejects" in file else 0
            self.assertEqual(len(file["/customers/key"]) + rejected, records)
        return records

    def test_csv_without_quotes(self):
        data, finished = csv(quoted=False).encode(), 0
        header = data.index(b"\n") + 1
        for seed in SEEDS:
            damaged = corrupted(data, seed, keep=header)
            records = self.run_table("t.csv", damaged, seed)
            lines = [line for line in damaged[header:].split(b"\n") if line not in (b"", b"\r")]
            finished += records is not None
            if records is not None:
                self.assertEqual(records, len(lines))
        self.assertEqual(finished, len(SEEDS))

    def test_csv_with_quotes_and_header(self):
        for seed in SEEDS:
            self.run_table("t.csv", corrupted(csv(quoted=True).encode(), seed), seed, table="quoted = true")

    def test_gzip(self):
        data = gzip.compress(csv(quoted=False).encode())
        for seed in SEEDS:
            self.run_table("t.csv.gz", corrupted(data, seed), seed)

    def write_hdf5(self, path, **how):
        rows = np.array(customers(), dtype=[("age", "i4"), ("balance", "f8"), ("job", "S8"), ("since", "S10")])
        texts = [job.decode() for job in rows["job"]]
        with h5py.File(path, "w") as file:
            file.create_dataset("t", data=rows, **how)
            group = file.create_group("g")
            for name in rows.dtype.names:
                group.create_dataset(name, data=texts if name == "job" else rows[name], **how)

    def test_hdf5(self):
        for how, dataset in itertools.product(({}, {"chunks": (100,), "compression": "gzip"}), ("/t", "/g")):
            self.write_hdf5(self.scratch / "good.h5", **how)
            data = (self.scratch / "good.h5").read_bytes()
            table = f'format = "hdf5"\ndataset = "{dataset}"'
            self.assertEqual(self.run_table("t.h5", data, 0, table=table), ROWS)
            for seed in SEEDS:
                self.run_table("t.h5", corrupted(data, seed), seed, table=table)
                # what describes the data is often hit behind it only
                self.run_table("t.h5", corrupted(data, seed, keep=4096), seed, table=table)

    def test_fimi(self):
        random = np.random.default_rng(3)
        data = "".join(" ".join(map(str, sorted(set(random.integers(0, 50, 8).tolist())))) + "\n"
                       for _ in range(2000)).encode()
        for seed in SEEDS:
            (self.scratch / "t.dat").write_bytes(corrupted(data, seed))
            self.run_on("itemsets", self.scratch / "t.dat", "--min-support", "5%", "--count-only", seed=seed)

    def test_configuration(self):
        (self.scratch / "t.csv").write_text(csv(quoted=False))
        data = self.configuration("t.csv").read_bytes()
        for seed in SEEDS:
            (self.scratch / "run.toml").write_bytes(corrupted(data, seed))
            self.run_on("run", self.scratch / "run.toml", "-o", self.scratch / "out.h5", "--force", seed=seed)


if __name__ == "__main__":
    unittest.main()
