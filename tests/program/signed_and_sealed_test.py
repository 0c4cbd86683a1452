# SPDX-License-Identifier: Apache-2.0
"""Signatures and sealed exports show what was changed, and by whom they are."""
import os
import stat
import unittest

import small_job
import tessera

class Signatures(small_job.JobTestCase):
    def setUp(self):
        super().setUp()
        self.key = self.scratch / "signing.key"
        self.succeed("keygen", "--signing", "-o", self.key)
        self.public = self.scratch / "signing.key.pub"

    def test_the_secret_key_is_its_owners_alone_and_the_public_one_for_all(self):
        self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.public.stat().st_mode) & 0o400, 0o400)
        self.assertRegex(self.public.read_text(), "^[0-9a-f]{64}\n$")
        self.assertNotEqual(self.key.read_text(), self.public.read_text())
        self.fail_with(2, "keygen", "--signing", "-o", self.key, says=["signing.key.pub"])
        self.public.unlink()
        self.fail_with(2, "keygen", "--signing", "-o", self.key, says=["there is a file"])

    def test_a_signed_result_is_told_from_a_changed_one(self):
        result = self.result()
        self.succeed("sign", result, "--key", self.key, ranks=2)
        said = self.succeed("verify", result, "--public-key", self.public, ranks=3).stdout
        self.assertIn("the signature in", said)
        with open(result, "r+b") as file:  # beyond what digests of datasets see
            file.seek(0, os.SEEK_END)
            file.write(b"\0")
        done = tessera.run("verify", result, "--public-key", self.public)
        self.assertEqual(done.returncode, 3)
        self.assertIn("FAILED  the file is the one that was signed", done.stdout)

    def test_signatures_by_others_are_refused(self):
        result = self.result()
        self.succeed("keygen", "--signing", "-o", self.scratch / "other.key")
        self.succeed("sign", result, "--key", self.scratch / "other.key")
        done = self.fail_with(3, "verify", result, "--public-key", self.public)
        self.assertIn("FAILED  the signature is by the public key", done.stdout)
        signature = self.scratch / "result.h5.sig"
        self.fail_with(2, "sign", result, "--key", self.key, says=["result.h5.sig exists"])
        self.succeed("sign", result, "--key", self.key, "--force")
        text = signature.read_text()
        digit = "0" if text[40] != "0" else "1"
        signature.write_text(text[:40] + digit + text[41:])
        done = self.fail_with(3, "verify", result, "--public-key", self.public)
        self.assertIn("FAILED  the signature is by the public key", done.stdout)

    def test_what_is_no_signature_or_no_key_is_refused(self):
        result = self.result()
        self.fail_with(3, "verify", result, "--public-key", self.public, says=["result.h5.sig is missing"], ranks=2)
        (self.scratch / "result.h5.sig").write_text("tessera signature 1\n")
        self.fail_with(3, "verify", result, "--public-key", self.public, says=["is no signature"])
        self.succeed("sign", result, "--key", self.key, "--force")
        self.fail_with(2, "verify", result, "--public-key", self.config, says=["64 hexadecimal digits"])
        self.key.chmod(0o644)
        self.fail_with(2, "sign", result, "--key", self.key, "--force", says=["open to group or others"], ranks=2)
        self.fail_with(3, "sign", self.scratch / "nowhere.h5", "--key", self.key, says=["nowhere.h5"], ranks=2)

    def test_there_must_be_something_to_verify(self):
        self.fail_with(2, "verify", says=["nothing to verify"])
        (self.scratch / "empty.log").touch()
        self.fail_with(2, "verify", "--audit-log", self.scratch / "empty.log", "--public-key", self.public, says=["--public-key"])


class SealedExports(small_job.JobTestCase):
    def setUp(self):
        super().setUp()
        self.key = self.scratch / "export.key"
        self.succeed("keygen", "-o", self.key)
        self.sealed, self.plain = self.scratch / "customers.sealed", self.scratch / "customers.csv.plain"

    def unseal(self, **options):
        return self.succeed("decrypt", self.sealed, "--key", self.key, "-o", self.plain, "--force", **options)

    def test_a_sealed_export_is_the_export_once_it_is_opened(self):
        result = self.result()
        self.succeed("export", result, "customers", "-o", self.scratch / "open.csv")
        for ranks in (1, 3):
            self.succeed("export", result, "customers", "--encrypt-key", self.key, "-o", self.sealed, "--force", ranks=ranks)
            self.assertNotIn(b"segment", self.sealed.read_bytes())
            self.assertGreater(self.sealed.stat().st_size, 2 * 65536)  # several chunks
            self.unseal(ranks=ranks)
            self.assertEqual(self.plain.read_bytes(), (self.scratch / "open.csv").read_bytes())
            self.assertEqual(stat.S_IMODE(self.plain.stat().st_mode), 0o600)

    def test_a_sealed_file_that_was_cut_or_changed_is_refused(self):
        self.succeed("export", self.result(), "customers", "--encrypt-key", self.key, "-o", self.sealed)
        whole = self.sealed.read_bytes()
        start, chunk = 17 + 24, 65536 + 17
        flipped = bytearray(whole)
        flipped[start + chunk + 100] ^= 1
        changed = {"a bit": bytes(flipped), "the last byte": whole[:-1], "the last chunk": whole[:start + chunk],
                   "all chunks": whole[:start], "the header": whole[:start - 1], "a chunk": whole[:start] + whole[start + chunk:],
                   "the order": whole[:start] + whole[start + chunk:start + 2 * chunk] + whole[start:start + chunk] + whole[start + 2 * chunk:],
                   "the end": whole + b"x", "the end by a chunk": whole + whole[-chunk:], "the mark": b"x" + whole[1:], "all": b""}
        for what, content in changed.items():
            with self.subTest(what):
                self.sealed.write_bytes(content)
                for ranks in (1, 2):
                    self.fail_with(3, "decrypt", self.sealed, "--key", self.key, "-o", self.plain, says=["customers.sealed"], ranks=ranks)
                self.assertFalse(self.plain.exists())

    def test_another_key_opens_nothing(self):
        self.succeed("export", self.result(), "customers", "--encrypt-key", self.key, "-o", self.sealed)
        self.succeed("keygen", "-o", self.scratch / "other.key")
        self.fail_with(3, "decrypt", self.sealed, "--key", self.scratch / "other.key", "-o", self.plain, says=["another key"])
        self.fail_with(2, "decrypt", self.sealed, "--key", self.config, "-o", self.plain, says=["--key"])
        self.fail_with(2, "export", self.result(), "customers", "--encrypt-key", self.scratch / "none.key", "-o", self.plain,
                       says=["--encrypt-key"], ranks=2)

    def test_standard_output_is_not_encrypted(self):
        self.fail_with(2, "export", self.result(), "customers", "--encrypt-key", self.key, says=["--encrypt-key without -o"])


if __name__ == "__main__":
    unittest.main()
