#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Describes this machine in Markdown: what benchmark figures mean nothing without."""
import argparse
import json
import os
import pathlib
import platform
import subprocess

import tools


def field(text, name):
    """The value of a line `name : value`."""
    return next((line.split(":", 1)[1].strip() for line in text.splitlines() if line.split(":", 1)[0].strip() == name), "unknown")


def version_of(*command):
    try:
        return subprocess.run(command, text=True, capture_output=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return "not installed"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--micro", type=pathlib.Path, required=True, help="build/bench/bin/tessera_micro")
    args = parser.parse_args()
    lscpu = subprocess.run(["lscpu"], text=True, capture_output=True).stdout
    peak, bandwidth = tools.fma_peak(args.micro)
    simd = json.loads(subprocess.run([args.micro, "--benchmark_filter=exact_sum_add", "--benchmark_min_time=0.01",
                                      "--benchmark_format=json"], text=True, capture_output=True).stdout)["context"]["simd"]
    memory = int(field(pathlib.Path("/proc/meminfo").read_text(), "MemTotal").split()[0]) / 2**20
    rows = [("processor", f"{field(lscpu, 'Model name')}, family {field(lscpu, 'CPU family')} model {field(lscpu, 'Model')}, "
                          f"{len(os.sched_getaffinity(0))} cores to use"),
            ("caches", ", ".join(f"{name} {field(lscpu, name + ' cache')}" for name in ("L1d", "L2", "L3"))),
            ("memory", f"{memory:.0f} GiB"), ("SIMD level", simd),
            ("FMA peak of a core, float32", f"{peak:.0f} GFLOP/s"), ("one core reads from memory", f"{bandwidth:.1f} GB/s"),
            ("load when this was written", f"{os.getloadavg()[0]:.2f} (a figure near 0 is an idle machine)"),
            ("system", f"Linux {platform.release()}, {version_of('c++', '--version')}, {version_of('mpirun', '--version')}"),
            ("Tessera", version_of("git", "-C", str(tools.ROOT), "describe", "--tags", "--always", "--dirty"))]
    print("\n".join(["| machine | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]) + "\n")


if __name__ == "__main__":
    main()
