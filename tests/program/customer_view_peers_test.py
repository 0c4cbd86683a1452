# SPDX-License-Identifier: Apache-2.0
"""The customer view's benchmark goes on without a peer that this machine does not have, and tells where values differ."""
import contextlib
import io
import pathlib
import sys
import unittest
from unittest import mock

import numpy as np

import tessera

sys.path.insert(0, str(tessera.ROOT / "bench"))
import customer_view_peers as peers  # noqa: E402
import tools  # noqa: E402


class CustomerViewPeers(tessera.TestCase):
    def setUp(self):
        super().setUp()
        self.ids = np.arange(3)
        self.values = {aggregate.name: np.array([1.0, np.nan, 3.0]) for aggregate in peers.AGGREGATES}

    def disagreement(self, **changed):
        path = self.scratch / "peer.npz"
        np.savez(path, ids=self.ids, **{**self.values, **changed})
        return peers.disagreement(self.ids, self.values, path)

    def test_the_worst_difference_is_told_and_a_value_that_only_one_has_is_one(self):
        self.assertIsNone(self.disagreement())
        self.assertIsNone(self.disagreement(mean_all=np.array([1 + 1e-12, np.nan, 3])))
        self.assertEqual(self.disagreement(mean_all=np.array([1.1, np.nan, 4])), "mean_all: 3.0 and 4.0")
        self.assertEqual(self.disagreement(mean_all=np.array([1.0, 2, 3])), "mean_all: nan and 2.0")
        self.assertEqual(self.disagreement(n_all=np.array([1 + 1e-12, np.nan, 3])), f"n_all: 1.0 and {1 + 1e-12}")

    def test_a_peer_that_cannot_be_had_is_skipped_and_the_others_are_compared(self):
        folder = self.scratch / "20000-1000000"
        folder.mkdir()
        (folder / "complete").touch()
        ours = {"seconds": 1.0, "stages": {"read": 1.0}, "peak": 2**30, "version": "1", "keys": None, "values": self.values}

        def run_peer(python, peer, where, cores, out):
            if peer == "pandas":
                raise tools.Unavailable("no pandas here")
            np.savez(out, ids=self.ids, **self.values)
            return {"seconds": 2.0, "peak": 2**30, "version": "1"}

        said = io.StringIO()
        arguments = ["", "--quick", "--repeat", "2", "--folder", str(self.scratch), "--out", str(self.scratch / "out")]
        with mock.patch.multiple(peers, run_peer=run_peer, run_tessera=lambda *_: ours,
                                 in_order_of_ids=lambda *_: (self.ids, self.values)), \
                mock.patch.object(tools, "peer_python", lambda: pathlib.Path(sys.executable)), \
                mock.patch.object(sys, "argv", arguments), contextlib.redirect_stdout(said):
            self.assertEqual(peers.main(), 0)
        self.assertEqual(said.getvalue().count("skipped: pandas: no pandas here"), 1)
        table = (self.scratch / "out/customer_view_peers.md").read_text()
        self.assertIn("| DuckDB 1 | 2.0 | 2.0 | 1.00 GiB | yes |", table)
        self.assertNotIn("pandas", table)


if __name__ == "__main__":
    unittest.main()
