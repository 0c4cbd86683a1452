# SPDX-License-Identifier: Apache-2.0
"""Cleaning, encodings, components and factors, drift: what pandas and numpy make of the demonstration's data."""
import gzip
import hashlib
import pathlib
import sys
import unittest

import h5py
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
import tessera  # noqa: E402

DATA = tessera.ROOT / "tests/data/bank-additional-full.csv.gz"
CONFIGURATION = """
[run]
name = "cleaning"
[[table]]
name = "customers"
path = ["{path}"]
delimiter = ";"
on_bad_row = {{ max_fraction = 0.5 }}
[table.column.age]
type = "int"
max = 60
out_of_range = "clamp"
[table.column.duration]
type = "int"
max = 1500
out_of_range = "missing"
[table.column.campaign]
type = "int"
max = 40
[table.column.pdays]
type = "int"
missing = ["999"]
max_missing = 1.0
[table.column.euribor3m]
type = "float"
[table.column."nr.employed"]
type = "float"
[table.column."emp.var.rate"]
type = "float"
[table.column.job]
fold_case = true
map = {{ "ADMIN." = "office", "management" = "office" }}
missing = ["unknown"]
[table.column.education]
rare = {{ min_share = 0.05, name = "rest" }}
[table.column.month]
[[feature]]
column = "age"
winsorise = [0.05, 0.95]
[[feature]]
column = "duration"
transform = "log1p"
impute = "group"
impute_by = "job"
[[feature]]
column = "campaign"
winsorise = [0.0, 0.99]
impute = "mean"
scale = "minmax"
[[feature]]
column = "euribor3m"
[[feature]]
column = "nr.employed"
[[feature]]
column = "emp.var.rate"
[[feature]]
column = "month"
encode = "frequency"
scale = "none"
weight = 2.0
[[feature]]
column = "job"
encode = "onehot"
max_categories = 4
indicator = true
weight = 0.5
[kmeans]
k = 3
init = "random"
max_iterations = 5
[quality]
max_missing = 0.5
min_rows = 100
"""


def cleaned(data):
    """The table as the configuration cleans it; rejected rows are gone."""
    data = data[data["campaign"] <= 40].copy()
    data["age"] = data["age"].clip(upper=60)
    data["duration"] = data["duration"].where(data["duration"] <= 1500)
    data["pdays"] = data["pdays"].where(data["pdays"] != 999)
    data["job"] = data["job"].str.lower().replace({"admin.": "office", "management": "office", "unknown": None})
    share = data["education"].value_counts(normalize=True)
    data["education"] = data["education"].where(data["education"].map(share) >= 0.05, "rest")
    return data


def zscore(values):
    return (values - values.mean()) / values.std(ddof=1)


def features(data):
    """Name to column, as they are clustered."""
    out = {"age": zscore(data["age"].clip(*data["age"].quantile([0.05, 0.95])))}
    duration = data["duration"].fillna(data.groupby("job")["duration"].transform("median"))
    out["duration"] = zscore(np.log1p(duration.fillna(data["duration"].median())))
    campaign = data["campaign"].clip(*data["campaign"].quantile([0, 0.99]))
    out["campaign"] = (campaign - campaign.min()) / (campaign.max() - campaign.min())
    for name in ("euribor3m", "nr.employed", "emp.var.rate"):
        out[name] = zscore(data[name])
    out["month"] = 2 * data["month"].map(data["month"].value_counts(normalize=True))
    for job in sorted(data["job"].value_counts().index[:4]):
        out[f"job={job}"] = 0.5 * zscore((data["job"] == job).astype(float))
    out["job:missing"] = data["job"].isna().astype(float)
    return pd.DataFrame(out)


def varimax(loading):
    """Kaiser-normalised varimax by singular value decompositions."""
    length = np.sqrt((loading**2).sum(axis=1, keepdims=True))
    normal, rotation = loading / length, np.eye(loading.shape[1])
    for _ in range(5000):
        turned = normal @ rotation
        u, _, v = np.linalg.svd(normal.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        rotation = u @ v
    return normal @ rotation * length


def aligned(loading):
    """Components by what they explain, the largest loading of each positive."""
    loading = loading[:, np.argsort(-(loading**2).sum(axis=0), kind="stable")]
    return loading * np.sign(loading[np.abs(loading).argmax(axis=0), range(loading.shape[1])])


def principal_axis(correlation, count):
    values, vectors = np.linalg.eigh(correlation)
    if values[0] > 1e-8:
        communality = 1 - 1 / np.diag(np.linalg.inv(correlation))
    else:
        communality = np.abs(correlation - np.eye(len(correlation))).max(axis=0)
    for _ in range(10000):
        reduced = correlation.copy()
        np.fill_diagonal(reduced, communality)
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, ::-1][:, :count] * np.sqrt(values[::-1][:count].clip(0))
        new = (loading**2).sum(axis=1).clip(max=1)
        done = np.abs(new - communality).max() <= 1e-10
        communality = new
        if done:
            break
    return loading


def stability(before, now):
    p, q = ((np.asarray(counts) + 0.5) / (sum(counts) + 0.5 * len(counts)) for counts in (before, now))
    return ((q - p) * np.log(q / p)).sum()


class CleaningAgainstNumpy(tessera.TestCase):
    @classmethod
    def setUpClass(cls):
        with gzip.open(DATA) as file:
            cls.raw = pd.read_csv(file, sep=";", keep_default_na=False)
        cls.data = cleaned(cls.raw)
        keys = [hashlib.blake2b(str(i).encode(), key=bytes(32), digest_size=16).digest() for i in cls.data.index]
        cls.data = cls.data.iloc[np.argsort(np.array(keys, dtype="S16"))]
        cls.features = features(cls.data)

    def result(self, *settings, path=DATA, ranks=2, name="out.h5"):
        (self.scratch / "cleaning.toml").write_text(CONFIGURATION.format(path=path))
        words = [word for setting in settings for word in ("--set", setting)]
        self.succeed("run", self.scratch / "cleaning.toml", *words, "-o", self.scratch / name, ranks=ranks)
        return h5py.File(self.scratch / name)

    def assert_close(self, ours, theirs, tolerance=1e-9):
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=tolerance, atol=tolerance)

    def test_features_and_their_records(self):
        with self.result() as file:
            names = list(file["features/name"].asstr())
            self.assertEqual(names, list(self.features))
            self.assert_close(file["features/correlation"][:], self.features.corr(), 1e-6)
            self.assert_close(file["features/mean"][:], self.features.mean(), 1e-6)
            self.assert_close(file["features/deviation"][:], self.features.std(), 1e-6)
            self.assert_close(file["features/winsorised"][0], self.data["age"].quantile([0.05, 0.95]))
            lookup = pd.DataFrame({part: file[f"features/lookup/{part}"].asstr()[:] if part in ("purpose", "category")
                                   else file[f"features/lookup/{part}"][:]
                                   for part in ("feature", "purpose", "category", "value")})
            medians = lookup[lookup["purpose"] == "imputed"].set_index("category")["value"]
            self.assert_close(medians, self.data.groupby("job")["duration"].median()[medians.index])
            shares = lookup[lookup["purpose"] == "frequency"].set_index("category")["value"]
            self.assert_close(shares, self.data["month"].value_counts(normalize=True)[shares.index])
            pairs = {(a, b): r for a, b, r in zip(*(file[f"features/correlated/{part}"].asstr()[:] if part != "r"
                                                    else file["features/correlated/r"][:] for part in "abr"))}
            correlation = self.features.corr()
            self.assertEqual(set(pairs), {(a, b) for i, a in enumerate(names) for b in names[i + 1:]
                                          if abs(correlation.loc[a, b]) >= 0.95})
            self.assertIn(("euribor3m", "emp.var.rate"), pairs)
            self.assertIn("features with |r| of 0.95 or more", "\n".join(file["run/warnings"].asstr()))

    def test_the_account(self):
        with self.result() as file:
            table = {part: file[f"quality/columns/{part}"][:] for part in
                     ("missing", "out_of_range", "rejected", "distinct", "cleaned", "folded", "imputed")}
            table = pd.DataFrame(table, index=file["quality/columns/name"].asstr()[:])
            self.assertEqual(file["quality/tables/rows"][0], len(self.data))
            self.assertEqual(file["quality/tables/rejected"][0], len(self.raw) - len(self.data))
            for name in table.index:
                self.assertEqual(table.loc[name, "missing"], self.data[name].isna().sum(), name)
                self.assertEqual(table.loc[name, "distinct"], self.data[name].nunique(), name)
            self.assertEqual(table.loc["age", "out_of_range"], (self.raw["age"] > 60).sum())
            self.assertEqual(table.loc["duration", "out_of_range"], (self.raw["duration"] > 1500).sum())
            self.assertEqual(table.loc["campaign", "rejected"], (self.raw["campaign"] > 40).sum())
            self.assertEqual(list(file["quality/rejects/reason"].asstr()), ["above maximum"])
            self.assertEqual(table.loc["job", "cleaned"],
                             self.raw.loc[self.data.index, "job"].isin(["admin.", "management"]).sum())
            self.assertEqual(table.loc["education", "folded"], (self.data["education"] == "rest").sum())
            self.assertEqual(table.loc["duration", "imputed"], self.data["duration"].isna().sum())
            moved = dict(zip(file["quality/features/name"].asstr(), file["quality/features/winsorised"][:]))
            low, high = self.data["age"].quantile([0.05, 0.95])
            self.assertEqual(moved["age"], ((self.data["age"] < low) | (self.data["age"] > high)).sum())
        info = self.succeed("info", self.scratch / "out.h5").stdout
        self.assertIn("Quality of customers", info)
        self.assertIn("missing: pdays 96.3 %", info)
        self.succeed("verify", self.scratch / "out.h5", ranks=2)

    def assert_scores_are_clustered(self, file, scores):
        """The centroids are the means of the customers' scores."""
        scores, segment = np.asarray(scores), file["customers/segment"][:]
        for s, centroid in enumerate(file["model/selected/centroids"][:]):
            self.assert_close(centroid, scores[segment == s].mean(axis=0), 2e-4)

    def test_principal_components(self):
        standardised = zscore(self.features)
        theirs = PCA(4).fit(standardised)
        sign = np.sign(theirs.components_[range(4), np.abs(theirs.components_).argmax(axis=1)])
        with self.result("reduction.method=pca", "reduction.components=4", "kmeans.max_iterations=300") as file:
            values, _ = np.linalg.eigh(self.features.corr())
            self.assert_close(file["features/reduction/eigenvalue"][:], values[::-1], 1e-6)
            self.assert_close(file["features/reduction/explained"][:], theirs.explained_variance_ratio_, 1e-6)
            self.assert_close(file["features/reduction/coefficient"][:], (theirs.components_ * sign[:, None]).T, 1e-5)
            self.assertEqual(list(file["features/name"].asstr()), [f"component{i}" for i in range(1, 5)])
            self.assertEqual(list(file["features/reduction/input/name"].asstr()), list(self.features))
            self.assert_scores_are_clustered(file, theirs.transform(standardised) * sign)

    def test_the_fewest_components_with_a_share_of_the_variance(self):
        share = np.cumsum(np.linalg.eigvalsh(self.features.corr())[::-1]) / self.features.shape[1]
        with self.result("reduction.method=pca", "reduction.variance=0.8", "kmeans.max_iterations=1") as file:
            self.assertEqual(file["features/name"].shape[0], np.argmax(share >= 0.8) + 1)

    def test_factors_rotated_by_varimax(self):
        correlation = self.features.corr().to_numpy()
        theirs = aligned(varimax(principal_axis(correlation, 2)))
        with self.result("reduction.method=factors", "reduction.components=2", "reduction.use=besides",
                         "kmeans.max_iterations=300") as file:
            group = file["features/reduction"]
            self.assertEqual(group.attrs["converged"], 1)
            self.assert_close(group["loading"][:], theirs, 1e-4)
            self.assert_close(group["communality"][:], (theirs**2).sum(axis=1), 1e-4)
            self.assert_close(group["uniqueness"][:], 1 - group["communality"][:])
            coefficient = np.linalg.pinv(correlation, rcond=1e-10, hermitian=True) @ theirs
            self.assert_close(group["coefficient"][:], coefficient, 1e-3)
            self.assertEqual(list(file["features/name"].asstr()), [*self.features, "factor1", "factor2"])
            scores = zscore(self.features).to_numpy() @ group["coefficient"][:]
            self.assert_scores_are_clustered(file, np.hstack([self.features, scores]))

    def test_drift_since_a_previous_run(self):
        half = self.raw.iloc[: len(self.raw) // 2]
        half.to_csv(self.scratch / "half.csv", sep=";", index=False)
        with self.result(path=self.scratch / "half.csv", name="before.h5") as before:
            lower, kinds = before["quality/bins/lower"][:], before["quality/bins/kind"][:]
            column, stored = before["quality/bins/column"][:], before["quality/bins/count"][:]
            category = before["quality/bins/category"].asstr()[:]
            names = list(before["quality/columns/name"].asstr())
        settings = ("quality.previous=" + str(self.scratch / "before.h5"),)
        with self.result(*settings, name="after.h5") as after:
            drift = dict(zip(names, after["quality/columns/drift"][:]))
            warnings = "\n".join(after["run/warnings"].asstr())
        for name in names:
            mine, now = column == names.index(name), self.data[name]
            missing, values = now.isna().sum(), now.dropna()
            if (kinds[mine] == 1).any():
                edges = lower[mine & (kinds == 1)]
                old = cleaned(half)[name].dropna()
                deciles = np.unique(np.quantile(old, np.arange(1, 10) / 10)) if len(old) else []
                self.assert_close(edges[1:], deciles)
                counts = [*np.histogram(values, np.append(edges, np.inf))[0]]
            else:
                counts = [(values == value).sum() for value in category[mine & (kinds == 2)]]
            expected = stability(stored[mine], [missing, *counts, len(values) - sum(counts)])
            self.assertAlmostEqual(drift[name], expected, 9, name)
        self.assertGreater(drift["euribor3m"], 0.25)
        self.assertIn("drift since", warnings)
        self.assertIn("large", warnings)
        self.assertIn("drift since", self.succeed("info", self.scratch / "after.h5").stdout)
        self.fail_with(3, "run", self.scratch / "cleaning.toml", "--set", settings[0], "--set",
                       "quality.max_drift=0.25", "--set", "table.0.path=" + str(DATA), "-o", self.scratch / "x.h5",
                       says=["column 'euribor3m' has drifted by", "quality.max_drift = 0.25"])

    def test_the_same_bits_on_1_to_4_ranks(self):
        settings = ("reduction.method=factors", "reduction.components=2", "reduction.use=besides",
                    "reduction.drop_correlated=true", "reduction.correlation_report=0.9")
        with self.result(*settings, ranks=1, name="1.h5") as file:
            self.assertNotIn("emp.var.rate", list(file["features/name"].asstr()))
        for ranks in (2, 3, 4):
            self.result(*settings, ranks=ranks, name=f"{ranks}.h5").close()
            self.assert_same_results(self.scratch / "1.h5", self.scratch / f"{ranks}.h5")


if __name__ == "__main__":
    unittest.main()
