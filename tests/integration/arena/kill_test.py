"""kill -9 in the middle of 50 games, three times: every acknowledged move is there, and every game is finished."""

import asyncio
import os
import random
import tempfile

from arena_process import Arena, run
from checker import check
from players import pair_all

GAMES = 50
KILLS = 3


async def main():
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "arena.db")
        arena = Arena(database)
        arena.start()
        pairs = await pair_all([arena], GAMES, pause=0.5)
        players = [player for pair in pairs for player in pair]
        tasks = [asyncio.create_task(player.play()) for player in players]
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.3, 0.7))
            arena.kill()
            await asyncio.to_thread(arena.start)
        under_way = sum(not first.is_over for first, _ in pairs)
        assert under_way > GAMES // 4, f"only {under_way} games were still going on: kill earlier"
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
        arena.stop()
        moves = check(database, players)
        returns = sum(player.returns for player in players)
        print(f"{GAMES} games with {moves} moves finished over {KILLS} kills; players came back {returns} times")


run(main)
