#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Weak scaling of the real K-means on simulated clusters: SimGrid's SMPI, fat trees with 10 and 100 Gbit/s links.

    bench/simulate/run.py                                   16, 64, 256, 1024 ranks; some minutes
    bench/simulate/run.py --ranks 16 --quick                one small case, as in the tests
    bench/simulate/run.py --machine my.env                  compute time by another machine's rates

What is real: K-means, its collectives, every message's length and order; allreduces go by recursive doubling (see --allreduce).
What is not: each rank holds a sample of its customers, while the simulated clock is charged the compute time of all of them,
which `tessera plan` gives for one rank of the machine file; memory that the ranks of a node share is in that time.
Exit codes: 77 where SimGrid or Boost.MPI's sources cannot be had, 1 where efficiency is below --at-least."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
BUILD = ROOT / "build/simulate"
SKIPPED = 77
# Latency is that of one of the four to six links between two nodes.
NETWORKS = {"10 Gbit/s": ("10Gbps", "2us"), "100 Gbit/s": ("100Gbps", "300ns")}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", type=int, nargs="+", default=[16, 64, 256, 1024])
    parser.add_argument("--ranks-per-node", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--customers", type=int, default=1_000_000, help="of each rank, whose compute time is charged")
    parser.add_argument("--sample", type=int, default=1024, help="customers that each rank really holds")
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--iterations", type=int, default=11)
    parser.add_argument("--spread", type=float, default=0.0, help="ranks compute up to this share faster or slower, at random")
    parser.add_argument("--allreduce", default="rdb", help="SMPI's name of an algorithm; rdb: recursive doubling; ompi: what Open "
                        "MPI would choose for each message (20 times as long at 1,024 ranks: much before the first iteration "
                        "then goes around in rings)")
    parser.add_argument("--machine", type=pathlib.Path, default=ROOT / "jobs/machines/generic.env")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/tessera", help="asked for plans")
    parser.add_argument("--at-least", type=float, default=0.9, help="efficiency to hold")
    parser.add_argument("--quick", action="store_true", help="one network, one rank a node, few iterations")
    return parser.parse_args()


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def build():
    """The simulated program; skips where what it wants is not there."""
    for command in ("smpirun", "smpicxx", "cmake", "ninja"):
        if shutil.which(command) is None:
            skip(f"{command} is not installed (scripts/install_deps.sh bench)")
    boost = BUILD / "boost"
    fetched = subprocess.run([HERE / "fetch_boost_mpi.sh", boost], text=True, capture_output=True)
    if fetched.returncode:
        skip(f"Boost.MPI's sources cannot be had: {(fetched.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    folder = BUILD / "program"
    for command in (["cmake", "-S", HERE, "-B", folder, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=smpicxx", f"-DBOOST_SOURCES={boost}"],
                    ["ninja", "-C", folder]):
        done = subprocess.run(command, text=True, capture_output=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    return folder / "simulated_kmeans"


def fat_tree(nodes):
    """Two levels: leaf switches with about the square root of the nodes each, half as many links up as down."""
    down = 1
    while down * down < nodes:
        down *= 2
    leaves = max(1, nodes // down)
    return f"2;{min(down, nodes)},{leaves};1,{max(1, min(down, nodes) // 2)};1,1"


def platform(nodes, cores, network):
    bandwidth, latency = NETWORKS[network]
    text = f"""<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <cluster id="cluster" prefix="node-" suffix="" radical="0-{nodes - 1}" speed="1Gf" core="{cores}" bw="{bandwidth}" lat="{latency}"
           loopback_bw="5GBps" loopback_lat="500ns" {f'topology="FAT_TREE" topo_parameters="{fat_tree(nodes)}"' if nodes > 1 else ''}/>
</platform>
"""
    path = BUILD / f"{nodes}x{cores}-{bandwidth}.xml"
    path.write_text(text)
    return path


def compute_seconds(args):
    """Of a dense iteration of all customers of a rank, by the machine's rates, all cores of a node at work."""
    done = subprocess.run([args.program, "plan", "--columns", str(args.columns), "--k", str(args.k), "--machine", args.machine,
                           "--customers", str(args.customers * 64), "--ranks", "64", "--json"], text=True, capture_output=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["iterations"][0]["compute_seconds"]


def simulate(program, args, ranks, per_node, network, seconds, sample=None):
    """(simulated seconds of an iteration, inertia of the result to its last bit)."""
    nodes = max(1, ranks // per_node)
    hosts = BUILD / f"hosts-{ranks}-{per_node}"
    hosts.write_text("".join(f"node-{rank // per_node}\n" for rank in range(ranks)))
    command = ["smpirun", "-np", str(ranks), "-platform", platform(nodes, per_node, network), "-hostfile", hosts,
               "--cfg=smpi/coll-selector:ompi" if args.allreduce == "ompi" else f"--cfg=smpi/allreduce:{args.allreduce}",
               "--cfg=smpi/privatization:dlopen", "--cfg=smpi/simulate-computation:no",
               "--log=root.thres:warning", program, str(args.columns), str(args.k), str(args.iterations), str(sample or args.sample),
               f"{seconds:.9g}", f"{args.spread:.9g}"]
    done = subprocess.run(command, text=True, capture_output=True, cwd=BUILD, env={**os.environ, "TMPDIR": str(BUILD)})
    if done.returncode or not done.stdout.strip():
        sys.exit(f"the simulation failed:\n{done.stdout}{done.stderr}")
    told = done.stdout.split()
    if int(told[0]) != ranks or int(told[1]) != args.iterations:
        sys.exit(f"the simulation ended early: {done.stdout}")
    return float(told[2]), told[3]


def check_results(program, args, network, seconds):
    """The simulated ranks find what one rank finds on all their customers: it is the real K-means."""
    ranks = args.ranks[0]
    _, together = simulate(program, args, ranks, 1, network, seconds)
    _, alone = simulate(program, args, 1, 1, network, seconds, sample=args.sample * ranks)
    if together != alone:
        sys.exit(f"{ranks} simulated ranks find inertia {together}, one finds {alone}")


def main():
    args = arguments()
    networks = list(NETWORKS)
    if args.quick:
        networks, args.ranks_per_node, args.iterations = networks[:1], [1], 4
    program = build()
    seconds = compute_seconds(args)
    check_results(program, args, networks[0], seconds)
    print(f"SIMULATED: {args.customers:,} customers a rank (a sample of {args.sample:,} held), d={args.columns} k={args.k}, "
          f"{1e3 * seconds:.2f} ms of compute an iteration by {args.machine.name}, spread {args.spread:.0%}, allreduce {args.allreduce}; weak efficiency = "
          "compute of one rank / iteration\n")
    print("| network | ranks a node | " + " | ".join(f"{ranks} ranks" for ranks in args.ranks) + " |")
    print("|---|---:|" + "---:|" * len(args.ranks))
    worst = 1.0
    for network in networks:
        for per_node in args.ranks_per_node:
            cells = []
            for ranks in args.ranks:
                took, _ = simulate(program, args, ranks, per_node, network, seconds)
                worst = min(worst, seconds / took)
                cells.append(f"{seconds / took:.1%} (+{1e6 * (took - seconds):.0f} us)")
            print(f"| {network} | {per_node} | " + " | ".join(cells) + " |", flush=True)
    print(f"\nlowest efficiency {worst:.1%}, wanted {args.at_least:.0%}")
    return 0 if worst >= args.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
