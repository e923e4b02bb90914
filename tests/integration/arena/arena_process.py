"""arena as a process of its own, on a free loopback port."""

import asyncio
import atexit
import os
import socket
import subprocess
import time
import traceback
import urllib.request


def run(main):
    """Runs a test. A failure ends it at once: players who come back for ever may outlive their cancellation."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main())
    except BaseException:
        traceback.print_exc()
        atexit._run_exitfuncs()
        os._exit(1)


def reserve_port():
    """A free port that stays ours: bound here, so that nobody's connection takes it while the server is away."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


class Arena:
    """A server on `database` (a path, or a URL). Always comes back on the same port."""

    def __init__(self, database, stderr=None, environment=None, **settings):
        self._stderr = stderr
        self._environment = environment
        self._reserved = reserve_port()
        self.port = self._reserved.getsockname()[1]
        self.database_url = database if "://" in database else f"sqlite:///{database}"
        self._arguments = [os.environ["HORNBEAM_ARENA"], "run", "--port", str(self.port), "--set",
                           f"database.url={self.database_url}", "--set", "live.credits=0"]
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
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.DEVNULL, stderr=self._stderr,
                                         env=self._environment)
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
