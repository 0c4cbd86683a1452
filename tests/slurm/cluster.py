# SPDX-License-Identifier: Apache-2.0
"""A real Slurm for tests: what cluster.sh brings up, as an object. Whoever holds it keeps it alive; when this process
ends, however it ends, the cluster is gone and its folder with it."""
import os
import pathlib
import subprocess
import tempfile
import time

SCRIPT = pathlib.Path(__file__).resolve().parent / "cluster.sh"
DONE = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE")


def why_not():
    """Why this machine cannot hold a cluster; empty if it can."""
    done = subprocess.run([SCRIPT, "check"], text=True, capture_output=True, timeout=30)
    return done.stdout.strip() if done.returncode == 77 else ""


def new_folder():
    """A path for a cluster: hosts have a /tmp of their own, so it is elsewhere unless TMPDIR says where."""
    wanted = pathlib.Path(os.environ.get("TMPDIR", "/var/tmp")).resolve()
    if wanted.parts[:2] == ("/", "tmp"):
        wanted = pathlib.Path("/var/tmp")
    return pathlib.Path(tempfile.mktemp(prefix="tessera-slurm-", dir=wanted))  # cluster.sh makes it, or refuses


class Cluster:
    """Hosts n1, n2, ... and one to log in; `work` is a folder that all of them see."""

    def __init__(self, hosts, lifetime=900):
        self.folder = new_folder()
        self.work = self.folder / "work"
        self.keeper = subprocess.Popen([SCRIPT, "keep", self.folder, str(hosts)], text=True, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, env={**os.environ, "CLUSTER_LIFETIME": str(lifetime)})
        if self.keeper.stdout.readline() != "ready\n":
            raise RuntimeError(f"no cluster: {self.keeper.wait()}")

    def down(self):
        self.keeper.stdin.close()
        self.keeper.wait(timeout=30)
        self.keeper.stdout.close()

    def control(self, action, host):
        """cut, mend, stop, start, power-off or boot."""
        subprocess.run([SCRIPT, action, self.folder, host], check=True, capture_output=True, timeout=30)

    def on(self, host, *command, environment=None, check=True, cwd=None):
        """Runs a command on a host; in `work` unless told."""
        inside = ["env", "-C", cwd or self.work, *(f"{name}={value}" for name, value in (environment or {}).items())]
        done = subprocess.run([SCRIPT, "on", self.folder, host, *inside, *map(str, command)], text=True,
                              capture_output=True, timeout=60)
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def sbatch(self, *arguments, environment=None):
        """Submits a job; its number, as text."""
        return self.on("login", "sbatch", "--parsable", *arguments, environment=environment).stdout.strip()

    def job(self, number):
        """What Slurm knows of a job: {name: value}; of an array, of its first task."""
        text = self.on("login", "scontrol", "show", "job", "-o", number).stdout.splitlines()[0]
        return dict(field.partition("=")[::2] for field in text.split())

    def wait_until(self, what, seconds, why=lambda: ""):
        """Returns what `what` returns once that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            time.sleep(0.3)
        raise AssertionError(f"not within {seconds} s: {why()}")

    def finished(self, number, seconds=60):
        """Waits until a job is over; what Slurm knows of it then."""
        def over():
            job = self.job(number)
            return job if job["JobState"] in DONE else None
        return self.wait_until(over, seconds, lambda: f"{self.job(number)}\n{self.logs()}")

    def logs(self):
        """The ends of all jobs' logs, for messages."""
        return "\n".join(f"--- {path.name}\n" + path.read_text(errors="replace")[-3000:]
                         for path in sorted(self.work.glob("*.log")))
