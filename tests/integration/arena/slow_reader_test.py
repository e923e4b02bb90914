"""Someone watches a game and reads nothing: the server lets them go, says why, and its memory does not grow."""

import os
import tempfile

from arena_process import Arena
from raw_websocket import RawWebSocket


def resident_bytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        log_path = os.path.join(folder, "log")
        # What a sanitizer keeps after it was freed is not the server's.
        environment = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}
        with open(log_path, "w") as log:
            arena = Arena(os.path.join(folder, "arena.db"), stderr=log, environment=environment)
            arena.start()
            player = RawWebSocket(arena.port, "/ws")
            player.receive()
            player.send('{"action": "new", "v": 1}')
            assert "wait-pair" in player.receive()
            player.close()
            slow = RawWebSocket(arena.port, "/ws", receive_buffer=4096)
            before = resident_bytes(arena.pid)
            asked = 0
            # Each is answered with the game as it stands.
            while "too slow" not in open(log_path).read():
                try:
                    for _ in range(500):
                        slow.send('{"action": "watch", "v": 1, "game_id": 100}')
                        asked += 1
                except OSError:
                    pass
                assert asked < 100_000, "a reader who reads nothing is still there"
            grown = resident_bytes(arena.pid) - before
            assert grown < 32 << 20, f"memory grew by {grown} bytes"
            assert "1008" in open(log_path).read()
            arena.stop()
    print(f"dropped after {asked} questions; memory grew by {grown >> 10} KiB")


main()
