#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes every digest of a result file from docs/file-format.md alone, and compares: h5py_reads_results.py FILE.h5"""
import hashlib
import struct
import sys

import h5py
import numpy as np


def lthash(blocks):
    """Digest of numbered blocks of bytes."""
    lanes = np.zeros(1024, dtype="<u2")
    for number, data in enumerate(blocks):
        seed = hashlib.blake2b(struct.pack("<Q", number) + data, digest_size=32).digest()
        wide = b"".join(hashlib.blake2b(struct.pack("<Q", i) + seed, digest_size=64).digest() for i in range(32))
        lanes += np.frombuffer(wide, dtype="<u2")  # modulo 2^16
    return hashlib.blake2b(lanes.tobytes(), digest_size=32).hexdigest()


def dataset_digest(file, dataset):
    how = dataset.attrs["digest_blocks"].decode()
    rows = dataset.shape[0] if dataset.shape else 1
    if how.startswith("rows:"):
        step = int(how[len("rows:"):])
        bounds = [*range(0, rows, step), rows]
    else:
        bounds = file[how][()].tolist()
    if not dataset.shape:
        return lthash([dataset[()].tobytes()])
    return lthash(dataset[a:b].tobytes() for a, b in zip(bounds, bounds[1:]))


def canonical(value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, np.floating):
        return struct.pack(">d", value).hex().encode()
    return str(int(value)).encode()


def attributes_digest(file):
    records = {}

    def visit(path, item):
        for name, value in item.attrs.items():
            records[path.encode(), name.encode()] = canonical(value)

    def links(group):
        for name in group:
            path = group.name.rstrip("/") + "/" + name
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                records[path.encode(), b""] = link.path.encode()
            elif path != "/digest":
                visit(path, group[name])
                if isinstance(group[name], h5py.Group):
                    links(group[name])

    visit("/", file)
    links(file)
    text = b"".join(obj + b"\0" + name + b"\0" + value + b"\n" for (obj, name), value in sorted(records.items()))
    return hashlib.blake2b(text, digest_size=32).hexdigest()


def main():
    wrong = 0
    with h5py.File(sys.argv[1], "r") as file:
        for name, stored in zip(file["/digest/dataset"].asstr()[()], file["/digest/blake2b"].asstr()[()]):
            if dataset_digest(file, file[name]) != stored:
                print(f"{name} differs")
                wrong += 1
        if file["/digest"].attrs["attributes"].decode() != attributes_digest(file):
            print("attributes and links differ")
            wrong += 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
