"""nginx in front of the server: what a proxy makes of it, and what gets past a proxy."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import websockets
from curl_test import SIZES, curl
from server_process import ServerProcess, pattern, receipt

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
{user}
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 32m;
  upstream hornbeam {{
    server 127.0.0.1:{upstream};
    keepalive 8;
  }}
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    location / {{ proxy_pass http://hornbeam; }}
    location /upload {{
      proxy_pass http://hornbeam;
      proxy_request_buffering off;
    }}
    location /ws {{
      proxy_pass http://hornbeam;
      proxy_set_header Host $http_host;  # Not inherited here, and what Origin is compared with.
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "Upgrade";
    }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """A proxy of our own: its files in a folder of its own, stopped by its pid."""

    def __init__(self, upstream: int):
        self.upstream = upstream

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = Path(self.folder.name) / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(folder=self.folder.name, port=self.port, upstream=self.upstream, user=user)
        )
        errors = f"{self.folder.name}/error.log"
        self.process = subprocess.Popen(
            [find_nginx(), "-p", self.folder.name, "-c", str(configuration), "-e", errors], stderr=subprocess.PIPE
        )
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise RuntimeError(f"nginx did not start: {Path(errors).read_text()}")

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stderr.close()
        self.folder.cleanup()


def find_nginx():
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@unittest.skipUnless(find_nginx(), "nginx is not here (tools/setup test installs it)")
class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(ServerProcess())
        self.nginx = self.enterContext(Nginx(self.server.port))

    def url(self, path):
        return f"http://localhost:{self.nginx.port}{path}"

    def seen(self):
        """How often the server saw what, by its own account, and over how many connections."""
        counts = {}
        for line in curl(self.server.url("/seen")).stdout.decode().splitlines():
            first, _, rest = line.partition(" ")
            counts.update({rest: int(first)} if first.isdigit() else {first: int(rest)})
        return counts

    def through_proxy(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=5) as client:
            client.sendall(request)
            received = b""
            client.settimeout(0.25)
            try:
                while piece := client.recv(65536):
                    received += piece
            except (TimeoutError, ConnectionResetError):
                pass
            return received


class ProxiedRequests(ProxyTest):
    def test_bodies_of_all_sizes_pass_both_ways(self):
        for size in SIZES:
            body = pattern(size)
            with self.subTest(size=size):
                self.assertEqual(curl(self.url(f"/bytes/{size}")).stdout, body)
                self.assertEqual(curl("--data-binary", "@-", self.url("/echo"), body=body).stdout, body)
                for way in ("--data-binary", "@-"), ("--upload-file", "-", "--request", "POST"):
                    answer = curl(*way, self.url("/upload"), body=body).stdout.decode()
                    self.assertEqual(answer, receipt(body))

    def test_streams_and_answers_without_bodies_pass(self):
        self.assertEqual(len(curl(self.url("/count/20000")).stdout.split()), 20000)
        for status in 200, 204, 304, 404, 500:
            self.assertEqual(curl("--write-out", "%{http_code}", self.url(f"/status/{status}")).stdout[-3:],
                             str(status).encode())  # fmt: skip
        self.assertIn(b"Content-Length: 1000\r\n", curl("--head", self.url("/bytes/1000")).stdout)

    def test_the_proxy_keeps_its_connections(self):
        paths = ["/plaintext", "/count/10", "/status/204", "/status/304", "/bytes/70000", "/nothing-here", "/slow"]
        for _ in range(5):
            curl(*[self.url(path) for path in paths])
            curl("--head", self.url("/bytes/1000"))
            curl("--data-binary", "@-", self.url("/echo"), body=pattern(100_000))
        # One for the proxy, one for this question; one more may have been opened while another was put back.
        self.assertLessEqual(self.seen()["connections"], 3)

    def test_two_hundred_requests_pass_at_once(self):
        urls = [self.url(("/slow", "/bytes/100000", "/count/100", "/json")[i % 4]) for i in range(200)]
        done = curl(
            "--parallel", "--parallel-immediate", "--parallel-max", "50", "--write-out", "%{http_code} ",
            *(["--output", "/dev/null"] * len(urls)), *urls,
        )  # fmt: skip
        self.assertEqual(done.stdout.split(), [b"200"] * len(urls))


class ProxiedSockets(ProxyTest):
    def test_sockets_pass(self):
        async def talk(number):
            address = f"ws://localhost:{self.nginx.port}/ws"
            origin = f"http://localhost:{self.nginx.port}"
            async with websockets.connect(address, origin=origin, compression=None, max_size=None) as client:
                for size in 0, 10, 1000, 100_000:
                    await client.send(pattern(size))
                    self.assertEqual(await client.recv(), pattern(size))
                await client.ping()
                await client.send(f"close 4{number:03} through the proxy")
                await client.wait_closed()
                self.assertEqual((client.close_code, client.close_reason), (4000 + number, "through the proxy"))

        async def talk_at_once():
            await asyncio.gather(*(talk(number) for number in range(30)))

        asyncio.run(talk_at_once())

    def test_a_foreign_origin_is_turned_away_behind_the_proxy_too(self):
        async def connect():
            await websockets.connect(f"ws://localhost:{self.nginx.port}/ws", origin="http://elsewhere.test")

        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            asyncio.run(connect())
        self.assertEqual(refused.exception.status_code, 403)


class Smuggling(ProxyTest):
    """A request that proxy and server read differently would show as one that the proxy never meant to send."""

    SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def attempts(self):
        post = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
        inner = self.SMUGGLED
        length = b"Content-Length: %d\r\n" % len(b"0\r\n\r\n" + inner)
        chunks = b"0\r\n\r\n" + inner
        for coding in (
            b"Transfer-Encoding: chunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding:\x0bchunked",
            b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity",
            b"Transfer-Encoding:\tchunked", b"X: y\r\n Transfer-Encoding: chunked", b"Transfer-Encoding: \"chunked\"",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"transfer_encoding: chunked",
            b"Transfer-Encoding\x00: chunked", b"X: y\nTransfer-Encoding: chunked", b"Transfer-Encoding: Chunked",
        ):  # fmt: skip
            yield b"CL.TE " + coding, post + length + coding + b"\r\n\r\n" + chunks
            yield b"TE.CL " + coding, post + coding + b"\r\n" + b"Content-Length: 4\r\n\r\n" + (
                b"%x\r\n%b\r\n0\r\n\r\n" % (len(inner), inner)
            )
        whole = b"%x\r\n%b\r\n0\r\n\r\n" % (len(inner), inner)
        for name, body in {
            b"extension with a line break": b"2;a\nab\r\n0\r\n\r\n" + inner,
            b"extension with a return": b"2;a\rab\r\n0\r\n\r\n" + inner,
            b"size with a sign": b"+" + whole,
            b"size with zero x": b"0x" + whole,
            b"size with a space": whole.replace(b"\r\n", b" \r\n", 1),
            b"size that wraps": b"10000000000000000\r\n" + inner,
            b"bare line feeds": whole.replace(b"\r\n", b"\n", 1),
            b"trailer that looks like a request": b"0\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"request as data": whole,
        }.items():
            for path in b"/echo", b"/upload":
                head = b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                yield name, head + body
        yield b"two lengths", post + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(inner) + inner
        yield b"GET with a body", b"GET /plaintext HTTP/1.1\r\nHost: localhost\r\n%b\r\n%b" % (length, chunks)
        yield b"HEAD with a body", b"HEAD /plaintext HTTP/1.1\r\nHost: localhost\r\n%b\r\n%b" % (length, chunks)
        yield b"a line break in the target", b"GET /a%0d%0a%0d%0aGET%20/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
        yield b"an upgrade that is none", (
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 777\r\n\r\n" + inner
        )

    def test_nothing_passes_the_proxy_unseen(self):
        for name, attempt in self.attempts():
            with self.subTest(name=name):
                before = self.seen().get("GET /smuggled", 0)
                received = self.through_proxy(attempt)
                allowed = received.count(b"HTTP/1.1 ") - 1  # What the proxy itself took for a second request.
                self.assertLessEqual(self.seen().get("GET /smuggled", 0) - before, max(allowed, 0), received)
        # And whatever is left on the proxy's connections does not answer the next request.
        for _ in range(20):
            self.assertEqual(curl(self.url("/plaintext")).stdout, b"Hello, World!")


if __name__ == "__main__":
    unittest.main()
