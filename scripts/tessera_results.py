# SPDX-License-Identifier: Apache-2.0
"""Reads result files of Tessera into Python; needs h5py and numpy only. docs/file-format.md says what is in a file.

    import tessera_results as results
    for items, support in results.itemsets("runs/demo.h5", min_length=2): ...
    whole = results.itemset_arrays("retail.h5")           # names, offset, item, support: all itemsets as arrays
    pandas.DataFrame(results.rules("runs/demo.h5"))
    pandas.DataFrame(results.segments("runs/demo.h5"))

Itemsets are stored as a prefix tree; it is expanded array by array, and read a piece at a time, so that memory does not
grow with their number unless all are asked for at once."""
from typing import NamedTuple

import h5py
import numpy as np

NODES = 1 << 20  # read at a time


class Itemsets(NamedTuple):
    """Itemset i has the items item[offset[i]:offset[i + 1]], indices into names, and support[i] baskets."""
    names: np.ndarray    # object [items]
    offset: np.ndarray   # int64 [itemsets + 1]
    item: np.ndarray     # int32
    support: np.ndarray  # int64 [itemsets]

    def __len__(self):
        return len(self.support)

    def __iter__(self):
        """(names of the items, support), itemset by itemset."""
        names = self.names[self.item].tolist()
        bounds = self.offset.tolist()
        for first, end, support in zip(bounds, bounds[1:], self.support.tolist()):
            yield tuple(names[first:end]), support


def _group(file, path, name):
    if file.attrs.get("format") not in (b"tessera result", "tessera result"):
        raise ValueError(f"{path} is not a result file of Tessera")
    if name not in file:
        raise KeyError(f"{path} holds no {name}")
    return file[name]


def _parents(depth):
    """[nodes] the nearest earlier node one shallower; -1 for single items. Whatever is first has depth 1."""
    parent = np.full(len(depth), -1, dtype=np.int64)
    above = np.flatnonzero(depth == 1)
    for level in range(2, int(depth.max(initial=1)) + 1):
        here = np.flatnonzero(depth == level)
        parent[here] = above[np.searchsorted(above, here) - 1]
        above = here
    return parent


def _expand(depth, item, parent, wanted):
    """(offset, items) of the nodes `wanted`, from the last item to the first, all of them a step at a time."""
    length = depth[wanted].astype(np.int64)
    offset = np.concatenate(([0], np.cumsum(length)))
    items = np.empty(offset[-1], dtype=np.int32)
    node, place = wanted, offset[1:] - 1
    while len(node):
        items[place] = item[node]
        node, place = parent[node], place - 1
        inner = node >= 0
        node, place = node[inner], place[inner]
    return offset, items


def itemset_pieces(path, min_length=1, max_length=None, min_support=1, nodes=NODES):
    """Yields Itemsets, the reported itemsets of `nodes` nodes of the tree at a time, in the order of the file."""
    with h5py.File(path, "r") as file:
        tree = _group(file, path, "itemsets")
        names = tree["item_name"].asstr()[()].astype(object)
        path_items = np.empty(0, dtype=np.int32)  # of the last node of the piece before
        for first in range(0, len(tree["depth"]), nodes):
            part = {name: tree[name][first:first + nodes] for name in ("depth", "item", "support", "reported")}
            ahead = len(path_items)  # the path that the piece begins with, as nodes before it
            depth = np.concatenate((np.arange(1, ahead + 1, dtype=np.int64), part["depth"].astype(np.int64)))
            item = np.concatenate((path_items, part["item"]))
            parent = _parents(depth)
            keep = (part["reported"] != 0) & (part["support"] >= min_support) & (part["depth"] >= min_length)
            if max_length is not None:
                keep &= part["depth"] <= max_length
            wanted = np.flatnonzero(keep)
            offset, items = _expand(depth, item, parent, wanted + ahead)
            yield Itemsets(names, offset, items, part["support"][wanted])
            path_items = _expand(depth, item, parent, np.array([len(depth) - 1]))[1]


def itemsets(path, **filters):
    """Yields (names of the items, support) of every reported itemset, in bounded memory. Filters: min_length, max_length,
    min_support (a count)."""
    for piece in itemset_pieces(path, **filters):
        yield from piece


def itemset_arrays(path, **filters):
    """All reported itemsets as one Itemsets."""
    pieces = list(itemset_pieces(path, **filters))
    if not pieces:
        with h5py.File(path, "r") as file:
            names = file["itemsets/item_name"].asstr()[()].astype(object)
        return Itemsets(names, np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))
    starts = np.concatenate(([0], np.cumsum([piece.offset[-1] for piece in pieces])))
    offset = np.concatenate([[0], *(piece.offset[1:] + start for piece, start in zip(pieces, starts))]).astype(np.int64)
    return Itemsets(pieces[0].names, offset, np.concatenate([piece.item for piece in pieces]),
                    np.concatenate([piece.support for piece in pieces]))


def rules(path):
    """{column: values}, one value a rule: antecedent and consequent are tuples of item names."""
    with h5py.File(path, "r") as file:
        group = _group(file, path, "rules")
        names = file["itemsets/item_name"].asstr()[()].astype(object)
        out = {}
        for side in ("antecedent", "consequent"):
            item = names[group[f"{side}_item"][()]].tolist()
            bounds = group[f"{side}_offset"][()].tolist() if f"{side}_offset" in group else range(len(item) + 1)
            out[side] = [tuple(item[first:end]) for first, end in zip(bounds, bounds[1:])]
        rows = len(out["antecedent"])
        for name, dataset in group.items():
            if isinstance(dataset, h5py.Dataset) and dataset.shape == (rows,) and not name.endswith(("_item", "_offset")):
                out[name] = dataset[()]
        return out


def segments(path):
    """{column: values}, one value a segment of the selected model: segment, customers, share, then the centroid, a column a
    feature, in raw units where the file has them. Exact counts: what is shown to people leaves out those below
    privacy.min_cell, as `tessera export` does."""
    with h5py.File(path, "r") as file:
        model = _group(file, path, "model")["selected"]
        size = model["size"][()]
        out = {"segment": np.arange(len(size)), "customers": size, "share": size / max(1, size.sum())}
        centroids = model["centroids_original" if "centroids_original" in model else "centroids"][()]
        if "features/name" in file:
            names = file["features/name"].asstr()[()].tolist()
        else:
            names = [f"feature_{column}" for column in range(centroids.shape[1])]
        out.update(zip(names, centroids.T))
        return out
