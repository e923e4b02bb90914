"""Cron on every machine at the same minute: four processes sweep at once beside a server, and each game ends once."""

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


def sweep_at_once(url):
    """What each process says that it ended, added up."""
    environment = {**os.environ, "ARENA_DATABASE__URL": url, "ARENA_LIVE__WAITING_MINUTES": "0"}
    processes = [subprocess.Popen([os.environ["HORNBEAM_ARENA"], "games", "sweep"], env=environment,
                                  stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    ended = []
    for process in processes:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
        ended.append(int(out.split()[1]))
    return ended


def test(url, open_log):
    arena = Arena(url)
    arena.start()
    begin_games(arena)
    ended = sweep_at_once(arena.database_url)
    assert sum(ended) == GAMES, f"{ended}: a game was ended twice, or never"
    arena.stop()
    log = open_log()
    aborts = log.execute("SELECT count(*), count(DISTINCT game_id), max(seq) FROM events WHERE kind = 'abort'")
    assert aborts.fetchone() == (GAMES, GAMES, 2)
    assert log.execute("SELECT count(*) FROM games WHERE ended_at IS NULL").fetchone() == (0,)
    print(f"{GAMES} games were ended once by {PROCESSES} processes at once: {ended}")


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "arena.db")
    test(path, lambda: sqlite3.connect(path))
    if is_installed():
        server = PostgresqlServer()

        def copied():
            copy = os.path.join(folder, "copy.db")
            server.copy_to_sqlite(copy)
            return sqlite3.connect(copy)

        test(server.url, copied)
        server.stop()
    else:
        print("PostgreSQL is not installed: only SQLite tested", file=sys.stderr)
