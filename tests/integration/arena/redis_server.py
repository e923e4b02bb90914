"""A Redis server of a test's own, on a free loopback port."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAM = "/usr/bin/redis-server"


def is_installed():
    return os.path.exists(PROGRAM)


class RedisServer:
    def __init__(self):
        self._folder = tempfile.mkdtemp(prefix="redis-")
        atexit.register(self.stop)
        # Redis takes no port 0: one that is free now may be taken a moment later, by others.
        for _ in range(10):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            self._server = subprocess.Popen(
                [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._folder, "--save", "",
                 "--appendonly", "no"], stdout=subprocess.DEVNULL)
            if self._answers():
                return
        raise AssertionError("redis-server does not start")

    def _answers(self):
        deadline = time.monotonic() + 10
        while self._server.poll() is None and time.monotonic() < deadline:
            try:
                return self.ask("PING") == b"+PONG"
            except OSError:
                time.sleep(0.02)
        return False

    def ask(self, *words):
        """The first line of the answer to a command."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall((" ".join(words) + "\r\n").encode())
            return connection.makefile("rb").readline().strip()

    def stop(self):
        if self._server.poll() is None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
