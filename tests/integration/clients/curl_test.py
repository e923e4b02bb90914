"""curl against the server: what a client that half the world uses makes of it."""

import socket
import ssl
import subprocess
import time
import unittest

from server_process import ServerProcess, pattern, receipt, tls_server

SIZES = [0, 1, 1023, 16383, 16384, 65535, 65536, 65537, 1 << 20, 8 << 20]


def curl(*arguments, body=None, check=True):
    """What curl printed. `body` goes to its standard input."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "30", *arguments], input=body, capture_output=True
    )
    if check and done.returncode != 0:
        raise AssertionError(f"curl ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    done.log = done.stderr.decode(errors="replace")
    return done


class Requests:
    """The same over plain TCP and over TLS: `server` and `trust` say how."""

    trust = ()

    def get(self, path, *arguments, **more):
        return curl(*self.trust, *arguments, self.server.url(path), **more)

    def test_a_page_arrives_with_its_head(self):
        answer = self.get("/plaintext", "--include").stdout.decode()
        head, body = answer.split("\r\n\r\n", 1)
        self.assertTrue(head.startswith("HTTP/1.1 200 OK\r\n"), head)
        self.assertIn("\r\nContent-Length: 13", head)
        self.assertIn("\r\nDate: ", head)
        self.assertEqual(body, "Hello, World!")

    def test_json_arrives_as_such(self):
        answer = self.get("/json", "--write-out", " %{content_type}").stdout
        self.assertEqual(answer, b'{"message":"Hello, World!"} application/json')

    def test_head_has_the_head_of_get_and_no_body(self):
        answer = self.get("/bytes/1000", "--head").stdout.decode()
        self.assertIn("\r\nContent-Length: 1000\r\n", answer)
        self.assertTrue(answer.endswith("\r\n\r\n"))

    def test_bodies_of_all_sizes_arrive(self):
        for size in SIZES:
            with self.subTest(size=size):
                self.assertEqual(self.get(f"/bytes/{size}").stdout, pattern(size))

    def test_bodies_of_all_sizes_are_taken(self):
        for size in SIZES:
            body = pattern(size)
            for path, answer in (("/echo", body), ("/upload", receipt(body).encode())):
                with self.subTest(size=size, path=path):
                    self.assertEqual(self.get(path, "--data-binary", "@-", body=body).stdout, answer)

    def test_uploads_of_unknown_length_come_in_chunks(self):
        for size in SIZES:
            body = pattern(size)
            with self.subTest(size=size):
                done = self.get("/upload", "--upload-file", "-", "--request", "POST", "--verbose", body=body)
                self.assertIn("> Transfer-Encoding: chunked", done.log)
                self.assertEqual(done.stdout.decode(), receipt(body))

    def test_an_upload_waits_for_a_slow_handler(self):
        body = pattern(4 << 20)
        for way in ("--data-binary", "@-"), ("--upload-file", "-", "--request", "POST"):
            self.assertEqual(self.get("/upload/slowly", *way, body=body).stdout.decode(), receipt(body))

    def test_a_download_waits_for_a_slow_client(self):
        for path, size in ("/bytes/3000000", 3_000_000), ("/count/200000", 1_288_895):
            self.assertEqual(len(self.get(path, "--limit-rate", "2M").stdout), size)

    def test_an_upload_waits_to_be_told_to_continue(self):
        body = pattern(200_000)
        for path in "/echo", "/upload":
            with self.subTest(path=path):
                done = self.get(
                    path, "--header", "Expect: 100-continue", "--expect100-timeout", "20", "--verbose",
                    "--data-binary", "@-", body=body,
                )  # fmt: skip
                self.assertIn("< HTTP/1.1 100 Continue", done.log)
                self.assertLess(done.log.index("100 Continue"), done.log.index("200 OK"))

    def test_an_upload_that_is_too_large_is_refused_before_it_is_sent(self):
        done = self.get(
            "/echo", "--header", "Expect: 100-continue", "--expect100-timeout", "20", "--verbose",
            "--write-out", "%{size_upload}", "--data-binary", "@-", body=bytes(17 << 20),
        )  # fmt: skip
        self.assertIn("< HTTP/1.1 413 ", done.log)
        self.assertTrue(done.stdout.endswith(b"\n0"), done.stdout[-20:])

    def test_an_upload_in_chunks_is_refused_once_it_is_too_large(self):
        done = self.get("/echo", "--upload-file", "-", "--verbose", body=bytes(17 << 20), check=False)
        self.assertIn("< HTTP/1.1 413 ", done.log)

    def test_a_stream_arrives_in_chunks(self):
        done = self.get("/count/20000", "--verbose")
        self.assertIn("< Transfer-Encoding: chunked", done.log)
        self.assertEqual(done.stdout.decode(), "".join(f"{i}\n" for i in range(1, 20001)))

    def test_a_stream_to_an_old_client_ends_with_the_connection(self):
        done = self.get("/count/2000", "--http1.0", "--verbose")
        self.assertNotIn("Transfer-Encoding", done.log)
        self.assertEqual(len(done.stdout.split()), 2000)

    def test_one_connection_serves_many_requests(self):
        urls = [self.server.url(path) for path in ("/plaintext", "/count/10", "/echo", "/slow", "/status/404", "/json")]
        done = curl(*self.trust, "--write-out", "[%{num_connects}]", *urls)
        self.assertEqual(done.stdout.decode().count("[0]"), len(urls) - 1)

    def test_statuses_without_a_body_leave_the_connection_in_step(self):
        urls = [self.server.url(f"/status/{status}") for status in (204, 304, 200, 204)]
        done = curl(*self.trust, "--write-out", "[%{http_code} %{num_connects}]", *urls)
        self.assertEqual(done.stdout, b"[204 1][304 0]as you like[200 0][204 0]")

    def test_two_hundred_transfers_go_on_at_once(self):
        urls = [self.server.url(("/slow", "/bytes/100000", "/count/100", "/json")[i % 4]) for i in range(200)]
        outputs = ["--output", "/dev/null"] * len(urls)
        done = curl(
            *self.trust, "--parallel", "--parallel-immediate", "--parallel-max", "100", "--write-out", "%{http_code} ",
            *outputs, *urls,
        )  # fmt: skip
        self.assertEqual(done.stdout.split(), [b"200"] * len(urls))


class PlainRequests(Requests, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(ServerProcess())

    def test_an_offer_of_http_2_is_passed_over(self):
        done = self.get("/plaintext", "--http2", "--verbose")
        self.assertIn("< HTTP/1.1 200 OK", done.log)
        self.assertEqual(done.stdout, b"Hello, World!")


class TlsRequests(Requests, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(tls_server("--head-timeout", "2"))
        cls.trust = ("--cacert", cls.server.certificate.file)

    def test_pipelined_requests_are_answered_in_order(self):
        context = ssl.create_default_context(cafile=self.server.certificate.file)
        paths = [f"/bytes/{size}" for size in (1, 100_000, 2, 0, 300_000)] + ["/slow", "/count/3", "/json"]
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as client:
                client.sendall(b"".join(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode() for path in paths))
                received = b""
                while not received.endswith(b'{"message":"Hello, World!"}'):
                    received += client.recv(65536)
        self.assertEqual(received.count(b"HTTP/1.1 200 OK\r\n"), len(paths))
        self.assertLess(received.index(b"slowly /slow"), received.index(b"2\r\n3\n"))

    def test_both_versions_of_tls_are_spoken_and_no_older_one(self):
        for version, status in ("1.2", 0), ("1.3", 0), ("1.1", 35):
            with self.subTest(version=version):
                done = self.get("/plaintext", f"--tlsv{version}", "--tls-max", version, check=False)
                self.assertEqual(done.returncode, status, done.log)

    def test_a_client_that_does_not_know_the_certificate_turns_away(self):
        self.assertEqual(curl(self.server.url("/plaintext"), check=False).returncode, 60)

    def test_http_1_1_is_chosen_when_a_client_offers_more(self):
        done = self.get("/plaintext", "--http2", "--verbose")
        self.assertIn("ALPN: server accepted http/1.1", done.log)
        self.assertIn("< HTTP/1.1 200 OK", done.log)

    def test_who_speaks_plainly_to_tls_is_turned_away(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"HTTP/1.1", self.read_all(client))

    def test_a_handshake_that_does_not_go_on_is_cut_off(self):
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # How a ClientHello begins.
        for begun in b"", hello:
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as client:
                client.sendall(begun)
                start = time.monotonic()
                self.read_all(client)
                self.assertLess(time.monotonic() - start, 6)

    def test_broken_handshakes_do_no_harm(self):
        output = ssl.MemoryBIO()
        begun = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), output, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            begun.do_handshake()
        hello = output.read()
        for cut in range(0, len(hello), 23):
            for garbage in b"", b"\x00" * 50, b"GET / HTTP/1.1\r\n\r\n", b"\x17\x03\x03\x00\x05hello":
                with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as client:
                    client.sendall(hello[:cut] + garbage)
        self.assertEqual(self.get("/plaintext").stdout, b"Hello, World!")

    @staticmethod
    def read_all(client):
        received = b""
        try:
            while piece := client.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
        return received


if __name__ == "__main__":
    unittest.main()
