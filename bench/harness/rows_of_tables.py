"""bench/run rows: how dear is a row? Hornbeam's data library beside plain calls and SQLAlchemy, in one run.

Times are the best of several passes, in which the subjects take turns. Instructions are those of the client, counted by
callgrind: the difference between two runs of unlike length, divided by the rows between them, so that starting, the
connection and the first statement cancel out.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORKS = {"insert": "insert many rows in one transaction", "load": "read all rows into structs",
         "find": "find each row by its key"}
PLAIN = {"sqlite": "sqlite3", "postgresql": "libpq"}
SUBJECTS = {"sqlite": ["hornbeam", "sqlite3", "sqlalchemy"],
            "postgresql": ["hornbeam", "libpq", "libpq-pipelined", "sqlalchemy"]}
BAR = 1.5
REFERENCE = re.compile(r"Collected : (\d+)")


@dataclass
class Figures:
    seconds: list[float] = field(default_factory=list)  # for each row
    instructions: float | None = None
    failure: str = ""


class Databases:
    """New databases, one for each measurement."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._server = subprocess.Popen([program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def new_url(self, kind: str) -> str:
        self._made += 1
        if kind == "sqlite":
            return f"sqlite:///{self._folder}/{self._made}.db"
        self._server.stdin.write("\n")
        self._server.stdin.flush()
        url = self._server.stdout.readline().strip()
        if not url:
            raise RuntimeError("there is no PostgreSQL server: install postgresql-15")
        return url

    def close(self) -> None:
        self._server.stdin.close()
        self._server.wait(timeout=30)


def command(program: Path, subject: str, work: str, rows: int, url: str) -> list[str]:
    if subject == "sqlalchemy":
        return ["/usr/bin/python3", str(ROOT / "bench/peers/sqlalchemy_rows.py"), work, str(rows), url]
    return [str(program), subject, work, str(rows), url]


def run(arguments: list[str]) -> tuple[int, float, str]:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it failed")
    rows, seconds, total = done.stdout.split()
    return int(rows), float(seconds), total


def count_instructions(program: Path, databases: Databases, kind: str, subject: str, work: str, rows: int) -> float:
    def counted(count: int) -> tuple[int, int]:
        arguments = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                     *command(program, subject, work, count, databases.new_url(kind))]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=1800, check=False)
        found = REFERENCE.search(done.stderr)
        if done.returncode != 0 or not found:
            raise RuntimeError("callgrind: " + done.stderr.strip()[-200:])
        return int(found[1]), int(done.stdout.split()[0])
    few, few_rows = counted(rows)
    many, many_rows = counted(3 * rows)
    return (many - few) / (many_rows - few_rows)


def inserted_before(work: str, figures: dict[str, dict[str, Figures]], subject: str, per_row: float) -> float:
    """Reading needs rows, whose insertion was counted with it: five readings, and one insertion, for each row."""
    if work == "insert":
        return per_row
    return per_row - (figures["insert"][subject].instructions or 0.0) / 5


def measure(options: argparse.Namespace, databases: Databases, kind: str) -> dict[str, dict[str, Figures]]:
    program = options.build / "bench/rows_bench"
    figures = {work: {subject: Figures() for subject in SUBJECTS[kind]} for work in WORKS}
    for work, subjects in figures.items():
        answers = set()
        for _ in range(options.passes):
            for subject, found in subjects.items():
                if found.failure:
                    continue
                try:
                    rows, seconds, total = run(command(program, subject, work, options.rows, databases.new_url(kind)))
                except (RuntimeError, subprocess.TimeoutExpired) as failure:
                    found.failure = str(failure)
                    continue
                found.seconds.append(seconds / rows)
                answers.add(total)
        if len(answers) > 1:
            raise RuntimeError(f"{kind} {work}: the subjects read unlike rows: {answers}")
        for subject, found in subjects.items():
            if subject == "sqlalchemy" or found.failure or options.no_counts:
                continue
            per_row = count_instructions(program, databases, kind, subject, work, options.counted_rows)
            found.instructions = inserted_before(work, figures, subject, per_row)
    return figures


def show(kind: str, figures: dict[str, dict[str, Figures]]) -> bool:
    """Prints a table; true if every bar is met."""
    is_met = True
    plain = PLAIN[kind]
    print(f"\n{kind}{'':{18 - len(kind)}}{'rows/s':>12}{'time':>9}{'instructions':>15}{'':>9}")
    for work, subjects in figures.items():
        print(f"{work}: {WORKS[work]}")
        base = subjects[plain]
        if not base.seconds:
            print(f"  {plain:<16}{base.failure or 'not measured'}: nothing to compare with")
            is_met = False
            continue
        for subject, found in subjects.items():
            if found.failure or not found.seconds:
                print(f"  {subject:<16}{found.failure or 'not measured'}")
                is_met = is_met and subject != "hornbeam"
                continue
            best = min(found.seconds)
            time = best / min(base.seconds)
            line = f"  {subject:<16}{1 / best:>12,.0f}{time:>8.2f}x"
            ratio = None
            if found.instructions is not None and base.instructions:
                ratio = found.instructions / base.instructions
                line += f"{found.instructions:>15,.0f}{ratio:>8.2f}x"
            if subject == "hornbeam":
                missed = time > BAR or (ratio is not None and ratio > BAR)
                is_met = is_met and not missed
                line += f"   bar {BAR}x: {'MISSED' if missed else 'met'}"
            print(line)
    return is_met


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench/run rows", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="rows of a timed pass (50000)")
    parser.add_argument("--counted-rows", type=int, default=2_000, help="rows of a counted run (2000)")
    parser.add_argument("--passes", type=int, default=3, help="timed passes of each (3)")
    parser.add_argument("--no-counts", action="store_true", help="leave out valgrind")
    parser.add_argument("--database", choices=list(PLAIN), action="append", help="only this kind (repeatable)")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="(build/release)")
    options = parser.parse_args(arguments)
    options.build = options.build.resolve()
    is_met = True
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(options.build / "bench/rows_bench", Path(folder))
        try:
            for kind in options.database or PLAIN:
                try:
                    is_met = show(kind, measure(options, databases, kind)) and is_met
                except RuntimeError as failure:
                    print(f"{kind}: {failure}", file=sys.stderr)
                    is_met = False
        finally:
            databases.close()
    return 1 if options.check and not is_met else 0
