"""nginx and HAProxy in front of several arenas, by the very configurations that arena/deploy recommends."""

import atexit
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

DEPLOY = pathlib.Path(__file__).parents[3] / "arena" / "deploy"


def find(program):
    return shutil.which(program) or shutil.which(f"/usr/sbin/{program}")


class FrontEnd:
    """A proxy on a port of its own, ended with the test. Players use `url` as they would an arena's."""

    def __init__(self, arenas, reserve_port):
        self._folder = tempfile.mkdtemp(prefix="front-")
        reserved = reserve_port()
        self.port = reserved.getsockname()[1]
        text = (DEPLOY / self.configuration).read_text()
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        for number, arena in enumerate(arenas, 1):
            assert f"127.0.0.1:800{number}" in text
            text = text.replace(f"127.0.0.1:800{number}", f"127.0.0.1:{arena.port}")
        self._file = os.path.join(self._folder, self.configuration)
        pathlib.Path(self._file).write_text(self.adapt(text))
        reserved.close()
        self._log = open(os.path.join(self._folder, "log"), "w+")
        self._process = subprocess.Popen(self.command(), cwd=self._folder, stdout=self._log, stderr=self._log)
        atexit.register(self.stop)
        self._wait()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/ws"

    def adapt(self, text):
        """What a test must change besides the ports."""
        return text

    def _wait(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.02)
        self._log.seek(0)
        raise AssertionError(f"{self.configuration} does not work: {self._log.read()}")

    def stop(self):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class Nginx(FrontEnd):
    configuration = "nginx.conf"

    def adapt(self, text):
        user = "user root;\n" if os.geteuid() == 0 else ""
        folders = "".join(f"  {kind}_temp_path {self._folder}/{kind};\n"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # One worker, and only as many files as this process may have.
        text = text.replace("worker_rlimit_nofile 65536;\n", "").replace("16384", "4096")
        return (f"daemon off;\npid {self._folder}/pid;\n{user}worker_processes 1;\n"
                + text.replace("http {\n", "http {\n" + folders, 1))

    def command(self):
        return [find("nginx"), "-p", self._folder, "-c", self._file, "-e", f"{self._folder}/errors"]


class Haproxy(FrontEnd):
    configuration = "haproxy.cfg"

    def adapt(self, text):
        return text.replace("maxconn 60000", "maxconn 4000\n  nbthread 1")

    def command(self):
        return [find("haproxy"), "-db", "-f", self._file]


FRONT_ENDS = {"nginx": Nginx, "haproxy": Haproxy}
