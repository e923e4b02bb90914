"""The command line of bench/run."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import measure
from .load import Generator, LoadFailed
from .peers import Peer, all_peers, install_npm_peers
from .results import Results
from .rows import ROWS, Figure, Row
from .server import ServerFailed, cores
from .table import render

ROOT = Path(__file__).resolve().parent.parent.parent


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--only", action="append", metavar="ROW", help="measure this row (repeatable)")
    parser.add_argument("--peer", action="append", metavar="PEER",
                        help="measure only these peers (repeatable)")
    parser.add_argument("--quick", action="store_true", help="one short pass; for trying things out")
    parser.add_argument("--passes", type=int, default=3, help="timed passes of each peer (3)")
    parser.add_argument("--milliseconds", type=int, default=1500, help="length of a pass (1500)")
    parser.add_argument("--no-counts", action="store_true", help="leave out valgrind and strace")
    parser.add_argument("--no-times", action="store_true", help="leave out what noise can move")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--list", action="store_true", help="list rows and peers, and stop")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    parser.add_argument("--build", type=Path, default=ROOT / "build/release",
                        help="the build tree of the bench preset (build/release)")
    parser.add_argument("--arena", type=Path, help="the arena program (BUILD/arena/arena)")
    options = parser.parse_args(arguments)
    options.build = options.build.resolve()
    if options.quick:
        options.passes, options.milliseconds = 1, 500
    return options


class Run:
    """Measures rows one by one; whatever fails becomes a note under the table and a hole in it."""

    def __init__(self, options: argparse.Namespace, peers: list[Peer]) -> None:
        self._options = options
        build: Path = options.build
        self._generator = Generator(build / "bench/bench_load")
        self._shim = build / "bench/count_allocations.so"
        self.results = Results(peers)
        for peer in peers:
            if peer.missing:
                self.results.notes.append(f"{peer.name} is left out: {peer.missing}")
            else:
                self.results.peers.append(peer)

    def measure(self, row: Row) -> None:
        peers = [peer for peer in self.results.peers if row.ask.is_answered_by(peer)]
        counters: dict[Figure, Callable[[Peer], float]] = {
            Figure.INSTRUCTIONS: lambda peer: measure.instructions(self._generator, row.ask, peer),
            Figure.SYSTEM_CALLS: lambda peer: measure.system_calls(self._generator, row.ask, peer),
            Figure.ALLOCATIONS:
                lambda peer: measure.allocations(self._generator, row.ask, peer, self._shim),
            Figure.IDLE_BYTES: lambda peer: measure.idle_bytes(self._generator, row.ask, peer),
        }
        if any(figure.is_timed for figure in row.figures) and not self._options.no_times:
            self._time(row, peers)
        for figure in row.figures:
            if figure in counters and not self._options.no_counts:
                for peer in peers:
                    self._count(row, figure, peer, counters[figure])

    def _time(self, row: Row, peers: list[Peer]) -> None:
        options = self._options
        for peer_name, passes in measure.timed_passes(
                self._generator, row.ask, peers, options.passes, options.milliseconds,
                lambda peer: progress(f"{row.name}: timing {peer.name}"), self._note).items():
            peer = next(peer for peer in peers if peer.name == peer_name)
            self.results.add_passes(row, peer, passes)

    def _count(self, row: Row, figure: Figure, peer: Peer, counter: Callable[[Peer], float]) -> None:
        tool = {Figure.INSTRUCTIONS: "valgrind", Figure.SYSTEM_CALLS: "strace"}.get(figure)
        if figure is Figure.INSTRUCTIONS and not peer.counts_instructions:
            return
        if tool and not shutil.which(tool):
            self._note(f"no {row.title(figure)}: {tool} is not installed")
            return
        progress(f"{row.name}: counting {row.title(figure)} of {peer.name}")
        try:
            self.results.add(row, figure, peer, counter(peer))
        except (LoadFailed, ServerFailed, OSError, ValueError) as failure:
            self._note(f"{row.name}, {row.title(figure)}: {failure}")

    def _note(self, note: str) -> None:
        if note not in self.results.notes:
            self.results.notes.append(note)


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


def select(options: argparse.Namespace) -> tuple[list[Row], list[Peer]]:
    build: Path = options.build
    peers = all_peers(build, (options.arena or build / "arena/arena").resolve())
    names = {row.name for row in ROWS}, {peer.name for peer in peers}
    for wanted, known in zip((options.only or [], options.peer or []), names):
        for name in wanted:
            if name not in known:
                sys.exit(f"bench/run: there is no {name}; there are {', '.join(sorted(known))}")
    rows = [row for row in ROWS if not options.only or row.name in options.only]
    if options.peer:
        return rows, [peer for peer in peers if peer.name in options.peer]
    return rows, [peer for peer in peers if not peer.on_demand]


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    rows, peers = select(options)
    if options.list:
        print("\n".join(f"{row.name:12}{row.question}" for row in rows))
        print("peers:", ", ".join(peer.name for peer in peers))
        return 0
    install_npm_peers()
    tempfile.tempdir = str(options.build)  # a disk, where the system's own may be memory: moves are to be durable
    run = Run(options, peers)
    if cores()[0] == cores()[1]:
        run.results.notes.append("one core only: server and load generator share it, so rates mean little")
    for row in rows:
        run.measure(row)
    progress("")
    print(render(rows, run.results))
    if options.json:
        options.json.write_text(json.dumps(run.results.to_json(rows), indent=2) + "\n")
    return judge(rows, run.results, options)


def judge(rows: list[Row], results: Results, options: argparse.Namespace) -> int:
    """Names the bars that were missed. With --check the exit status is 1 for them, and for bars that were to be
    measured and could not be: a server that does not start must not pass."""
    missed, unknown = [], []
    for row in rows:
        for figure in row.bars:
            is_met = results.is_met(row, figure)
            is_left_out = options.no_times if figure.is_timed else options.no_counts
            if is_met is False:
                missed.append(f"{row.name}: {row.title(figure)}")
            elif is_met is None and not is_left_out and results.can_judge(row, figure):
                unknown.append(f"{row.name}: {row.title(figure)}")
    if missed:
        print(f"\n{len(missed)} bars missed: " + "; ".join(missed))
    if unknown and options.check:
        print(f"\n{len(unknown)} bars not measured: " + "; ".join(unknown))
    return 1 if options.check and (missed or unknown) else 0
