# SPDX-License-Identifier: Apache-2.0
"""Every aggregate, derived feature and preset equals what pandas makes of the same files."""
import hashlib
import pathlib
import sys
import unittest

import h5py
import numpy as np
import pandas as pd

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
import tessera

AS_OF = pd.Timestamp("2026-09-30")
BERKA = tessera.SHARED_DATA / "berka"
CREDIT = tessera.SHARED_DATA / "credit_default"


def key_of(identity):
    return hashlib.blake2b(str(identity).encode(), key=bytes(32), digest_size=16).digest()


def view(path, ids):
    """The customer view as a frame indexed by id."""
    with h5py.File(path) as file:
        row = {bytes(key): i for i, key in enumerate(file["customers/key"][:])}
        assert len(row) == len(ids)
        order = [row[key_of(identity)] for identity in ids]
        out = {}
        for name, values in file["customers/view"].items():
            column = values[:][order]
            if name in file.get("customers/view_categories", {}):
                words = file["customers/view_categories"][name].asstr()[:]
                column = np.array([words[code] if code >= 0 else None for code in column], dtype=object)
            out[name] = column
        return pd.DataFrame(out, index=list(ids))


def day(values):
    return (values - pd.Timestamp("1970-01-01")) // pd.Timedelta(days=1)


class Rows:
    """The rows of a table that count for an aggregate: frame with `id`, `date`, and columns."""

    def __init__(self, frame, ids, as_of=AS_OF, window=None, column=None):
        frame = frame[frame.date <= as_of]
        self.all = frame if column is None else frame[frame[column].notna()]
        self.ids, self.as_of, self.window, self.column = list(ids), as_of, window, column

    @property
    def begin(self):
        return self.as_of - pd.Timedelta(days=self.window)

    @property
    def inside(self):
        rows = self.all
        if self.window is None:
            return rows
        return rows[rows.date.dt.normalize() > self.begin]

    def series(self, values, empty=np.nan):
        return values.reindex(self.ids).fillna(empty) if empty == 0 else values.reindex(self.ids)

    def of(self, how, empty=np.nan):
        return self.series(self.inside.groupby("id")[self.column].agg(how), empty)

    def count(self):
        return self.series(self.inside.groupby("id").size(), 0)

    def recency(self):
        return self.series((self.as_of - self.inside.groupby("id").date.max().dt.normalize()).dt.days)

    def active_months(self):
        rows = self.inside
        return self.series(rows.date.dt.to_period("M").groupby(rows.id).nunique(), 0)

    def gap(self):
        rows = self.inside
        days = day(rows.date.dt.normalize()).groupby(rows.id)
        n = days.nunique()
        return self.series(((days.max() - days.min()) / (n - 1)).where(n > 1))

    def frequency(self):
        first = day(self.inside.groupby("id").date.min().dt.normalize())
        days = self.window if self.window is not None else day(self.as_of) - first + 1
        return self.series(30 * self.inside.groupby("id").size() / days, 0)

    def share(self, categories):
        rows = self.inside
        return self.series(rows[self.column].isin(categories).groupby(rows.id).mean())

    def trend(self):
        last = self.as_of.to_period("M")
        out = {}
        for identity, rows in self.inside.groupby("id"):
            first = (self.begin + pd.Timedelta(days=1) if self.window else rows.date.min()).to_period("M")
            months = pd.period_range(first, last, freq="M")
            sums = rows[self.column].groupby(rows.date.dt.to_period("M")).sum().reindex(months).fillna(0)
            out[identity] = np.polyfit(np.arange(len(months)), sums, 1)[0] if len(months) > 1 else np.nan
        return self.series(pd.Series(out, dtype=float))

    def ratio(self, against):
        before = Rows(self.all, self.ids, self.begin + pd.Timedelta(hours=23.99), against, self.column)
        if self.column is None:
            a, b = self.count(), before.count()
        else:
            a, b = self.of("sum", 0), before.of("sum", 0)
        return (a / b.where(b != 0)).where(b != 0)

    def extreme(self, how):
        rows = self.inside.sort_values(["date", self.column])
        return self.series(getattr(rows.groupby("id")[self.column], how)())

    def time_mean(self):
        out = {}
        rows = self.all.sort_values(["date", self.column])
        for identity, group in rows.groupby("id"):
            ends = group.groupby(group.date.dt.normalize())[self.column].last()
            days = pd.date_range(ends.index[0], self.as_of, freq="D")
            daily = ends.reindex(days).ffill()
            if self.window is not None:
                daily = daily[daily.index > self.begin]
            out[identity] = daily.mean() if len(daily) else np.nan
        return self.series(pd.Series(out, dtype=float))


def quintile(values, best="high"):
    edges = np.quantile(values.dropna(), [0.2, 0.4, 0.6, 0.8])
    beyond = [values > edge if best == "high" else values < edge for edge in edges]
    return (1.0 + sum(part.astype(float) for part in beyond)).where(values.notna())


class Features(tessera.TestCase):
    def expect(self, frame, expected):
        for name, values in expected.items():
            with self.subTest(name):
                ours, theirs = frame[name], values.reindex(frame.index)
                if ours.dtype == object:
                    self.assertEqual(ours.where(ours.notna(), None).tolist(),
                                     theirs.astype(object).where(theirs.notna(), None).tolist())
                else:
                    np.testing.assert_allclose(ours.astype(float), theirs.astype(float), rtol=1e-9, atol=1e-9)


CUSTOMERS = 300
KINDS = {  # name: (configuration, rows -> series)
    "n": ('aggregate = "count"', lambda r: r().count()),
    "n90": ('aggregate = "count"\nwindow_days = 90', lambda r: r(window=90).count()),
    "n_filtered": ('aggregate = "count"\nwhere = { type = ["a", "b"], amount = { min = 0.0, max = 100.0 } }',
                   lambda r: r(keep=lambda f: f.type.isin(["a", "b"]) & f.amount.between(0, 100)).count()),
    "n_dated": ('aggregate = "count"\nwhere = { at = { min = 2026-01-01, max = 2026-03-31 } }',
                lambda r: r(keep=lambda f: (f.date >= "2026-01-01") & (f.date < "2026-04-01")).count()),
    "n_earlier": ('aggregate = "count"\nas_of = 2026-06-30', lambda r: r(as_of=pd.Timestamp("2026-06-30")).count()),
    "total": ('aggregate = "sum"\ncolumn = "amount"', lambda r: r("amount").of("sum", 0)),
    "total30": ('aggregate = "sum"\ncolumn = "amount"\nwindow_days = 30',
                lambda r: r("amount", window=30).of("sum", 0)),
    "average": ('aggregate = "mean"\ncolumn = "amount"', lambda r: r("amount").of("mean")),
    "least": ('aggregate = "min"\ncolumn = "amount"', lambda r: r("amount").of("min")),
    "most": ('aggregate = "max"\ncolumn = "amount"\nwindow_days = 180', lambda r: r("amount", window=180).of("max")),
    "spread": ('aggregate = "std"\ncolumn = "amount"', lambda r: r("amount").of("std")),
    "types": ('aggregate = "distinct"\ncolumn = "type"', lambda r: r("type").of("nunique", 0)),
    "amounts": ('aggregate = "distinct"\ncolumn = "amount"', lambda r: r("amount").of("nunique", 0)),
    "partners": ('aggregate = "distinct"\ncolumn = "partner"', lambda r: r("partner").of("nunique", 0)),
    "share_a": ('aggregate = "share"\ncolumn = "type"\ncategory = ["a", "rare 3"]',
                lambda r: r("type").share(["a", "rare 3"])),
    "days_ago": ('aggregate = "recency"', lambda r: r().recency()),
    "months": ('aggregate = "active_months"', lambda r: r().active_months()),
    "wait": ('aggregate = "gap"', lambda r: r().gap()),
    "wait120": ('aggregate = "gap"\nwindow_days = 120', lambda r: r(window=120).gap()),
    "a_month": ('aggregate = "frequency"', lambda r: r().frequency()),
    "a_month60": ('aggregate = "frequency"\nwindow_days = 60', lambda r: r(window=60).frequency()),
    "slope": ('aggregate = "trend"\ncolumn = "amount"', lambda r: r("amount").trend()),
    "slope365": ('aggregate = "trend"\ncolumn = "amount"\nwindow_days = 365', lambda r: r("amount", window=365).trend()),
    "change": ('aggregate = "ratio"\ncolumn = "balance"\nwindow_days = 60', lambda r: r("balance", window=60).ratio(60)),
    "change_n": ('aggregate = "ratio"\nwindow_days = 30\nagainst_days = 150', lambda r: r(window=30).ratio(150)),
    "first_amount": ('aggregate = "first"\ncolumn = "amount"', lambda r: r("amount").extreme("first")),
    "last_type": ('aggregate = "last"\ncolumn = "type"\ncluster = false', lambda r: r("type").extreme("last")),
    "first_type": ('aggregate = "first"\ncolumn = "type"\ncluster = false', lambda r: r("type").extreme("first")),
    "balance": ('aggregate = "time_mean"\ncolumn = "balance"', lambda r: r("balance").time_mean()),
    "balance90": ('aggregate = "time_mean"\ncolumn = "balance"\nwindow_days = 90',
                  lambda r: r("balance", window=90).time_mean()),
}
DERIVED = """
[[feature]]
name = "mean_of_sum"
ratio = ["total", "n"]
[[feature]]
name = "ahead"
difference = ["most", "least"]
[[feature]]
name = "score"
quintile = "total"
[[feature]]
name = "low_score"
quintile = "days_ago"
best = "low"
[[preset]]
kind = "rfm"
table = "events"
amount = "amount"
[[preset]]
kind = "engagement"
table = "events"
channel = "type"
event = "type"
logins = ["b"]
window_days = 180
[[preset]]
kind = "deposits"
table = "events"
amount = "amount"
term = "balance"
product = "type"
products = ["a", "b"]
rollover = "type"
rolled = ["c"]
[[preset]]
kind = "credit"
table = "events"
balance = "amount"
limit = "balance"
days_past_due = "late"
arrears_days = 30
"""
CONFIG = """
[run]
name = "features"
as_of = 2026-09-30
folder = "{folder}"
write_features = true
[[table]]
name = "customers"
path = "customers.csv"
key = "id"
[table.column.age]
type = "int"
[[table]]
name = "events"
path = "{parts}/*.csv"
key = "id"
date = "at"
[table.column.at]
type = "{date}"
[table.column.amount]
type = "float"
[table.column.balance]
type = "float"
[table.column.late]
type = "int"
[table.column.type]
[table.column.partner]
type = "id"
{features}
[[feature]]
column = "age"
[kmeans]
k = [3]
[items]
columns = ["last_type"]
bins = [{{ column = "score", quantiles = 5 }}]
[itemsets]
min_support = "5%"
"""


def events(seed, times):
    """Many rows a customer, some customers with none; ties and rows after as_of among them."""
    random = np.random.default_rng(seed)
    n = 9000
    frame = pd.DataFrame({
        "id": (CUSTOMERS * random.uniform(size=n) ** 2).astype(int) + 1000,
        "date": AS_OF - pd.to_timedelta(random.integers(-20, 900, n), unit="D"),
        "amount": np.round(random.normal(50, 300, n), 2),
        "balance": np.round(random.lognormal(7, 1, n), 2),
        "late": random.integers(0, 90, n),
        "type": random.choice(["a", "b", "c"] + [f"rare {i}" for i in range(120)], n, p=[.4, .2, .1] + [.3 / 120] * 120),
        "partner": [f"P{i}" for i in random.integers(0, 500, n)],
    })
    if times:
        frame["date"] += pd.to_timedelta(random.integers(0, 4, n) * 21600, unit="s")
    for column, share in (("amount", .1), ("type", .05), ("partner", .3)):
        frame.loc[random.uniform(size=n) < share, column] = None
    frame.loc[random.uniform(size=n) < .2, "amount"] = 50.0
    return frame


class GeneratedTables(Features):
    def write(self, frame, folder, parts, seed=None):
        """The events in so many files, shuffled by seed."""
        (self.scratch / folder).mkdir()
        if seed is not None:
            frame = frame.sample(frac=1, random_state=seed)
        out = frame.drop(columns="date").assign(at=frame.date.dt.strftime("%Y-%m-%d" if (frame.date == frame.date.dt.normalize()).all()
                                                                          else "%Y-%m-%dT%H:%M:%S"))
        for i, part in enumerate(np.array_split(np.arange(len(out)), parts)):
            out.iloc[part].to_csv(self.scratch / folder / f"part-{i:04}.csv", index=False)

    def config(self, parts, date):
        features = "".join(f'[[feature]]\nname = "{name}"\ntable = "events"\n{text}\n' for name, (text, _) in KINDS.items())
        path = self.scratch / f"{parts}.toml"
        path.write_text(CONFIG.format(folder=self.scratch, parts=parts, date=date, features=features + DERIVED))
        return path

    def expected(self, frame, ids):
        frame = frame.rename(columns={})

        def rows(column=None, as_of=AS_OF, window=None, keep=None):
            chosen = frame if keep is None else frame[keep(frame)]
            end = as_of + pd.Timedelta(hours=23.99)
            out = Rows(chosen, ids, end, window, column)
            out.as_of = as_of
            return out

        out = {name: make(rows) for name, (_, make) in KINDS.items()}
        out["mean_of_sum"] = out["total"] / out["n"].where(out["n"] > 0)
        out["ahead"] = out["most"] - out["least"]
        out["score"] = quintile(out["total"])
        out["low_score"] = quintile(out["days_ago"], "low")
        for name, source, best in (("recency", out["days_ago"], "low"), ("frequency", out["n"], "high"),
                                   ("monetary", out["total"], "high")):
            out["rfm_" + name] = source
            out[f"rfm_{name}_score"] = quintile(source, best)
        half = rows(window=180)
        out["engagement_recency"], out["engagement_frequency"] = half.recency(), half.frequency()
        out["engagement_active_months"] = half.active_months()
        out["engagement_channels"] = rows("type", window=180).of("nunique", 0)
        out["engagement_logins"] = rows(window=180, keep=lambda f: f.type == "b").count()
        out["deposits_count"], out["deposits_amount"] = out["n"], out["total"]
        out["deposits_term"] = rows("balance").of("mean")
        out["deposits_share_a"] = rows("type").share(["a"])
        out["deposits_share_b"] = rows("type").share(["b"])
        out["deposits_rollover"] = rows("type").share(["c"])
        out["credit_utilisation"] = rows("amount").extreme("last") / rows("balance").extreme("last")
        out["credit_mean_utilisation"] = rows("amount").of("sum", 0) / rows("balance").of("sum", 0).replace(0, np.nan)
        out["credit_days_past_due"] = rows("late").extreme("last")
        out["credit_max_days_past_due"] = rows("late").of("max")
        out["credit_arrears"] = rows(keep=lambda f: f.late >= 30).count()
        return out

    def check(self, times):
        frame = events(5, times)
        ids = range(1000, 1000 + CUSTOMERS + 20)  # the last have no events
        pd.DataFrame({"id": ids, "age": [20 + i % 60 for i in ids]}).to_csv(self.scratch / "customers.csv", index=False)
        date = "datetime" if times else "date"
        self.write(frame, "one", 1)
        one = self.scratch / "one.h5"
        done = self.succeed("run", self.config("one", date), "-o", one)
        self.assertIn("rows after as_of were not used", done.stderr)
        self.expect(view(one, ids), self.expected(frame, ids))
        # Any order in any number of files on any number of ranks: the same bytes. /run/inputs tells the parts.
        for ranks, parts, seed in ((2, 1, 1), (3, 40, 2), (7, 1000, 3)):
            if times and parts == 1000:
                continue
            name = f"parts{parts}"
            self.write(frame, name, parts, seed)
            out = self.scratch / f"{name}.h5"
            self.succeed("run", self.config(name, date), "-o", out, ranks=ranks)
            self.assert_same_results(one, out)
            self.succeed("verify", out)

    def test_every_aggregate_of_dates(self):
        self.check(times=False)

    def test_every_aggregate_of_times(self):
        self.check(times=True)


@unittest.skipUnless(BERKA.exists(), "the shared data are not here")
class Berka(Features):
    AS_OF = pd.Timestamp("1994-03-31")

    def table(self, name, owner):
        frame = pd.read_csv(BERKA / name, sep=";", keep_default_na=False, na_values=[""], low_memory=False,
                            dtype={"k_symbol": str, "operation": str, "type": str}, quotechar='"')
        if "date" in frame:
            frame["date"] = pd.to_datetime("19" + frame["date"].astype(str), format="%Y%m%d")
        frame["id"] = frame.account_id.map(owner)
        return frame[frame.id.notna()]

    def test_features_from_the_raw_files(self):
        clients = pd.read_csv(BERKA / "client.asc", sep=";", dtype=str)
        ids = clients.client_id.tolist()
        dispositions = pd.read_csv(BERKA / "disp.asc", sep=";", dtype={"client_id": str})
        owner = dispositions[dispositions.type == "OWNER"].set_index("account_id").client_id
        trans = self.table("trans_prefix_49102.asc", owner)
        loans, orders = self.table("loan.asc", owner), self.table("order.asc", owner)

        def rows(frame=trans, column=None, window=None, keep=None):
            return Rows(frame if keep is None else frame[keep], ids, self.AS_OF, window, column)

        orders = orders.assign(date=self.AS_OF)
        credits, debits = trans.type == "PRIJEM", trans.type == "VYDAJ"
        expected = {
            "rfm_recency": rows(window=365).recency(),
            "rfm_frequency": rows(window=365).count(),
            "rfm_monetary": rows(column="amount", window=365).of("sum", 0),
            "activity_frequency": rows(window=365).frequency(),
            "activity_active_months": rows(window=365).active_months(),
            "activity_channels": rows(column="operation", window=365, keep=trans.operation.notna()).of("nunique", 0),
            "credits_90d": rows(column="amount", window=90, keep=credits).of("sum", 0),
            "withdrawals_90d": rows(column="amount", window=90, keep=debits).of("sum", 0),
            "balance_mean": rows(column="balance", window=180).time_mean(),
            "balance_last": rows(column="balance").extreme("last"),
            "amount_trend": rows(column="amount", window=365, keep=credits).trend(),
            "cash_share": rows(column="operation").share(["VKLAD", "VYBER"]),
            "standing_orders": rows(orders).count(),
            "standing_order_amount": rows(orders, "amount").of("sum", 0),
            "loan_amount": rows(loans, "amount").of("sum", 0),
            "loan_status": rows(loans, "status").extreme("last"),
        }
        expected["net_90d"] = expected["credits_90d"] - expected["withdrawals_90d"]
        expected["rfm_monetary_score"] = quintile(expected["rfm_monetary"])
        expected["rfm_recency_score"] = quintile(expected["rfm_recency"], "low")
        born = clients.birth_number.astype(int)
        month = born // 100 % 100
        female = month > 50
        text = "19" + (born - female * 5000).astype(str).str.zfill(6)
        expected["sex"] = pd.Series(np.where(female, "female", "male"), index=ids)
        expected["born"] = pd.Series(day(pd.to_datetime(text, format="%Y%m%d")).to_numpy(), index=ids)

        out = self.scratch / "berka1.h5"
        run = ("run", "config/berka.toml", "--set", f"run.folder={BERKA}")
        self.succeed(*run, "-o", out)
        self.expect(view(out, ids), expected)
        for ranks in (2, 3, 7):
            again = self.scratch / f"berka{ranks}.h5"
            self.succeed(*run, "-o", again, ranks=ranks)
            self.assert_same_results(out, again)


@unittest.skipUnless(CREDIT.exists(), "the shared data are not here")
class CreditDefault(Features):
    def test_features_derived_from_columns(self):
        frame = pd.read_csv(CREDIT / "default_of_credit_card_clients.csv").set_index("ID")
        out = self.scratch / "credit.h5"
        self.succeed("run", "config/credit_default.toml", "--set", f"run.folder={CREDIT}", "--set", "kmeans.k=4", "-o", out,
                     ranks=2)
        utilisation = frame.BILL_AMT1 / frame.LIMIT_BAL
        self.expect(view(out, frame.index), {
            "utilisation": utilisation,
            "repaid": frame.PAY_AMT1 / frame.BILL_AMT2.where(frame.BILL_AMT2 != 0),
            "debt_growth": frame.BILL_AMT1 - frame.BILL_AMT6,
            "delay_growth": frame.PAY_0 - frame.PAY_2,
            "limit_score": quintile(frame.LIMIT_BAL),
            "utilisation_score": quintile(utilisation, "low"),
        })


if __name__ == "__main__":
    unittest.main()
