"""arena as a process of its own, on a free loopback port."""

import atexit
import os
import socket
import subprocess
import time
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Arena:
    """A server on `database` (a path, or a URL). Always comes back on the same port."""

    def __init__(self, database, **settings):
        self.port = free_port()
        url = database if "://" in database else f"sqlite:///{database}"
        self._arguments = [os.environ["HORNBEAM_ARENA"], "run", "--port", str(self.port), "--set",
                           f"database.url={url}", "--set", "live.credits=0"]
        for key, value in settings.items():
            self._arguments += ["--set", f"{key.replace('__', '.')}={value}"]
        self._process = None
        atexit.register(self._end)

    def _end(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).read()
                return
            except OSError:
                assert self._process.poll() is None, "arena ended at once"
                time.sleep(0.02)
        raise AssertionError("arena gave no answer")

    def kill(self):
        """kill -9: no chance to finish anything."""
        self._process.kill()
        self._process.wait()

    def stop(self):
        """Asks it to end; a report of a sanitizer is a failure."""
        self._process.terminate()
        code = self._process.wait(timeout=30)
        assert code == 0, f"arena ended with {code}"

    def signal(self, number):
        self._process.send_signal(number)
