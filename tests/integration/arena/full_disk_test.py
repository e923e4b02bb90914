"""A disk that runs full in the middle of games: moves are refused, nothing is lost, and the games go on once there is
room. The disk is a small one in memory, mounted where only this test sees it."""

import asyncio
import os
import subprocess
import sys
import tempfile

from arena_process import Arena, run
from checker import check
from players import pair_all

GAMES = 20
OWN_MOUNTS = ["unshare", "--map-root-user", "--mount"]


def fill(path):
    """Writes until nothing more fits."""
    with open(path, "wb", buffering=0) as filler:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while filler.write(bytes(size)) == size:
                    pass
            except OSError:
                pass


async def main():
    folder = tempfile.mkdtemp()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True)
    try:
        database = os.path.join(folder, "arena.db")
        # Each refusal is a line of the log: they are counted at the players.
        arena = Arena(database, stderr=subprocess.DEVNULL)
        arena.start()
        pairs = await pair_all([arena], GAMES, pause=0.5)
        players = [player for pair in pairs for player in pair]
        tasks = [asyncio.create_task(player.play()) for player in players]
        await asyncio.sleep(0.4)
        fill(os.path.join(folder, "filler"))
        deadline = asyncio.get_running_loop().time() + 20
        while not any(player.refusals for player in players):
            assert asyncio.get_running_loop().time() < deadline, "no move was refused"
            await asyncio.sleep(0.05)
        os.unlink(os.path.join(folder, "filler"))
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
        arena.stop()
        moves = check(database, players)
        refusals = sum(player.refusals for player in players)
        print(f"{GAMES} games with {moves} moves finished over a full disk that refused {refusals} times")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        os.rmdir(folder)


if "inside" in sys.argv:
    run(main)
elif subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], stderr=subprocess.DEVNULL).returncode != 0:
    print("this machine lets nobody mount: nothing tested")
    sys.exit(77)
else:
    os.execvp(OWN_MOUNTS[0], [*OWN_MOUNTS, sys.executable, __file__, "inside"])
