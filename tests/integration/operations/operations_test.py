"""A whole program (docs/examples/operations) from outside: log, metrics, health, TLS, its end."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import tempfile
import time
import unittest


def wait_until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain until " + what)
        time.sleep(0.02)


class Program:
    """The program under test; its log in a file."""

    def __init__(self, folder, *settings):
        self.log_path = pathlib.Path(folder) / "log"
        self.log_file = open(self.log_path, "w")
        arguments = [os.environ["HORNBEAM_OPERATIONS"], "run", "--port", "0", "--loops", "1"]
        for setting in settings:
            arguments += ["--set", setting]
        self.process = subprocess.Popen(
            arguments, cwd=folder, stdout=subprocess.PIPE, stderr=self.log_file, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.log_path.read_text())
        self.port = int(re.search(r":(\d+) ", line).group(1))

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        self.process.stdout.close()
        self.log_file.close()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, path, method="GET", body=None, connection=None):
        """The response and its body; over `connection`, which stays open, or one of its own."""
        if connection is None:
            with contextlib.closing(self.connect()) as own:
                return self.ask(path, method, body, own)
        connection.request(method, path, body)
        response = connection.getresponse()
        return response, response.read().decode()

    def lines(self, **wanted):
        found = [json.loads(line) for line in self.log_path.read_text().splitlines()]
        return [line for line in found if wanted.items() <= line.items()]


class Operations(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def start(self, *settings):
        program = Program(self.folder.name, *settings)
        self.addCleanup(program.close)
        return program

    def test_logs_each_request_and_error_as_json_with_its_id(self):
        program = self.start("log.access=true")
        self.assertEqual(program.ask("/?token=secret")[0].status, 200)
        response, _ = program.ask("/broken")
        self.assertEqual(response.status, 500)
        name = response.getheader("X-Request-Id")
        wait_until(lambda: len(program.lines(message="request")) == 2, "both are logged")
        self.assertEqual(program.lines(message="request", path="/")[0]["status"], 200)
        self.assertEqual(program.lines(path="/broken")[0]["request_id"], name)
        error = program.lines(level="error")[0]
        self.assertEqual(error["message"], "GET /broken: unhandled: out of order")
        self.assertEqual(error["request_id"], name)
        self.assertNotIn("secret", program.log_path.read_text())

    def test_keeps_to_the_level_and_format_it_is_told(self):
        program = self.start("log.access=true", "log.level=error", "log.format=pretty")
        program.ask("/")
        program.ask("/broken")
        self.assertRegex(program.log_path.read_text(),
                         r"^\d{4}-\d\d-\d\d [\d:.]+ error   GET /broken: unhandled: out of order  "
                         r"request_id=[0-9a-f]{32}\n$")

    def test_refuses_a_log_format_that_it_does_not_know(self):
        done = subprocess.run([os.environ["HORNBEAM_OPERATIONS"], "run", "--set", "log.format=xml"],
                              cwd=self.folder.name, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("log.format is 'xml'. Mend: one of auto, pretty, json", done.stderr)

    def test_counts_what_it_does(self):
        program = self.start("metrics.token=s3cret")
        program.ask("/signup", "POST", "ann@example.org")
        self.assertEqual(program.ask("/metrics")[0].status, 401)

        def metrics():
            with contextlib.closing(program.connect()) as connection:
                connection.request("GET", "/metrics", headers={"Authorization": "Bearer s3cret"})
                return connection.getresponse().read().decode()

        wait_until(lambda: 'mails_total{kind="welcome"} 1\n' in metrics(), "the mail is counted")
        text = metrics()
        self.assertIn('jobs_total{job="welcome",outcome="success"} 1\n', text)
        self.assertIn('http_requests_total{method="POST",route="/signup",status="2xx"} 1\n', text)
        self.assertRegex(text, r"\nhornbeam_server_accepted_total [1-9]")

    def test_says_that_it_drains_while_it_serves_on(self):
        program = self.start("shutdown.delay=60")
        self.assertEqual(program.ask("/health/ready")[0].status, 200)
        program.process.send_signal(signal.SIGTERM)
        wait_until(lambda: program.ask("/health/ready")[0].status == 503, "it is not ready")
        self.assertEqual(json.loads(program.ask("/health/ready")[1])["status"], "draining")
        self.assertEqual(program.ask("/")[0].status, 200)
        self.assertEqual(program.ask("/health/live")[0].status, 200)
        program.process.send_signal(signal.SIGTERM)  # The second ends it at once.
        program.process.wait(20)

    def test_finishes_its_jobs_before_it_ends(self):
        program = self.start()
        for _ in range(50):
            self.assertEqual(program.ask("/signup", "POST", "ann@example.org")[0].status, 202)
        program.process.send_signal(signal.SIGTERM)
        self.assertEqual(program.process.wait(20), 0)
        self.assertEqual(len(program.lines(message="mail sent")), 50)

    # ---- Certificates ----

    def write_certificate(self, name):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", "key.new", "-out", "chain.new", "-days", "1", "-subj",
             "/CN=" + name], cwd=self.folder.name, check=True, capture_output=True)
        for file in ("key", "chain"):
            os.replace(f"{self.folder.name}/{file}.new", f"{self.folder.name}/{file}.pem")

    def certificate_of(self, program):
        return ssl.get_server_certificate(("127.0.0.1", program.port))

    def test_takes_new_certificates_without_a_restart(self):
        self.write_certificate("first.example")
        program = self.start("tls.certificate=chain.pem", "tls.key=key.pem")
        first = self.certificate_of(program)
        kept = http.client.HTTPSConnection("127.0.0.1", program.port, timeout=10,
                                           context=ssl._create_unverified_context())
        self.assertEqual(program.ask("/", connection=kept)[0].status, 200)

        # By the signal.
        self.write_certificate("second.example")
        program.process.send_signal(signal.SIGHUP)
        wait_until(lambda: program.lines(message="certificates read again"), "they are read")
        second = self.certificate_of(program)
        self.assertNotEqual(first, second)
        self.assertEqual(program.ask("/", connection=kept)[0].status, 200)

        # By themselves.
        self.write_certificate("third.example")
        wait_until(lambda: self.certificate_of(program) not in (first, second), "it is noticed")
        third = self.certificate_of(program)

        # What is wrong is said, and nothing changes.
        pathlib.Path(self.folder.name, "chain.pem").write_text("no certificate\n")
        wait_until(lambda: program.lines(level="error"), "the error is logged")
        self.assertIn("the certificate chain 'chain.pem' cannot be used",
                      program.lines(level="error")[0]["error"])
        self.assertEqual(self.certificate_of(program), third)
        self.assertEqual(program.ask("/", connection=kept)[0].status, 200)
        kept.close()


if __name__ == "__main__":
    unittest.main()
