"""A PostgreSQL server of a test's own, on a Unix socket in a folder that goes away."""

import atexit
import csv
import io
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

PROGRAMS = "/usr/lib/postgresql/15/bin"


def is_installed():
    return os.path.exists(f"{PROGRAMS}/initdb")


class PostgresqlServer:
    """Runs as "nobody" where the test runs as root, since the server refuses root."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="pg-")
        self._user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        data = f"{self.folder}/data"
        subprocess.run([f"{PROGRAMS}/initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C",
                        "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/", **self._user)
        self._server = subprocess.Popen(
            [f"{PROGRAMS}/postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            stderr=subprocess.DEVNULL, cwd="/", **self._user)
        atexit.register(self.stop)
        deadline = time.monotonic() + 30
        while self._psql("SELECT 1").returncode != 0:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.05)

    @property
    def url(self):
        return f"postgresql://tester@/postgres?host={self.folder}"

    def _psql(self, sql):
        return subprocess.run([f"{PROGRAMS}/psql", "-q", self.url, "-c", sql], capture_output=True, text=True)

    def execute(self, sql):
        done = self._psql(sql)
        assert done.returncode == 0, done.stderr

    def copy_to_sqlite(self, path):
        """The game log as a file of SQLite, for the checker."""
        copy = sqlite3.connect(path)
        copy.execute("CREATE TABLE events (game_id INTEGER, seq INTEGER, kind TEXT, seat INTEGER, command_id TEXT,"
                     " detail TEXT)")
        copy.execute("CREATE TABLE games (id INTEGER, ended_at INTEGER)")
        for table, columns in (("events", "game_id, seq, kind, seat, command_id, detail"), ("games", "id, ended_at")):
            text = self._psql(f"COPY {table} ({columns}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL '')").stdout
            for row in csv.reader(io.StringIO(text)):
                marks = ", ".join("?" for _ in row)
                is_text = {"kind", "command_id", "detail"}
                values = [value if value or name in is_text else None
                          for name, value in zip(columns.split(", "), row)]
                copy.execute(f"INSERT INTO {table} VALUES ({marks})", values)
        copy.commit()

    def stop(self):
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
