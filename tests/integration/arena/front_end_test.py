"""Many games over real sockets, through a real front end, against three arenas that are killed and frozen in turn.

    front_end_test.py nginx|haproxy sqlite|postgresql [--seconds 120] [--tables 300] [--seed N]

After the time is up every game is played to its end, and what players were told is compared with the database: every
acknowledged move is there once and in order, no two share a number, everybody saw a prefix of the log, and nobody had to
begin anew to go on.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time

from arena_process import Arena, reserve_port, run
from checker import check, games_nobody_knows
from front_ends import FRONT_ENDS, find
from players import Player
from postgresql_server import PostgresqlServer, is_installed

ARENAS = 3


class Table:
    """Two seats, one game after another until the time is up. `finished` has the players of all games that began."""

    def __init__(self, front, number, pause, end):
        self._front = front
        self._pause = pause
        self._end = end
        self._random = random.Random(number)
        self.finished = []

    async def play(self):
        while not self.finished or time.monotonic() < self._end:
            first, second = (Player([self._front], self._random.getrandbits(40), self._pause) for _ in range(2))
            # However often the answer is lost: the token that they chose leads them back.
            clock = self._random.choice((None, "600+5"))
            await second.join(await first.begin(clock))
            self.finished += [first, second]
            await asyncio.gather(first.play(), second.play())


class Disturber:
    """Kills or freezes one arena after another, never the same two ways at once."""

    def __init__(self, arenas, seed):
        self._arenas = arenas
        self._random = random.Random(seed)
        self.kills = self.freezes = 0

    async def disturb_until(self, end):
        turn = 0
        while time.monotonic() < end:
            arena = self._arenas[turn % len(self._arenas)]
            await asyncio.sleep(self._random.uniform(0.2, 0.8))
            if turn % 2 == 0:
                arena.kill()
                self.kills += 1
                await asyncio.sleep(self._random.uniform(0, 0.5))
                await asyncio.to_thread(arena.start)
            else:
                arena.signal(signal.SIGSTOP)
                self.freezes += 1
                await asyncio.sleep(self._random.uniform(0.2, 2))
                arena.signal(signal.SIGCONT)
            turn += 1


async def main(options):
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "arena.db")
        server = PostgresqlServer() if options.database == "postgresql" else None
        # On PostgreSQL wake-ups carry the moves across; SQLite has none between processes, and is asked often.
        settings = {} if server else {"live__poll_milliseconds": 50}
        arenas = [Arena(server.url if server else database, **settings) for _ in range(ARENAS)]
        for arena in arenas:
            arena.start()
        front = FRONT_ENDS[options.front](arenas, reserve_port)
        end = time.monotonic() + options.seconds
        tables = [Table(front, options.seed * 1_000_000 + number, options.pause, end)
                  for number in range(options.tables)]
        disturber = Disturber(arenas, options.seed)
        playing = asyncio.gather(*(table.play() for table in tables))
        await asyncio.gather(disturber.disturb_until(end), asyncio.wait_for(playing, options.seconds + 120))
        front.stop()
        for arena in arenas:
            arena.stop()
        if server:
            server.copy_to_sqlite(database + ".copy")
            database += ".copy"
        players = [player for table in tables for player in table.finished]
        moves = check(database, players)
        orphans = games_nobody_knows(database, players)
        assert not orphans, f"games were begun that no player came back to: {orphans}"
    print(f"{options.front}, {options.database}: {len(players) // 2} games at {len(tables)} tables, {moves} moves,"
          f" {disturber.kills} kills, {disturber.freezes} freezes, players came back"
          f" {sum(player.returns for player in players)} times; no game's beginning was lost, and every acknowledged"
          " move is in the log once and in order")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("front", choices=FRONT_ENDS)
    parser.add_argument("database", choices=("sqlite", "postgresql"))
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--tables", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.6, help="longest thinking time, in seconds")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


options = read_options()
if not find(options.front) or (options.database == "postgresql" and not is_installed()):
    print(f"{options.front} or {options.database} is not installed: nothing tested")
    sys.exit(77)
run(lambda: main(options))
