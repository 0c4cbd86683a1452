# SPDX-License-Identifier: Apache-2.0
"""Rules of the base and of segments are those that counting baskets one by one gives."""
import itertools
import math
import pathlib
import sys
import unittest
from collections import Counter
from fractions import Fraction

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
import tessera  # noqa: E402

COLUMNS = ("job", "loan", "card")
LENGTH = 3
CONFIGURATION = """
[run]
name = "rules"
[privacy]
min_cell = 5
[[table]]
name = "customers"
path = ["{folder}/customers.csv"]
key = "id"
[table.column.x]
type = "float"
{columns}
[[feature]]
column = "x"
[kmeans]
k = [3]
[items]
columns = ["job", "loan", "card"]
[itemsets]
min_support = "2%"
[rules]
min_confidence = 0.1
min_lift = 1.0
per_segment = 1000
segment_max_q_value = 1.0
"""


def customers(rows=900, seed=5):
    random = np.random.default_rng(seed)
    group = random.integers(0, 3, rows)
    x = 100.0 * group + random.random(rows)
    job = np.array(["clerk", "farmer", "nurse", "smith"])[random.integers(0, 4, rows)]
    loan = np.where(random.random(rows) < np.where((group == 1) & (job == "nurse"), 0.9, 0.4), "yes", "no")
    card = np.where(random.random(rows) < np.where(loan == "yes", 0.7, 0.2), "gold", "plain")
    return x, {"job": job, "loan": loan, "card": card}


def tail(rows, a, c, both):
    """Upper tail of the hypergeometric distribution, as a fraction."""
    above = sum(math.comb(a, i) * math.comb(rows - a, c - i) for i in range(both, min(a, c) + 1) if c - i <= rows - a)
    return float(Fraction(above, math.comb(rows, c)))


def benjamini_hochberg(p_values):
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    q, least = [0.0] * len(order), 1.0
    for rank in range(len(order), 0, -1):
        least = min(least, p_values[order[rank - 1]] * len(order) / rank)
        q[order[rank - 1]] = least
    return q


class RulesAgainstBruteForce(tessera.TestCase):
    def run_on(self, ranks):
        x, items = customers()
        with open(self.scratch / "customers.csv", "w") as file:
            file.write("id,x," + ",".join(COLUMNS) + "\n")
            for row in range(len(x)):
                file.write(f"c{row},{x[row]}," + ",".join(items[column][row] for column in COLUMNS) + "\n")
        columns = "".join(f'[table.column.{column}]\ntype = "category"\n' for column in COLUMNS)
        (self.scratch / "run.toml").write_text(
            CONFIGURATION.format(folder=self.scratch, columns=columns))
        self.succeed("run", self.scratch / "run.toml", "-o", self.scratch / "out.h5", "--force", ranks=ranks)
        self.succeed("verify", self.scratch / "out.h5")

    def baskets(self, file):
        """(items, segment) of every customer; segments are told apart by what the groups hold."""
        x, items = customers()
        group = np.floor(x / 100).astype(int)
        centers = file["model/selected/centroids"][:, 0]
        segment_of_group = np.argsort(np.argsort(centers))  # rank of each segment's center
        label = {int(rank): segment for segment, rank in enumerate(segment_of_group)}
        return [(frozenset(f"{c}={items[c][row]}" for c in COLUMNS), label[int(group[row])]) for row in range(len(x))]

    def counts(self, baskets):
        total, within = Counter(), Counter()
        for items, segment in baskets:
            for length in range(LENGTH + 1):
                for itemset in itertools.combinations(sorted(items), length):
                    total[itemset] += 1
                    within[itemset, segment] += 1
        return total, within

    def test_rules_of_base_and_segments(self):
        self.run_on(ranks=3)
        with h5py.File(self.scratch / "out.h5") as file:
            baskets = self.baskets(file)
            total, within = self.counts(baskets)
            self.check_base(file, total, within, len(baskets))
            self.check_segments(file, total, within, len(baskets))

    def rules_in(self, group, names):
        offset, items = group["antecedent_offset"][()], group["antecedent_item"][()]
        for i, consequent in enumerate(group["consequent_item"][()]):
            yield i, tuple(sorted(names[items[offset[i]:offset[i + 1]]])), names[consequent]

    @staticmethod
    def candidates(itemsets):
        for itemset in itemsets:
            for consequent in itemset:
                yield tuple(i for i in itemset if i != consequent), consequent

    @staticmethod
    def simpler(antecedent):
        return itertools.chain.from_iterable(
            itertools.combinations(antecedent, length) for length in range(len(antecedent)))

    def check_base(self, file, total, within, n):
        least = -(-2 * n // 100)
        rules = list(self.candidates(i for i, s in total.items() if len(i) > 1 and s >= least))
        both = [total[tuple(sorted(a + (c,)))] for a, c in rules]
        p = [tail(n, total[a], total[(c,)], s) for (a, c), s in zip(rules, both)]
        q = benjamini_hochberg(p)
        expected = {}
        for (a, c), s, p_value, q_value in zip(rules, both, p, q):
            confidence = Fraction(s, total[a])
            best = max(Fraction(total[tuple(sorted(b + (c,)))], total[b]) for b in self.simpler(a))
            if confidence > best and confidence >= Fraction(1, 10) and confidence * n >= total[(c,)]:
                expected[a, c] = (s, float(confidence - best), p_value, q_value)
        group = file["rules"]
        names = file["itemsets/item_name"].asstr()[()]
        self.assertEqual(group.attrs["tests"], len(rules))
        found = {}
        for i, a, c in self.rules_in(group, names):
            found[a, c] = i
            s, improvement, p_value, q_value = expected[a, c]
            self.assertEqual(group["support"][i], s)
            self.assertAlmostEqual(group["improvement"][i], improvement, delta=1e-12)
            self.assertAlmostEqual(group["p_value"][i] / p_value, 1, delta=1e-9)
            self.assertAlmostEqual(group["q_value"][i] / q_value, 1, delta=1e-9)
            whole = tuple(sorted(a + (c,)))
            self.assertEqual(list(group["segment_support"][i]), [within[whole, s] for s in range(3)])
            self.assertEqual(list(group["segment_antecedent_support"][i]), [within[a, s] for s in range(3)])
        self.assertEqual(set(found), set(expected))
        self.assertGreater(len(expected), 5)

    def check_segments(self, file, total, within, n):
        expected, keys, p = {}, [], []
        minimum = -(-2 * n // 100)
        for segment in range(3):
            size = within[(), segment]

            def measure(a, c):
                whole = tuple(sorted(a + (c,)))
                s, s_a, t, t_a = within[whole, segment], within[a, segment], total[whole], total[a]
                rest = Fraction(t - s, t_a - s_a) if t_a > s_a else Fraction(0)
                confidence = Fraction(s, s_a)
                return confidence, confidence / rest if rest else math.inf, (t_a, s_a, t, s)

            least = max(-(-minimum * size // n), 5)
            frequent = (i for (i, s), count in within.items() if s == segment and len(i) > 1 and count >= least)
            for a, c in self.candidates(frequent):
                confidence, contrast, table = measure(a, c)
                keys.append((segment, a, c))
                p.append(tail(*table))
                others = [measure(b, c) for b in self.simpler(a)]
                if confidence >= Fraction(1, 10) and contrast > max(1, *(o[1] for o in others)) \
                        and confidence > max(o[0] for o in others):
                    expected[segment, a, c] = float(contrast), p[-1]
        q = dict(zip(keys, benjamini_hochberg(p)))
        group = file["rules/segments"]
        names = group["item_name"].asstr()[()]
        self.assertEqual(group.attrs["tests"], len(keys))
        found = set()
        for i, a, c in self.rules_in(group, names):
            key = int(group["segment"][i]), a, c
            found.add(key)
            contrast, p_value = expected[key]
            if math.isinf(contrast):
                self.assertTrue(math.isinf(group["contrast_lift"][i]))
            else:
                self.assertAlmostEqual(group["contrast_lift"][i] / contrast, 1, delta=1e-12)
            self.assertAlmostEqual(group["p_value"][i] / p_value, 1, delta=1e-9)
            self.assertAlmostEqual(group["q_value"][i] / q[key], 1, delta=1e-9)
        self.assertEqual(found, set(expected))
        self.assertIn(("job=nurse",), {a for _, a, c in found if c == "loan=yes"})


if __name__ == "__main__":
    unittest.main()
