"""What a program takes for each of many equal pieces of work: time by its own word, instructions by callgrind's."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.harness.measure import callgrind_total


def output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def seconds(command: list[str], count: int) -> float:
    return float(output([*command, str(count)]).split()[0]) / count


def instructions(command: list[str], few: int) -> float | None:
    """For each piece, from runs of `few` and of three times as many; none where valgrind is not installed."""
    if not shutil.which("valgrind"):
        return None
    totals = []
    for count in (few, 3 * few):
        with tempfile.NamedTemporaryFile() as profile:
            output(["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={profile.name}", *command,
                    str(count)])
            totals.append(callgrind_total(Path(profile.name).read_text()))
    return (totals[1] - totals[0]) / (2 * few)
