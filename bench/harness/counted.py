"""What a program takes for each of many equal pieces of work: time by its own word, instructions by callgrind's."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.harness.measure import callgrind_event, callgrind_total


def output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def seconds(command: list[str], count: int) -> float:
    return float(output([*command, str(count)]).split()[0]) / count


def instructions(command: list[str], few: int) -> float | None:
    """For each piece, from runs of `few` and of three times as many; none where valgrind is not installed."""
    return _counted(command, few, [], callgrind_total)


def cache_lines(command: list[str], few: int, cache_bytes: int) -> float | None:
    """Cache lines of 64 bytes that each piece reads from beyond a cache of so many bytes; counted as instructions are."""
    return _counted(command, few, ["--cache-sim=yes", f"--LL={cache_bytes},8,64"],
                    lambda profile: callgrind_event(profile, "DLmr"))


def _counted(command: list[str], few: int, options: list[str], count_in: Callable[[str], int]) -> float | None:
    if not shutil.which("valgrind"):
        return None
    totals = []
    for count in (few, 3 * few):
        with tempfile.NamedTemporaryFile() as profile:
            output(["valgrind", "--tool=callgrind", "--quiet", *options, f"--callgrind-out-file={profile.name}",
                    *command, str(count)])
            totals.append(count_in(Path(profile.name).read_text()))
    return (totals[1] - totals[0]) / (2 * few)
