"""What is asked of a server, and the run of the load generator that asks it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from .peers import Peer
from .server import Server, cores, prepare_child

LOAD_LIMIT = 180.0


class LoadFailed(Exception):
    """The generator saw a wrong answer, a closed connection or silence."""


@dataclass(frozen=True)
class Ask:
    """One kind of load: `mode` is the generator's, http, echo, moves or ping."""

    mode: str
    path: str = ""
    connections: int = 64
    window: int = 1

    def arguments(self, peer: Peer) -> list[str]:
        arguments = ["--connections", str(self.connections)]
        if self.mode == "moves":
            return arguments + ["--path", peer.moves_path]
        if self.mode == "ping":
            return arguments + ["--path", peer.ping_path, "--window", str(self.window)]
        arguments += ["--path", self.path, "--window", str(self.window)]
        if self.mode == "http":
            bodies = {"/json": peer.json, "/users/42": "user 42"}
            arguments += ["--expect", bodies.get(self.path, "Hello, World!"), "--whole-windows"]
        return arguments

    def is_answered_by(self, peer: Peer) -> bool:
        if self.mode == "moves":
            return peer.moves_path != ""
        if self.mode == "ping":
            return peer.ping_path != ""
        return self.path in peer.routes and (self.window == 1 or peer.keeps_alive)


@dataclass(frozen=True)
class Seen:
    """What one run of the generator reports; times in microseconds."""

    answers: int
    rate: float
    cpu: float  # of the server, for each answer
    p50: float
    p99: float
    turns_p50: float  # answers to anyone while a request waited for its own
    slowest_turns_p99: float  # of the connection that had to wait most


class Generator:
    """The load generator's program."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def run(self, ask: Ask, server: Server, milliseconds: int) -> Seen:
        """Asks for so long, after a warm-up."""
        return self._run(ask, server, ["--duration", str(milliseconds)])

    def run_counted(self, ask: Ask, server: Server, requests: int) -> Seen:
        """Asks exactly so many times."""
        return self._run(ask, server, ["--requests", str(requests)])

    def _run(self, ask: Ask, server: Server, extra: list[str]) -> Seen:
        pids = ",".join(str(pid) for pid in server.pids)
        argv = [str(self.program), ask.mode, "--port", str(server.port), "--server", pids]
        done = subprocess.run(
            argv + ask.arguments(server.peer) + extra, capture_output=True, text=True, check=False,
            timeout=LOAD_LIMIT, preexec_fn=lambda: prepare_child(cores()[1]))
        if done.returncode != 0:
            raise LoadFailed(f"{server.peer.name}: {done.stderr.strip()}")
        report = json.loads(done.stdout)
        latency, turns = report["latency_us"], report["turns"]
        return Seen(
            answers=report["answers"], rate=report["rate"],
            cpu=report["server_cpu_us"] / max(1, report["answers"]),
            p50=latency["p50"], p99=latency["p99"],
            turns_p50=turns["p50"], slowest_turns_p99=turns["slowest_connection_p99"])


class Idle:
    """`with Idle(generator, ask, server, 1000):` holds so many WebSockets open, each after one echo or ping."""

    def __init__(self, generator: Generator, ask: Ask, server: Server, connections: int) -> None:
        path = server.peer.ping_path if ask.mode == "ping" else "/ws"
        self._argv = [str(generator.program), "idle", "--port", str(server.port), "--path", path,
                      "--connections", str(connections)] + (["--ping"] if ask.mode == "ping" else [])
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Idle:
        self._process = subprocess.Popen(
            self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, preexec_fn=lambda: prepare_child(cores()[1]))
        assert self._process.stdout is not None and self._process.stderr is not None
        if not self._process.stdout.readline():
            raise LoadFailed(f"cannot hold the WebSockets: {self._process.stderr.read().strip()}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        assert self._process is not None
        self._process.communicate()  # closes its standard input, upon which it ends
