"""Compares what players were promised with what the database holds."""

import sqlite3


def check(database, players):
    """Asserts that every promise was kept. Gives the number of moves in the log."""
    log = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    moves = 0
    for player in players:
        rows = log.execute("SELECT seq, kind, seat, command_id, detail FROM events WHERE game_id = ? ORDER BY seq",
                           (player.game,)).fetchall()
        where = f"game {player.game}"
        assert [row[0] for row in rows] == list(range(len(rows))), f"{where}: event numbers have gaps"
        stored = {seq: ("XO"[seat], detail) for seq, kind, seat, _, detail in rows if kind == "move"}
        for seq, move in player.acknowledged.items():
            assert stored.get(seq) == move, f"{where}: {move} was acknowledged as event {seq}, stored is {stored.get(seq)}"
        seen = {seq for seq in stored if seq <= player.seq}
        assert seen == set(player.acknowledged), f"{where}: {seen ^ set(player.acknowledged)} were passed over"
        assert not player.gaps, f"{where}: a client would have had to begin anew: {player.gaps}"
        cells = [move for _, move in stored.values()]
        assert len(set(cells)) == len(cells), f"{where}: a cell was taken twice"
        commands = [(seat, command) for _, kind, seat, command, _ in rows if kind == "move"]
        assert len(set(commands)) == len(commands), f"{where}: a command was carried out twice"
        by_command = {command: seq for seq, kind, _, command, _ in rows if kind == "move"}
        for command, seq in player.own_commands.items():
            assert by_command.get(command) == seq, f"{where}: command {command} was acknowledged as event {seq}"
        ended = log.execute("SELECT ended_at FROM games WHERE id = ?", (player.game,)).fetchone()[0]
        assert ended is not None, f"{where}: it is not over"
        moves += len(stored)
    return moves // 2


def games_nobody_knows(database, players):
    """Games of the log that no player has a seat in: begun, and never heard of."""
    log = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    return {game for (game,) in log.execute("SELECT DISTINCT game_id FROM events")} - {player.game for player in players}
