#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Baskets like those of a bank's customers, in the FIMI format: about 20 of 300 products and traits each, a few held by most and
many by few, and planted groups that are held together.

    bench/bank_baskets.py --rows 10000000 -o /dev/shm/bank.dat

The same seed and number make the same file on every machine; the first rows of a larger file are those of a smaller one."""
import argparse
import pathlib

import numpy as np

ITEMS = 300
GROUPS = 16
CHUNK = 50_000  # rows drawn at a time; part of the generator's definition


def probabilities(random):
    """(of each item by itself [items], of each group [groups], of an item given a group [groups, items])."""
    rank = random.permutation(ITEMS)
    alone = np.minimum(0.55, 4.2 / (rank + 6.0) ** 0.95)
    alone *= 14.0 / alone.sum()
    group = random.uniform(0.02, 0.25, GROUPS)
    members = np.zeros((GROUPS, ITEMS))
    for row in members:
        row[random.choice(ITEMS, random.integers(3, 7), replace=False)] = random.uniform(0.7, 0.95)
    return alone, group, members


def chunk(rows, number, seed):
    """bool [rows, items] of the chunk `number`."""
    alone, group, members = probabilities(np.random.default_rng(seed))
    random = np.random.default_rng([seed, number])
    holds = random.random((CHUNK, ITEMS), dtype=np.float32)[:rows] < alone.astype(np.float32)
    joined = random.random((CHUNK, GROUPS), dtype=np.float32)[:rows] < group.astype(np.float32)
    for g in range(GROUPS):
        items = np.flatnonzero(members[g])
        draws = random.random((CHUNK, len(items)), dtype=np.float32)[:rows]
        holds[:, items] |= joined[:, g:g + 1] & (draws < members[g, items].astype(np.float32))
    holds[~holds.any(axis=1), 0] = True
    return holds


def text(holds):
    """The rows as bytes: item numbers between blanks, a line each."""
    row, item = np.nonzero(holds)
    digits = np.zeros((ITEMS, 4), dtype=np.uint8)
    for i in range(ITEMS):
        digits[i, :len(str(i)) + 1] = np.frombuffer(f"{i} ".encode(), dtype=np.uint8)
    token = digits[item]
    last = np.flatnonzero(np.diff(row, append=-1))
    token[last] = np.where(token[last] == ord(" "), ord("\n"), token[last])
    return token[token != 0].tobytes()


def write(path, rows, seed=1):
    with open(path, "wb") as file:
        for number in range(-(-rows // CHUNK)):
            file.write(text(chunk(min(CHUNK, rows - number * CHUNK), number, seed)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    write(args.output, args.rows, args.seed)


if __name__ == "__main__":
    main()
