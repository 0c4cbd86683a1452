# SPDX-License-Identifier: Apache-2.0
"""An installed Tessera is found by find_package, and a program that uses it builds and runs."""
import os
import subprocess
import unittest

import tessera

CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C CXX)
find_package(tessera 0.1 REQUIRED)
add_executable(user user.cpp)
target_link_libraries(user PRIVATE tessera::app)
"""
SOURCE = """
#include <tessera/app/configuration.hpp>
#include <tessera/core/key.hpp>
#include <tessera/core/version.hpp>

#include <cstdio>

int main() {
  tessera::KeyHasher const hash;
  std::printf("%s %d %zu\\n", std::string(tessera::version()).c_str(), hash("a") < hash("b") ? 1 : 0,
              tessera::reference_toml().size());
}
"""


class Install(tessera.TestCase):
    def test_find_package_gives_a_library_that_links(self):
        build = tessera.PROGRAM.parent.parent
        prefix = self.scratch / "prefix"

        def step(*command):
            done = subprocess.run(command, text=True, capture_output=True, cwd=self.scratch, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            return done.stdout

        step("cmake", "--install", build, "--prefix", prefix)
        (self.scratch / "CMakeLists.txt").write_text(CMAKE)
        (self.scratch / "user.cpp").write_text(SOURCE)
        step("cmake", "-S", self.scratch, "-B", self.scratch / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
        step("cmake", "--build", self.scratch / "build")
        self.assertRegex(step(self.scratch / "build/user"), r"^0\.1\.0 [01] \d+\n$")
        self.assertIn("tessera 0.1.0", step(prefix / "bin/tessera", "--version"))


if __name__ == "__main__":
    unittest.main()
