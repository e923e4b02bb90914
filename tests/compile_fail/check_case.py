#!/usr/bin/python3
"""Checks files that must not compile: each is refused with the messages it expects, and compiles with -DMENDED.

    check_case.py [--compiler clang++-19] [--precompiled HEADERS.pch] FILE...
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPECTATION = re.compile(r"^//\s*expect-error:\s*(.+?)\s*$", re.MULTILINE)


def complaints_about(compiler: list[str], file: Path) -> list[str]:
    """What is wrong with the case; nothing if it fails as it says, and only so."""
    expected = EXPECTATION.findall(file.read_text())
    if not expected:
        return ["has no expectation. Mend: add a line '// expect-error: REGEX'"]
    complaints = []
    compiles, output = compile_file(compiler, file, "-DMENDED")
    if not compiles:
        complaints.append(f"does not compile with -DMENDED, so its failure proves nothing:\n{output}")
    compiles, output = compile_file(compiler, file)
    if compiles:
        return complaints + ["compiles without -DMENDED, but must not"]
    for regex in expected:
        if not re.search(regex, output):
            complaints.append(f"fails without saying '{regex}', but:\n{output}")
    return complaints


def compile_file(compiler: list[str], file: Path, *flags: str) -> tuple[bool, str]:
    command = [*compiler, "-std=c++23", f"-I{ROOT}", "-fsyntax-only", "-fno-color-diagnostics", *flags, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.returncode == 0, done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", default="clang++-19")
    parser.add_argument("--precompiled", help="headers that this compiler precompiled, to save time")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    compiler = [arguments.compiler]
    if arguments.precompiled:
        compiler += ["-include-pch", arguments.precompiled]
    failed = False
    for file in arguments.files:
        for complaint in complaints_about(compiler, file):
            failed = True
            print(f"{file}: {complaint}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
