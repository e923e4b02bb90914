"""Players who come back, and a record of all that they were promised."""

import asyncio
import json
import random

import websockets
import websockets.exceptions

LOST = (OSError, asyncio.TimeoutError, websockets.exceptions.WebSocketException)


class Player:
    """One seat of one game. Plays random free cells, with pauses, until the game is over; reconnects for ever.

    `acknowledged` has every move that the server told this player it has stored: {seq: (seat, move)}."""

    def __init__(self, servers, seed, pause):
        self.servers = servers
        self.random = random.Random(seed)
        self.pause = pause
        self.game = self.seat = None
        # Chosen and kept before it is sent: whoever says "new" or "join" with it again has the same seat.
        self.token = f"{self.random.getrandbits(128):032x}"
        self.acknowledged = {}
        self.own_commands = {}
        self.is_over = False
        self.board = "." * 9
        self.turn = None
        self.seq = -1
        self.pending = None
        self.returns = 0
        self.gaps = []
        self.refusals = 0

    async def begin(self, clock=None):
        return await self._converse({"action": "new", **({"clock": clock} if clock else {})}, until="wait-pair")

    async def join(self, game):
        return await self._converse({"action": "join", "game_id": game}, until="paired")

    async def _converse(self, first, until):
        while True:
            try:
                return await self._converse_once({**first, "token": self.token}, until)
            except LOST:
                self.returns += 1
                await asyncio.sleep(0.1 * self.random.random())

    async def _converse_once(self, first, until):
        async with self._connect() as socket:
            await self._send(socket, first)
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), 8))
                self._take(message)
                if message["action"] in (until, "state"):
                    return self.game
                if message["action"] == "error":
                    raise ConnectionError(f"the game does not begin: {message['data']}")

    async def play(self):
        """To the end of the game, over any number of connections."""
        while not self.is_over:
            try:
                await self._play_on_one_connection()
            except LOST:
                self.returns += 1
                await asyncio.sleep(0.05 * self.random.random())

    def _connect(self):
        server = self.random.choice(self.servers)
        return websockets.connect(server.url, open_timeout=5, ping_interval=None, close_timeout=0.2)

    async def _send(self, socket, message):
        await socket.send(json.dumps({"v": 1, **message}))

    async def _play_on_one_connection(self):
        async with self._connect() as socket:
            await self._send(socket, {"action": "hello", "game_id": self.game, "token": self.token,
                                      "last_seq": self.seq})
            while not self.is_over:
                await self._move_if_it_is_our_turn(socket)
                # A frozen server answers nothing: after a while, another connection is tried.
                self._take(json.loads(await asyncio.wait_for(socket.recv(), 3)))

    async def _move_if_it_is_our_turn(self, socket):
        if self.turn != self.seat or self.is_over or self.seq < 0:
            return
        if self.pending is None:
            await asyncio.sleep(self.pause * self.random.random())
            cell = self.random.choice([i for i, mark in enumerate(self.board) if mark == "."])
            self.pending = {"action": "move", "player_move": f"{cell // 3},{cell % 3}",
                            "cid": f"{self.random.getrandbits(64):x}"}
        # The same command again after a lost connection: it must be carried out once.
        await self._send(socket, self.pending)

    def _take(self, message):
        action, data = message["action"], message["data"]
        if action in ("wait-pair", "paired", "state"):
            self.game, self.seat = data["game_id"], data["you"]
        if action == "state":
            for event in data["events"]:
                self._note(event["seq"], event.get("by"), event.get("move"))
            if data["events"] and data["events"][0]["seq"] > self.seq + 1:
                self.gaps.append((self.seq, message))
        elif "board" in data and self.seq >= 0 and data["seq"] > self.seq + 1:
            self.gaps.append((self.seq, message))
        if "move" in data and "seq" in data:
            self._note(data["seq"], data["by"], data["move"])
            if "cid" in data:
                self.own_commands[data["cid"]] = data["seq"]
        if action == "ack":
            self.own_commands[data["cid"]] = data["seq"]
            if self.pending and self.pending["cid"] == data["cid"]:
                # Carried out before the connection was lost, and the other player may have answered since.
                self.pending = None
        if "board" in data and data["seq"] >= self.seq:
            self.board, self.turn, self.seq = data["board"], data["turn"], data["seq"]
            if self.pending and (self.turn != self.seat or self.pending["cid"] in self.own_commands):
                self.pending = None
        if action == "end" or (action == "state" and data["phase"] == "over"):
            self.is_over = True
        self.refusals += action == "error" and data.get("code") == "busy"
        if action == "error" and data.get("code") not in ("busy", "stale", "not_your_turn"):
            raise AssertionError(f"game {self.game}: {data}")

    def _note(self, seq, seat, move):
        if move is None:
            return
        known = self.acknowledged.setdefault(seq, (seat, move))
        assert known == (seat, move), f"game {self.game}: event {seq} was {known}, now {(seat, move)}"


async def pair_all(servers, games, pause):
    """Players of that many games that have begun: [(first, second)]."""
    pairs = []
    for number in range(games):
        first, second = Player(servers, 2 * number, pause), Player(servers, 2 * number + 1, pause)
        await second.join(await first.begin())
        pairs.append((first, second))
    return pairs
