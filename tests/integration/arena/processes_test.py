"""Two processes serve the same games from one database, players change between them at random, and the processes are
killed and frozen in turn. Who wakes up late must not write over what happened meanwhile."""

import asyncio
import os
import random
import signal
import tempfile

from arena_process import Arena, run
from checker import check
from players import pair_all

GAMES = 12


async def disturb(arenas):
    """Freezes and kills one server after another."""
    for turn in range(6):
        arena = arenas[turn % 2]
        await asyncio.sleep(random.uniform(0.1, 0.4))
        if turn % 3 == 2:
            arena.kill()
            await asyncio.to_thread(arena.start)
        else:
            arena.signal(signal.SIGSTOP)
            await asyncio.sleep(random.uniform(0.2, 0.6))
            arena.signal(signal.SIGCONT)


async def main():
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "arena.db")
        arenas = [Arena(database, live__poll_milliseconds=20) for _ in range(2)]
        for arena in arenas:
            arena.start()
        pairs = await pair_all(arenas, GAMES, pause=0.4)
        players = [player for pair in pairs for player in pair]
        tasks = [asyncio.create_task(player.play()) for player in players]
        await disturb(arenas)
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
        for arena in arenas:
            arena.stop()
        moves = check(database, players)
        print(f"{GAMES} games with {moves} moves finished on two processes, killed and frozen in turn")


run(main)
