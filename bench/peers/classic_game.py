"""Tic-tac-toe over WebSockets in plain Tornado, by the classic protocol; every move is a row before it is acknowledged.

    classic_game.py PORT

One process, one SQLite file in the working directory, write-ahead log, one transaction for each move with
synchronous=FULL: a move that was acknowledged survives a power cut, as it does with the program it is measured beside.
The transaction blocks the loop, which is how such a program is commonly written.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys

from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler

LINES = [
    {(0, 0), (0, 1), (0, 2)}, {(1, 0), (1, 1), (1, 2)}, {(2, 0), (2, 1), (2, 2)},
    {(0, 0), (1, 0), (2, 0)}, {(0, 1), (1, 1), (2, 1)}, {(0, 2), (1, 2), (2, 2)},
    {(0, 0), (1, 1), (2, 2)}, {(0, 2), (1, 1), (2, 0)},
]


class Game:
    def __init__(self, number: int, creator: Player) -> None:
        self.number = number
        self.players = [creator]
        self.cells: tuple[set[tuple[int, int]], set[tuple[int, int]]] = (set(), set())
        self.turn = 0

    def is_legal(self, seat: int, cell: tuple[int, int]) -> bool:
        on_board = all(0 <= part <= 2 for part in cell)
        is_free = cell not in self.cells[0] and cell not in self.cells[1]
        return len(self.players) == 2 and seat == self.turn and on_board and is_free

    def play(self, seat: int, cell: tuple[int, int]) -> None:
        self.cells[seat].add(cell)
        self.turn = 1 - seat

    def result_for(self, seat: int) -> str:
        """W, L or D; empty while the game goes on."""
        for one in (0, 1):
            if any(line <= self.cells[one] for line in LINES):
                return "W" if one == seat else "L"
        return "D" if len(self.cells[0]) + len(self.cells[1]) == 9 else ""


class Hall:
    """The games being played, and the file in which their moves are kept."""

    def __init__(self, path: str) -> None:
        self.games: dict[int, Game] = {}
        self.last_number = 100
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS moves (game_id INTEGER, seq INTEGER, seat INTEGER,"
            " move TEXT, PRIMARY KEY (game_id, seq)) WITHOUT ROWID")

    def create(self, creator: Player) -> Game:
        self.last_number += 1
        game = Game(self.last_number, creator)
        self.games[game.number] = game
        return game

    def store(self, game: Game, seat: int, move: str) -> None:
        seq = len(game.cells[0]) + len(game.cells[1])
        self.database.execute("INSERT INTO moves VALUES (?, ?, ?, ?)", (game.number, seq, seat, move))


class Player(WebSocketHandler):
    def initialize(self, hall: Hall) -> None:
        self.hall = hall
        self.game: Game | None = None
        self.seat = 0

    def open(self) -> None:
        self.say("open", message="Connected to Game Server")

    def on_message(self, message: str | bytes) -> None:
        try:
            asked = json.loads(message)
            action = asked["action"]
        except (ValueError, KeyError, TypeError):
            return self.say("error", message="Not a message of this game")
        if action == "new":
            self.create()
        elif action == "join":
            self.join(asked.get("game_id"))
        elif action == "move":
            self.move(str(asked.get("player_move")))
        elif action == "abort":
            self.abort()
        else:
            self.say("error", message=f"Unknown Action: {action}")

    def on_close(self) -> None:
        self.abort()

    def say(self, action: str, **data: object) -> None:
        try:
            self.write_message(json.dumps({"action": action, "data": data}))
        except WebSocketClosedError:
            pass

    def create(self) -> None:
        self.abort()
        self.game, self.seat = self.hall.create(self), 0
        self.say("wait-pair", game_id=self.game.number)

    def join(self, number: object) -> None:
        game = self.hall.games.get(int(number)) if str(number).isdigit() else None
        if game is None or len(game.players) == 2 or game.players[0] is self:
            return self.say("error", message=f"Invalid Game Id: {number}")
        self.abort()
        game.players.append(self)
        self.game, self.seat = game, 1
        for player in game.players:
            player.say("paired", game_id=game.number)
        self.say("opp-move")
        game.players[0].say("move")

    def move(self, move: str) -> None:
        game = self.game
        row, comma, column = move.partition(",")
        if game is None or not (comma and row.isdigit() and column.isdigit()):
            return self.say("error", message=f"Invalid Move: {move}")
        cell = (int(row), int(column))
        if not game.is_legal(self.seat, cell):
            return self.say("error", message=f"Invalid Move: {move}")
        self.hall.store(game, self.seat, move)
        game.play(self.seat, cell)
        self.say("opp-move")
        game.players[1 - self.seat].say("move", opp_move=move)
        if game.result_for(0):
            self.finish_game(game)

    def abort(self) -> None:
        if self.game is not None:
            self.finish_game(self.game, aborted=True)

    def finish_game(self, game: Game, aborted: bool = False) -> None:
        del self.hall.games[game.number]
        for seat, player in enumerate(game.players):
            player.game = None
            player.say("end", game_id=game.number, result="A" if aborted else game.result_for(seat))


async def serve(port: int) -> None:
    hall = Hall("classic_game.db")
    routes = [(r"/tic-tac-toe/ws", Player, {"hall": hall})]
    Application(routes).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
