#!/usr/bin/python3
"""Checks files that must not compile: each is refused with the messages it expects, and compiles with -DMENDED.

    check_cases.py [--compiler clang++-19] FILE...

All are compiled at once, each in a namespace of its own, since most of the time goes into the headers. A case of which
that does not show what it expects is compiled again by itself: another one may have had the same template refused.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPECTATION = re.compile(r"^//\s*expect-error:\s*(.+?)\s*$", re.MULTILINE)
INCLUDE = re.compile(r"^#include .*$", re.MULTILINE)


class Compiler:
    """Looks at sources with the headers in `precompiled`, and builds nothing."""

    def __init__(self, program: str, precompiled: Path):
        self.command = [program, "-std=c++23", f"-I{ROOT}", "-fno-color-diagnostics", "-ferror-limit=0"]
        self.precompiled = precompiled

    def precompile(self, includes: list[str]):
        header = self.precompiled.with_suffix(".h")
        header.write_text("\n".join(includes) + "\n")
        subprocess.run([*self.command, "-x", "c++-header", header, "-o", self.precompiled], check=True)

    def compile(self, file: Path, *flags: str) -> tuple[bool, str]:
        command = [*self.command, "-fsyntax-only", "-include-pch", self.precompiled, *flags, file]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return done.returncode == 0, done.stderr


def errors_by_file(output: str, files: list[Path]) -> dict[Path, str]:
    """For each file the errors that mention it, with their notes."""
    blocks = re.split(r"(?m)^(?=\S+: (?:fatal )?error: )", output)
    return {file: "".join(block for block in blocks if f"{file}:" in block) for file in files}


def missing(file: Path, output: str) -> list[str]:
    return [regex for regex in EXPECTATION.findall(file.read_text()) if not re.search(regex, output)]


def complaints_about(compiler: Compiler, file: Path) -> list[str]:
    """What is wrong with a case, compiled by itself; nothing if it fails as it says, and only so."""
    if not EXPECTATION.search(file.read_text()):
        return ["has no expectation. Mend: add a line '// expect-error: REGEX'"]
    complaints = []
    compiles, output = compiler.compile(file, "-DMENDED")
    if not compiles:
        complaints.append(f"does not compile with -DMENDED, so its failure proves nothing:\n{output}")
    compiles, output = compiler.compile(file)
    if compiles:
        return complaints + ["compiles without -DMENDED, but must not"]
    return complaints + [f"fails without saying '{regex}', but:\n{output}" for regex in missing(file, output)]


def settled_together(compiler: Compiler, files: list[Path], folder: Path) -> set[Path]:
    """The cases that show all they expect when all are compiled at once."""
    together = folder / "together.cc"
    together.write_text("".join(f'namespace case_{i} {{\n#include "{file}"\n}}\n' for i, file in enumerate(files)))
    with ThreadPoolExecutor() as pool:
        mended = pool.submit(compiler.compile, together, "-DMENDED")
        _, output = compiler.compile(together)
        if not mended.result()[0]:
            return set()
    errors = errors_by_file(output, files)
    return {file for file in files if errors[file] and EXPECTATION.search(file.read_text())
            and not missing(file, errors[file])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="clang++-19")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    files = [file.resolve() for file in arguments.files]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        compiler = Compiler(arguments.compiler, Path(name) / "headers.pch")
        compiler.precompile(sorted({line for file in files for line in INCLUDE.findall(file.read_text())}))
        settled = settled_together(compiler, files, Path(name)) if len(files) > 1 else set()
        rest = [file for file in files if file not in settled]
        with ThreadPoolExecutor(2) as pool:
            for file, complaints in zip(rest, pool.map(lambda file: complaints_about(compiler, file), rest)):
                failed += bool(complaints)
                for complaint in complaints:
                    print(f"{file}: {complaint}")
    print(f"{len(files)} cases, {len(rest)} of them looked at by themselves, {failed} not as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
