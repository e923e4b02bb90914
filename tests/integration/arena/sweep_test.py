"""Cron on every machine at the same minute: four processes sweep at once beside a server, and each game ends once, and
is archived once."""

import os
import sqlite3
import subprocess
import sys
import tempfile

from arena_process import Arena
from postgresql_server import PostgresqlServer, is_installed
from raw_websocket import RawWebSocket

GAMES = 40
PROCESSES = 4


def begin_games(arena):
    for _ in range(GAMES):
        socket = RawWebSocket(arena.port, "/ws")
        socket.receive()
        socket.send('{"action": "new", "v": 1}')
        assert "wait-pair" in socket.receive()
        socket.close()


def sweep_at_once(environment):
    """What each process says that it ended, and that it archived."""
    processes = [subprocess.Popen([os.environ["HORNBEAM_ARENA"], "games", "sweep"], env=environment,
                                  stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    ended, archived = [], []
    for process in processes:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
        lines = dict(line.split(": ") for line in out.splitlines())
        ended.append(int(lines["ended"].split()[0]))
        archived.append(int(lines.get("archived", 0)))
    return ended, archived


def test(url, open_log, execute):
    arena = Arena(url)
    arena.start()
    begin_games(arena)
    environment = {**os.environ, "ARENA_DATABASE__URL": arena.database_url, "ARENA_LIVE__WAITING_MINUTES": "0"}
    ended, _ = sweep_at_once(environment)
    assert sum(ended) == GAMES, f"{ended}: a game was ended twice, or never"
    log = open_log()
    aborts = log.execute("SELECT count(*), count(DISTINCT game_id), max(seq) FROM events WHERE kind = 'abort'")
    assert aborts.fetchone() == (GAMES, GAMES, 2)
    assert log.execute("SELECT count(*) FROM games WHERE ended_at IS NULL").fetchone() == (0,)
    # Two days later.
    execute("UPDATE games SET ended_at = ended_at - 172800000")
    environment["ARENA_LIVE__ARCHIVE_DAYS"] = "1"
    _, archived = sweep_at_once(environment)
    assert sum(archived) == GAMES, f"{archived}: a game was archived twice, or never"
    shown = subprocess.run([os.environ["HORNBEAM_ARENA"], "games", "show", "100"], env=environment,
                           capture_output=True, text=True, timeout=60)
    assert "abort" in shown.stdout, shown
    arena.stop()
    print(f"{GAMES} games were ended and archived once by {PROCESSES} processes at once: {ended}, {archived}")


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "arena.db")

    def execute(sql):
        with sqlite3.connect(path, timeout=20) as connection:
            connection.execute(sql)

    test(path, lambda: sqlite3.connect(path), execute)
    if is_installed():
        server = PostgresqlServer()

        def copied():
            copy = os.path.join(folder, "copy.db")
            server.copy_to_sqlite(copy)
            return sqlite3.connect(copy)

        test(server.url, copied, server.execute)
        server.stop()
    else:
        print("PostgreSQL is not installed: only SQLite tested", file=sys.stderr)
