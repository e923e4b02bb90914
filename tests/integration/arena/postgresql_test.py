"""Two processes serve the same games from one PostgreSQL database; one is killed and comes back."""

import asyncio
import os
import sys
import tempfile

from arena_process import Arena, run
from checker import check
from players import pair_all
from postgresql_server import PostgresqlServer, is_installed

GAMES = 8


async def main():
    server = PostgresqlServer()
    arenas = [Arena(server.url, live__poll_milliseconds=20) for _ in range(2)]
    for arena in arenas:
        arena.start()
    pairs = await pair_all(arenas, GAMES, pause=0.3)
    players = [player for pair in pairs for player in pair]
    tasks = [asyncio.create_task(player.play()) for player in players]
    await asyncio.sleep(0.4)
    arenas[0].kill()
    await asyncio.to_thread(arenas[0].start)
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    for arena in arenas:
        arena.stop()
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "copy.db")
        server.copy_to_sqlite(copy)
        moves = check(copy, players)
    print(f"{GAMES} games with {moves} moves finished on two processes and PostgreSQL")


if not is_installed():
    print("PostgreSQL is not installed: nothing tested")
    sys.exit(77)
run(main)
