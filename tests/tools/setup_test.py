"""tools/setup on a machine made of three small programs: dpkg-query, id and sudo. Nothing is installed."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tool import ROOT


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = Path(folder.name)
        self.asked = self.bin / "asked"
        self.put("id", "echo 1000")
        self.put("sudo", f'echo "$@" >{self.asked}; cat >/dev/null')
        self.put("npm", "exit 0")

    def put(self, name: str, script: str):
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / name).chmod(0o755)

    def installed(self, *packages: str):
        lines = "".join(f"installed {package}\\n" for package in packages)
        self.put("dpkg-query", f'printf "{lines}"')

    def setup(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([ROOT / "tools/setup", *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"})

    def listed(self, name: str) -> list[str]:
        return self.setup("--list", name).stdout.split()

    def test_every_set_includes_what_builds(self):
        for name in ("run", "test", "bench", "lint"):
            self.assertLessEqual(set(self.listed("build")), set(self.listed(name)))

    def test_with_all_there_it_asks_for_nothing(self):
        self.installed(*self.listed("run"))
        done = self.setup("run")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertFalse(self.asked.exists())

    def test_only_what_is_missing_is_named_and_installed(self):
        self.installed(*(package for package in self.listed("run") if package not in ("ccache", "libfmt-dev")))
        done = self.setup("run")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, "setup: installing from Debian: ccache libfmt-dev\n")
        self.assertTrue(self.asked.read_text().endswith("bash -s -- ccache libfmt-dev\n"))

    def test_a_failed_installation_fails_the_setup(self):
        self.installed()
        self.put("sudo", "cat >/dev/null; exit 100")
        self.assertNotEqual(self.setup("run").returncode, 0)

    def test_an_unknown_set_is_refused_with_the_known_ones(self):
        done = self.setup("everything")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the sets are: build run reference test bench lint", done.stderr)


if __name__ == "__main__":
    unittest.main()
