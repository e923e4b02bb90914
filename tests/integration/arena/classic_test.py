"""What an old client sends, byte by byte, and what it must be sent back.

The scripts are recorded in the classic client's own spelling: its messages have no spaces and their keys in the order
of its source; the server's are spaced as Python's json module spaces them.
"""

import os
import tempfile
import unittest

from arena_process import Arena
from raw_websocket import RawWebSocket

OPEN = '{"action": "open", "data": {"message": "Connected to Game Server"}}'


def opponent_moves(move):
    return '{"action": "move", "data": {"opp_move": "%s"}}' % move


YOUR_TURN = '{"action": "move", "data": {}}'
WAIT = '{"action": "opp-move", "data": {}}'


def end(result):
    return '{"action": "end", "data": {"result": "%s"}}' % result


class Classic(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.arena = Arena(os.path.join(cls.folder.name, "arena.db"))
        cls.arena.start()

    @classmethod
    def tearDownClass(cls):
        cls.arena.stop()
        cls.folder.cleanup()

    def connect(self):
        client = RawWebSocket(self.arena.port)
        self.addCleanup(client.close)
        self.assertEqual(client.receive(), OPEN)
        return client

    def pair(self):
        creator, joiner = self.connect(), self.connect()
        creator.send('{"action":"new"}')
        waiting = creator.receive()
        self.assertRegex(waiting, r'^\{"action": "wait-pair", "data": \{"game_id": \d+\}\}$')
        number = waiting.split(": ")[-1].strip("}")
        joiner.send('{"action":"join","game_id":"%s"}' % number)  # as typed into the old page's field
        paired = '{"action": "paired", "data": {"game_id": %s}}' % number
        self.assertEqual([joiner.receive(), joiner.receive()], [paired, WAIT])
        self.assertEqual([creator.receive(), creator.receive()], [paired, YOUR_TURN])
        return creator, joiner, int(number)

    def play(self, creator, joiner, moves):
        for turn, move in enumerate(moves):
            mover, other = (creator, joiner) if turn % 2 == 0 else (joiner, creator)
            mover.send('{"action":"move","player_move":"%s"}' % move)
            self.assertEqual(mover.receive(), WAIT)
            self.assertEqual(other.receive(), opponent_moves(move))

    def test_the_first_game_has_number_100_and_the_next_101(self):
        # Named to run first among the tests would be fragile: a server of its own.
        with tempfile.TemporaryDirectory() as folder:
            arena = Arena(os.path.join(folder, "arena.db"))
            arena.start()
            for number in (100, 101, 102):
                client = RawWebSocket(arena.port)
                self.assertEqual(client.receive(), OPEN)
                client.send('{"action":"new"}')
                self.assertEqual(client.receive(), '{"action": "wait-pair", "data": {"game_id": %d}}' % number)
                client.close()
            arena.stop()

    def test_a_win(self):
        creator, joiner, _ = self.pair()
        self.play(creator, joiner, ["0,0", "1,0", "0,1", "1,1", "0,2"])
        self.assertEqual(creator.receive(), end("W"))
        self.assertEqual(joiner.receive(), end("L"))

    def test_a_draw_and_another_game_on_the_same_sockets(self):
        creator, joiner, number = self.pair()
        self.play(creator, joiner, ["0,0", "1,1", "2,2", "0,1", "2,1", "2,0", "0,2", "1,2", "1,0"])
        self.assertEqual([creator.receive(), joiner.receive()], [end("D"), end("D")])
        joiner.send('{"action":"new"}')
        self.assertIn("wait-pair", joiner.receive())
        creator.send('{"action":"join","game_id":%d}' % (number + 1))
        self.assertIn("paired", creator.receive())

    def test_an_abort(self):
        creator, joiner, number = self.pair()
        creator.send('{"action":"abort","game_id":%d}' % number)
        aborted = '{"action": "end", "data": {"game_id": %d, "result": "A"}}' % number
        self.assertEqual([creator.receive(), joiner.receive()], [aborted, aborted])

    def test_a_player_who_goes(self):
        creator, joiner, number = self.pair()
        joiner.close()
        self.assertEqual(creator.receive(), '{"action": "end", "data": {"game_id": %d, "result": "A"}}' % number)

    def test_errors_leave_socket_and_game_alive(self):
        creator, joiner, number = self.pair()
        for bad in ('{"action":"move","player_move":"9,9"}', '{"action":"move","player_move":""}', "no json", "[]",
                    '{"action":"fly"}', '{"action":"join","game_id":%d}' % number, '{"action":"join","game_id":7}',
                    '{"action":"move"', '{"action":null}', " " * 5000):
            creator.send(bad)
            self.assertIn('{"action": "error", "data": {"message": ', creator.receive(), bad[:60])
        joiner.send('{"action":"move","player_move":"0,0"}')  # not the joiner's turn
        self.assertIn('"error"', joiner.receive())
        self.play(creator, joiner, ["1,1", "0,0"])

    def test_nothing_is_played_alone(self):
        client = self.connect()
        for lonely in ('{"action":"move","player_move":"1,1"}', '{"action":"abort","game_id":100}'):
            client.send(lonely)
            self.assertIn('"error"', client.receive())
        client.send('{"action":"new"}')
        number = client.receive().split(": ")[-1].strip("}")
        client.send('{"action":"move","player_move":"1,1"}')
        self.assertIn('"error"', client.receive())
        client.send('{"action":"join","game_id":%s}' % number)
        self.assertIn('"error"', client.receive())


if __name__ == "__main__":
    unittest.main()
