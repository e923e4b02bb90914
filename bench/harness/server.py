"""A server process while it is measured: started on a free loopback port, watched through /proc, stopped by its id."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from .peers import Peer

START_LIMIT = 60.0  # seconds; an interpreter under callgrind takes its time
STOP_LIMIT = 20.0


class ServerFailed(Exception):
    """The server did not come up, or ended while it was measured."""


def cores() -> tuple[int, int]:
    """The server's core and the load generator's; the same one where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def prepare_child(core: int) -> None:
    """Pins the process to `core` and lets it open as many sockets as the machine allows."""
    os.sched_setaffinity(0, {core})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """`pid` and every process below it."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text().split())
            except OSError:
                pass  # the thread has ended meanwhile
    return found


class Server:
    """`with Server(peer) as server:` runs the peer, under `wrapper` (strace, valgrind) if one is given."""

    def __init__(self, peer: Peer, wrapper: list[str] | None = None,
                 environment: dict[str, str] | None = None) -> None:
        self.peer = peer
        self.port = free_port()
        self._argv = (wrapper or []) + peer.argv(self.port)
        self._environment = os.environ | peer.environment | (environment or {})
        self._directory = tempfile.TemporaryDirectory(prefix="hornbeam-bench-")
        self._output: IO[bytes] = tempfile.TemporaryFile()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        core, _ = cores()
        self._process = subprocess.Popen(
            self._argv, cwd=self._directory.name, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=self._output, stderr=self._output, preexec_fn=lambda: prepare_child(core))
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stop()

    @property
    def pids(self) -> list[int]:
        """The server's processes, its wrapper left out if that is a process of its own."""
        assert self._process is not None
        found = descendants(self._process.pid)
        return found[1:] if self._argv[0] == "strace" else found

    def anonymous_bytes(self) -> int:
        """Resident memory that belongs to the server alone (not its program and libraries)."""
        total = 0
        for pid in self.pids:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    total += int(line.split()[1]) * 1024
        return total

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            self._check_running()
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=START_LIMIT) as probe:
                    probe.sendall(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    if probe.recv(16).startswith(b"HTTP/1.1 "):
                        return
            except OSError:
                pass
            time.sleep(0.02)
        raise ServerFailed(f"{self.peer.name} does not answer within {START_LIMIT:.0f} s\n{self._said()}")

    def _check_running(self) -> None:
        assert self._process is not None
        if self._process.poll() is not None:
            raise ServerFailed(f"{self.peer.name} ended with {self._process.returncode}\n{self._said()}")

    def _said(self) -> str:
        self._output.seek(0)
        return self._output.read().decode(errors="replace")[-2000:]

    def _stop(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            os.kill(self.pids[0], signal.SIGTERM)
            try:
                self._process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                for pid in reversed(descendants(self._process.pid)):
                    os.kill(pid, signal.SIGKILL)
                self._process.wait()
        self._output.close()
        self._directory.cleanup()
