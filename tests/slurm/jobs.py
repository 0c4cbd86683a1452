# SPDX-License-Identifier: Apache-2.0
"""What the tests on a cluster start from: the cluster, a small bank, and the result of a serial run on it."""
import pathlib
import shutil
import sys

import cluster

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/program"))
import tessera  # noqa: E402 # beside the program's tests

HOSTS = 4  # three for a job, one to move to
SETTINGS = {
    "TESSERA_HOME": ROOT,
    "OMPI_ALLOW_RUN_AS_ROOT": 1, "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": 1,
    # Hosts claim more cores than the machine has: ranks give way to each other and are bound to none.
    "OMPI_MCA_mpi_yield_when_idle": 1, "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
}
THREE_BY_TWO = ("--nodes=3", "--ntasks-per-node=2", "--mem=1000M", "--time=5")


class ClusterTest(tessera.TestCase):
    """One cluster for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cluster.Cluster(HOSTS)
        cls.addClassCleanup(cls.cluster.down)
        cls.work = cls.cluster.work
        # A copy of its own: whoever builds meanwhile takes the program away for a moment.
        cls.program = cls.work / "tessera"
        shutil.copy2(tessera.PROGRAM, cls.program)
        cls.settings = {**SETTINGS, "TESSERA": cls.program}
        made = tessera.run("generate", "--customers", 3000, "--difficulty", "easy", "--quarters", 1,
                           "--transactions-per-customer", 20, "--parts", 4, "-o", "bank", cwd=cls.work)
        assert made.returncode == 0, made.stderr
        cls.expected = cls.work / "serial.h5"
        serial = tessera.run("run", "bank/segments.toml", "-o", cls.expected, cwd=cls.work)
        assert serial.returncode == 0, serial.stderr

    def quarterly(self, name, *options, launcher="srun", **settings):
        """Submits jobs/quarterly.sbatch on three hosts; (number, result, log)."""
        result = self.work / f"{name}.h5"
        number = self.cluster.sbatch(*THREE_BY_TWO, f"--output={name}.log", *options, ROOT / "jobs/quarterly.sbatch",
                                     environment={**self.settings, "CONFIG": "bank/segments.toml", "OUTPUT": result,
                                                  "TESSERA_LAUNCHER": launcher, **settings})
        return number, result, self.work / f"{name}.log"

    def assert_completed(self, number, seconds=60):
        job = self.cluster.finished(number, seconds)
        self.assertEqual(job["JobState"], "COMPLETED", f"{job}\n{self.cluster.logs()}")
        return job
