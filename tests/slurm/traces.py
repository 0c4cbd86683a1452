# SPDX-License-Identifier: Apache-2.0
"""A cluster leaves nothing behind, however it ends: no process, namespace, interface or file."""
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import cluster

HOLDER = """import sys; sys.path.insert(0, {here!r})
import cluster; held = cluster.Cluster(2); print(held.folder, flush=True); input()"""


def namespaces(process):
    """The network and process namespaces of a process; none if it has ended."""
    try:
        return {os.readlink(f"/proc/{process}/ns/{kind}") for kind in ("net", "pid")}
    except OSError:
        return set()


def of_all_processes():
    return set().union(*(namespaces(path.name) for path in pathlib.Path("/proc").glob("[0-9]*")))


def of_hosts(process):
    """Namespaces of a cluster's keeper and what descends from it, this machine's own left out."""
    try:
        children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        children = []
    return set().union(namespaces(process), *map(of_hosts, children)) - namespaces(os.getpid())


def processes_about(folder):
    """Command lines, of processes that name a folder in theirs."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in line:
            found.append(line)
    return found


class Traces(unittest.TestCase):
    def setUp(self):
        self.interfaces = sorted(os.listdir("/sys/class/net"))

    def assert_nothing_is_left(self, folder):
        end = time.monotonic() + 20
        while time.monotonic() < end and (folder.exists() or processes_about(folder)):
            time.sleep(0.1)
        self.assertFalse(folder.exists())
        self.assertEqual(processes_about(folder), [])
        self.assertEqual(sorted(os.listdir("/sys/class/net")), self.interfaces)

    def test_after_down(self):
        held = cluster.Cluster(2)
        inside = of_hosts(held.keeper.pid)
        self.assertEqual(len(inside), 6)  # a network and processes for each of two hosts and the login
        held.down()
        self.assert_nothing_is_left(held.folder)
        self.assertEqual(inside & of_all_processes(), set())

    def test_after_sigterm_with_a_job_running(self):
        held = cluster.Cluster(2)
        inside = of_hosts(held.keeper.pid)
        job = held.sbatch("--nodes=2", "--output=job.log", "--wrap", "srun --mpi=none sleep 1000")
        held.wait_until(lambda: held.job(job)["JobState"] == "RUNNING", 20)
        held.keeper.terminate()
        self.assertEqual(held.keeper.wait(timeout=30), 143)
        held.keeper.stdin.close()
        held.keeper.stdout.close()
        self.assert_nothing_is_left(held.folder)
        self.assertEqual(inside & of_all_processes(), set())

    def test_after_its_holder_is_killed(self):
        holder = subprocess.Popen([sys.executable, "-c", HOLDER.format(here=str(cluster.SCRIPT.parent))], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        folder = pathlib.Path(holder.stdout.readline().strip())
        self.assertTrue(folder.exists())
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
        self.assert_nothing_is_left(folder)

    def test_after_its_lifetime(self):
        held = cluster.Cluster(1, lifetime=1)
        self.assertEqual(held.keeper.wait(timeout=30), 0)
        self.assert_nothing_is_left(held.folder)
        held.down()
