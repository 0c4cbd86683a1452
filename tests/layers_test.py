#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The layers use only those before them, and MPI, HDF5 and Highway stay in theirs."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = {"core": set()}
ALLOWED["kernel"] = ALLOWED["comm"] = {"core"}
ALLOWED["data"] = {"core", "comm"}
ALLOWED["io"] = ALLOWED["data"] | {"data", "kernel"}
ALLOWED["stats"] = ALLOWED["data"] | {"data", "kernel"}
ALLOWED["generate"] = ALLOWED["io"] | {"io"}
ALLOWED["prep"] = ALLOWED["io"] | {"io", "stats"}
ALLOWED["cluster"] = ALLOWED["itemset"] = ALLOWED["stats"] | {"stats"}
ALLOWED["profile"] = ALLOWED["prep"] | {"prep", "cluster", "itemset"}
ALLOWED["app"] = ALLOWED["profile"] | {"profile", "generate"}
AT_HOME = {"mpi.h": {"comm"}, "boost/mpi": {"comm"}, "hdf5.h": {"io"}, "hwy/": {"kernel"}, "toml++": {"app"},
           "CLI/": {"app"}, "sodium.h": {"core", "app"}, "Eigen/": {"stats"}}

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.M)


def complaints():
    for base in (ROOT / "include/tessera", ROOT / "src"):
        for path in sorted(base.rglob("*.[ch]pp")):
            layer = path.relative_to(base).parts[0]
            for header in INCLUDE.findall(path.read_text()):
                if header.startswith("tessera/"):
                    used = header.split("/")[1]
                    if used != layer and used not in ALLOWED[layer]:
                        yield f"{path.relative_to(ROOT)}: layer {layer} must not use {header}"
                for name, homes in AT_HOME.items():
                    if header.startswith(name) and layer not in homes:
                        yield f"{path.relative_to(ROOT)}: {name} is only for {', '.join(sorted(homes))}"


found = list(complaints())
print("\n".join(found) or "layers are in order")
sys.exit(1 if found else 0)
