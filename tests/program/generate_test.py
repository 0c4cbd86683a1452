# SPDX-License-Identifier: Apache-2.0
"""tessera generate: the program finds what was planted, on data that do not depend on the number of ranks."""
import csv
import hashlib
import re

import h5py
import numpy as np
from sklearn.metrics import adjusted_rand_score

import tessera


def records(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def rows(quarter, table):
    return [row for part in sorted((quarter / table).glob("part-*.csv")) for row in records(part)]


def key(customer):
    return hashlib.blake2b(customer.encode(), key=bytes(32), digest_size=16).digest()


class Generate(tessera.TestCase):
    def generate(self, *options, folder="bank", **how):
        return self.succeed("generate", "-o", self.scratch / folder, *options, **how)

    def files(self, folder):
        """Bytes of every file, but for the folder's own name in configurations."""
        root = self.scratch / folder
        return {str(path.relative_to(root)): path.read_bytes().replace(str(root).encode(), b"BANK")
                for path in root.rglob("*") if path.is_file()}

    def test_segments_are_recovered_from_the_customers_table(self):
        self.generate("--customers", 6000, "--difficulty", "easy", "--parts", 3, ranks=2)
        bank = self.scratch / "bank"
        planted = {key(row["customer_id"]): row for row in records(bank / "truth/segments.csv")}
        for quarter in ("2026Q2", "2026Q3"):
            result = self.scratch / f"{quarter}.h5"
            table = f"{bank}/{quarter}/customers/part-*.csv"
            text = (bank / "segments.toml").read_text()
            (bank / "quarter.toml").write_text(re.sub(r'path = .*', f'path = ["{table}"]', text))
            self.succeed("run", bank / "quarter.toml", "-o", result, ranks=2)
            with h5py.File(result) as file:
                keys = [bytes(row) for row in file["customers/key"][:]]
                found = file["customers/segment"][:]
            self.assertEqual(len(keys), sum(row[quarter] != "" for row in planted.values()))
            score = adjusted_rand_score([planted[k][quarter] for k in keys], found)
            print(f"{quarter}: adjusted Rand index {score:.3f}")
            self.assertGreaterEqual(score, 0.9)

    def test_bytes_do_not_depend_on_ranks(self):
        expected = None
        for ranks in (1, 2, 3, 5):
            self.generate("--customers", 500, "--parts", 4, "--seed", 3, folder=f"of{ranks}", ranks=ranks)
            files = self.files(f"of{ranks}")
            expected = expected or files
            self.assertEqual(files, expected)
        self.generate("--customers", 500, "--parts", 4, "--seed", 4, folder="other")
        other = self.files("other")
        self.assertEqual(other.keys(), expected.keys())
        self.assertNotEqual(other["2026Q3/customers/part-00000.csv"], expected["2026Q3/customers/part-00000.csv"])

    def test_tables_and_truth_fit_together(self):
        self.generate("--customers", 3000, "--parts", 2)
        bank = self.scratch / "bank"
        truth = {name: records(bank / f"truth/{name}.csv")
                 for name in ("segments", "churn", "risk", "anomalies", "sequence_customers", "rules")}
        for quarter in ("2026Q2", "2026Q3"):
            folder = bank / quarter
            customers = {row["customer_id"] for row in rows(folder, "customers")}
            self.assertEqual(customers, {row["customer_id"] for row in truth["segments"] if row[quarter]})
            self.assertEqual(customers, {row["customer_id"] for row in truth["churn"] if row["quarter"] == quarter})
            accounts = {row["account_id"]: row for row in rows(folder, "accounts")}
            self.assertEqual({row["customer_id"] for row in accounts.values()}, customers)
            for table in ("holdings", "credit", "snapshots", "dispositions"):
                self.assertLessEqual({row["customer_id"] for row in rows(folder, table)}, customers)
            joint = [row for row in rows(folder, "dispositions") if row["role"] == "joint"]
            self.assertGreater(len(joint), 100)
            counts, days = {}, set()
            last = {}
            for row in rows(folder, "transactions"):
                counts[row["customer_id"]] = counts.get(row["customer_id"], 0) + 1
                days.add((row["customer_id"], row["date"]))
                last[row["account_id"]] = row["balance"]
            self.assertEqual(counts, {row["customer_id"]: int(row["transactions"]) for row in rows(folder, "customers")})
            self.assertEqual(last, {name: row["balance"] for name, row in accounts.items() if row["type"] == "current"})
            for row in truth["anomalies"]:
                if row["quarter"] == quarter:
                    self.assertIn((row["customer_id"], row["date"]), days)
        stayed = {row["customer_id"] for row in truth["churn"] if row["quarter"] == "2026Q2" and row["churned"] == "0"}
        self.assertLessEqual(stayed, customers)
        left = {row["customer_id"] for row in truth["churn"] if row["quarter"] == "2026Q2" and row["churned"] == "1"}
        self.assertGreater(len(left), 10)
        self.assertFalse(left & customers)
        self.assertEqual({row["customer_id"] for row in truth["risk"]}, customers)
        holders = rows(bank / "2026Q3", "customers")
        for rule in truth["rules"]:
            items = [item.split("=") for item in rule["antecedent"].split(" & ")]
            column, value = rule["consequent"].split("=")
            having = [row for row in holders if all(row[c] == v for c, v in items)]
            confidence = np.mean([row[column] == value for row in having])
            self.assertAlmostEqual(confidence, float(rule["confidence"]), delta=4 * 0.5 / len(having) ** 0.5)

    def test_hdf5_holds_what_csv_holds(self):
        self.generate("--customers", 200, "--parts", 2, folder="csv")
        self.generate("--customers", 200, "--parts", 2, "--format", "hdf5", folder="hdf5", ranks=2)
        for part in sorted((self.scratch / "csv").glob("*/*/part-*.csv")):
            path = self.scratch / "hdf5" / part.relative_to(self.scratch / "csv").with_suffix(".h5")
            table = records(part)
            with h5py.File(path) as file:
                group = file[part.parent.name]
                self.assertEqual(set(group), set(table[0]))
                for name, column in group.items():
                    values = column[:]
                    self.assertEqual(len(values), len(table))
                    for value, row in zip(values, table):
                        if isinstance(value, bytes):
                            self.assertEqual(value.decode(), row[name])
                        elif row[name] == "":
                            self.assertTrue(np.isnan(value))
                        else:
                            self.assertEqual(value, float(row[name]))
        self.assertIn('format = "hdf5"', (self.scratch / "hdf5/segments.toml").read_text())

    def test_a_dry_run_tells_sizes_and_writes_nothing(self):
        done = self.succeed("generate", "--customers", "1e9", "--dry-run", "-o", self.scratch / "bank", ranks=2)
        self.assertFalse((self.scratch / "bank").exists())
        totals = {tuple(line.split()[:2]): int(line.split()[2].replace(",", ""))
                  for line in done.stdout.splitlines() if line.startswith("2026")}
        self.assertAlmostEqual(totals["2026Q3", "transactions"] / 1e9, 50, delta=3)

    def test_wrong_requests_are_refused(self):
        bank = self.scratch / "bank"
        self.fail_with(2, "generate", "--customers", 10, says=["-o FOLDER"], ranks=2)
        self.fail_with(2, "generate", "--customers", 10.5, "-o", bank, says=["--customers 10.5"])
        self.fail_with(2, "generate", "--customers", 10, "--parts", 0, "-o", bank, says=["--parts 0"], ranks=2)
        self.fail_with(2, "generate", "--customers", 10, "-o", bank / "in/nowhere", says=["cannot make the folder"])
        self.generate("--customers", 10)
        self.fail_with(2, "generate", "--customers", 10, "-o", bank, says=["not empty", "--force"], ranks=2)
        done = tessera.run("generate", "--customers", 2**48, "--dry-run")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--customers", done.stderr)
        self.generate("--customers", 2**48 - 1, "--dry-run")
        (self.scratch / "mine").mkdir()
        (self.scratch / "mine/segments.toml").write_text("mine")
        self.fail_with(2, "generate", "--customers", 10, "--force", "-o", self.scratch / "mine", says=["holds no bank"], ranks=2)
        self.assertEqual((self.scratch / "mine/segments.toml").read_text(), "mine")
        self.generate("--customers", 20, "--parts", 1, "--force", ranks=2)
        self.assertEqual(len(list(bank.glob("2026Q3/customers/*"))), 1)


if __name__ == "__main__":
    import unittest
    unittest.main()
