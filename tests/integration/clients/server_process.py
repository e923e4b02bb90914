"""The server under test as a process: on a free port, watched for sanitizers' reports, stopped by its pid."""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import zlib
from pathlib import Path


def server_program() -> str:
    return os.environ["HORNBEAM_CLIENTS_SERVER"]


class ServerProcess:
    """Runs while it is entered. Leaving it fails if the server does not stop, or has been at fault."""

    def __init__(self, *options: str, scheme: str = "http"):
        self.options = options
        self.scheme = scheme

    def __enter__(self):
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [server_program(), *self.options], stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        line = self.process.stdout.readline()
        if not line.startswith("port "):
            raise RuntimeError(f"the server did not start: {self.complaints()}")
        self.port = int(line.split()[1])
        return self

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
            complaints = self.complaints()
            self.errors.close()
        if status != 0 or re.search("Sanitizer|runtime error", complaints):
            raise AssertionError(f"the server ended with {status} and said:\n{complaints}")

    def complaints(self) -> str:
        self.errors.seek(0)
        return self.errors.read()

    def url(self, path: str) -> str:
        return f"{self.scheme}://localhost:{self.port}{path}"

    def socket_url(self, path: str = "/ws") -> str:
        return f"{self.scheme.replace('http', 'ws')}://localhost:{self.port}{path}"


class Certificate:
    """A certificate for localhost that nobody else trusts, made for this run."""

    def __init__(self, folder: str):
        self.file = str(Path(folder) / "certificate.pem")
        self.key = str(Path(folder) / "key.pem")
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=localhost"
            f" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {self.key} -out {self.file}".split(),
            check=True,
            capture_output=True,
        )


@contextlib.contextmanager
def tls_server(*options: str):
    """A server that speaks TLS, with `.certificate` to trust."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = Certificate(folder)
        arguments = ("--certificate", certificate.file, "--key", certificate.key, *options)
        with ServerProcess(*arguments, scheme="https") as server:
            server.certificate = certificate
            yield server


def pattern(size: int) -> bytes:
    """The bytes that the server gives at /bytes/SIZE."""
    block = 256
    rows = [bytes((i * 131 + row * 7) & 255 for i in range(block)) for row in range(256)]
    cycle = b"".join(rows)  # Row r begins at r * 256, and 256 * 131 is a multiple of 256.
    return (cycle * (size // len(cycle) + 1))[:size]


def receipt(body: bytes) -> str:
    """What the server answers to an upload of `body`."""
    return f"{len(body)} {zlib.crc32(body):08x}"
