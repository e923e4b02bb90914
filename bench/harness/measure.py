"""The ways of measuring: by time, and by what noise cannot move.

Counted figures are differences: the same server answers n and then 3 n requests, and what start-up, connecting and
stopping cost cancels out.
"""

from __future__ import annotations

import mmap
import re
import resource
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from .load import Ask, Generator, Idle, LoadFailed, Seen
from .peers import Peer
from .server import Server, ServerFailed

IDLE_BASE = 500
IDLE_SOCKETS = 10_000


def counts(ask: Ask, peer: Peer) -> tuple[int, int]:
    """Two numbers of requests to take a difference between: whole windows on every connection."""
    windows = max(1, 32 // ask.window // peer.slowness)
    few = ask.connections * ask.window * windows
    return few, 3 * few


def differ(ask: Ask, peer: Peer, count: Callable[[int], tuple[int, int]]) -> float:
    """The difference for each answer; `count` makes so many requests and gives what it counted and the answers, which
    may be more: a game that was begun is played to its end."""
    few, many = (count(requests) for requests in counts(ask, peer))
    return (many[0] - few[0]) / (many[1] - few[1])


def instructions(generator: Generator, ask: Ask, peer: Peer) -> float:
    """User-space instructions for each answer, counted by callgrind."""

    def count(requests: int) -> tuple[int, int]:
        with tempfile.TemporaryDirectory() as directory:
            wrapper = ["valgrind", "--tool=callgrind", "--quiet",
                       f"--callgrind-out-file={directory}/%p"]
            with Server(peer, wrapper) as server:
                answers = generator.run_counted(ask, server, requests).answers
            profiles = Path(directory).iterdir()
            return sum(callgrind_total(profile.read_text()) for profile in profiles), answers

    return differ(ask, peer, count)


def callgrind_total(profile: str) -> int:
    found = re.search(r"^(?:totals|summary): (\d+)", profile, re.MULTILINE)
    return int(found.group(1)) if found else 0


def callgrind_event(profile: str, event: str) -> int:
    """The total of an event other than instructions, such as DLmr."""
    events = re.search(r"^events: (.+)", profile, re.MULTILINE)
    found = re.search(r"^(?:totals|summary): (.+)", profile, re.MULTILINE)
    return int(found.group(1).split()[events.group(1).split().index(event)]) if events and found else 0


def system_calls(generator: Generator, ask: Ask, peer: Peer) -> float:
    """System calls for each answer, counted by strace."""

    def count(requests: int) -> tuple[int, int]:
        with tempfile.NamedTemporaryFile(mode="r") as summary:
            with Server(peer, ["strace", "-f", "-c", "-o", summary.name]) as server:
                answers = generator.run_counted(ask, server, requests).answers
            return strace_total(summary.read()), answers

    return differ(ask, peer, count)


def strace_total(summary: str) -> int:
    """The calls in the last line of `strace -c`: `100.00 0.001210 41 29 1 total`; the 1, for errors, may be absent."""
    for line in reversed(summary.splitlines()):
        if line.endswith(" total"):
            return int(line.split()[3])
    raise ValueError(f"no total in what strace counted:\n{summary}")


def allocations(generator: Generator, ask: Ask, peer: Peer, shim: Path) -> float:
    """Allocations for each answer once the server is warm, counted by a preloaded library."""
    with tempfile.NamedTemporaryFile() as counter:
        counter.write(bytes(8))
        counter.flush()
        environment = {"LD_PRELOAD": str(shim), "BENCH_ALLOCATIONS": counter.name}
        with Server(peer, environment=environment) as server, mmap.mmap(counter.fileno(), 8) as page:

            def count(requests: int) -> tuple[int, int]:
                before = struct.unpack("Q", page[:8])[0]
                answers = generator.run_counted(ask, server, requests).answers
                return struct.unpack("Q", page[:8])[0] - before, answers

            count(counts(ask, peer)[1])  # warms up
            return differ(ask, peer, count)


def idle_bytes(generator: Generator, ask: Ask, peer: Peer) -> float:
    """User-space memory that one more idle WebSocket costs: the growth from 500 of them to 10 500."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    sockets = IDLE_SOCKETS if most == resource.RLIM_INFINITY else min(IDLE_SOCKETS, most - 2 * IDLE_BASE)
    with Server(peer) as server, Idle(generator, ask, server, IDLE_BASE):
        before = server.anonymous_bytes()
        with Idle(generator, ask, server, sockets):
            return (server.anonymous_bytes() - before) / sockets


def timed_passes(generator: Generator, ask: Ask, peers: list[Peer], passes: int, milliseconds: int,
                 starting: Callable[[Peer], None],
                 failed: Callable[[str], None]) -> dict[str, list[Seen]]:
    """Each peer's passes, the peers taking turns so that what else the machine does hits all alike."""
    seen: dict[str, list[Seen]] = {}
    for _ in range(passes):
        for peer in peers:
            starting(peer)
            try:
                with Server(peer) as server:
                    passed = generator.run(ask, server, milliseconds)
                seen.setdefault(peer.name, []).append(passed)
            except (LoadFailed, ServerFailed, OSError) as failure:
                failed(str(failure))
    return seen
