"""`run --reload` under load: no request is refused or broken off while builds fail and are mended.

The build command is a script that logs what it reads, takes its time, and fails when main.cc said
so as it began.
"""

import http.client
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

BUILD = """#!/bin/sh
source=$(cat main.cc)
echo "$source" >> built.log
sleep 1
if [ "$source" = broken ]; then echo "main.cc:1: error: <broken>"; exit 1; fi
"""


class Hammer(threading.Thread):
    """Asks again and again, each time on a new connection, and counts what came."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.statuses, self.failures, self.stopped = port, {}, [], threading.Event()

    def run(self):
        while not self.stopped.is_set():
            try:
                status = ask(self.port)[0]
                self.statuses[status] = self.statuses.get(status, 0) + 1
            except (OSError, http.client.HTTPException) as failure:
                self.failures.append(repr(failure))


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/", headers={"Connection": "close"})
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def wait_until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain until " + what)
        time.sleep(0.05)


class Reload(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.write("main.cc", "first\n")
        self.write("page.html", "one")
        self.write("build.sh", BUILD)
        errors = open(self.path / "errors.log", "w")
        self.addCleanup(errors.close)
        self.process = subprocess.Popen(
            [os.environ["HORNBEAM_HELLO"], "run", "--port", "0", "--loops", "1", "--reload",
             "--build", "sh build.sh", "--watch", "."],
            cwd=self.path, stdout=subprocess.PIPE, stderr=errors, text=True)
        self.port = int(re.search(r":(\d+) ", self.process.stdout.readline()).group(1))

    def tearDown(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stdout.close()
        self.folder.cleanup()

    def write(self, name, text):
        (self.path / name).write_text(text)

    def built(self):
        log = self.path / "built.log"
        return log.read_text().split() if log.exists() else []

    def starts(self):
        return (self.path / "errors.log").read_text().count("changed")

    def test_refuses_no_request_while_builds_fail_and_are_mended(self):
        wait_until(lambda: ask(self.port)[0] == 200, "it serves")
        hammers = [Hammer(self.port) for _ in range(4)]
        for hammer in hammers:
            hammer.start()
        self.write("page.html", "two")
        wait_until(lambda: self.starts() == 1, "the page's change was seen")
        self.assertEqual(self.built(), [], "a page needs no build")
        self.write("main.cc", "second\n")
        wait_until(lambda: self.built() == ["second"], "the source was built")
        self.write("main.cc", "broken\n")  # While it builds.
        wait_until(lambda: ask(self.port)[0] == 503, "the failed build shows")
        page = ask(self.port)[1]
        self.assertIn("&lt;broken&gt;", page)
        self.assertIn('http-equiv="refresh"', page)
        self.write("page.html", "three")  # Mends nothing.
        wait_until(lambda: self.built() == ["second", "broken", "broken"], "it was built again")
        self.write("main.cc", "mended\n")
        wait_until(lambda: ask(self.port) == (200, "Hello, world!"), "it is mended")
        for hammer in hammers:
            hammer.stopped.set()
        for hammer in hammers:
            hammer.join(30)
        self.assertEqual([failure for hammer in hammers for failure in hammer.failures], [])
        statuses = {status for hammer in hammers for status in hammer.statuses}
        self.assertEqual(statuses, {200, 503})
        self.assertEqual(self.built(), ["second", "broken", "broken", "mended"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
