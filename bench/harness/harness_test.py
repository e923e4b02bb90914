"""What can be tested without starting a server: python3 -m unittest discover --pattern '*_test.py', in bench/."""

from __future__ import annotations

import contextlib
import io
import unittest
from pathlib import Path

from harness import measure
from harness.load import Ask, Seen
from harness.main import judge, parse
from harness.peers import Peer, all_peers
from harness.results import Results
from harness.rows import ROWS, Bar, Figure, Row
from harness.table import render

PEERS = {peer.name: peer for peer in all_peers(Path("/build"), Path("/build/arena"))}


def seen(rate: float, cpu: float) -> Seen:
    return Seen(answers=1000, rate=rate, cpu=cpu, p50=100.0, p99=300.0, turns_p50=64.0,
                slowest_turns_p99=80.0)


class Totals(unittest.TestCase):
    def test_callgrind_writes_totals_or_a_summary(self) -> None:
        self.assertEqual(measure.callgrind_total("events: Ir\nsummary: 120\nfn=(1)\ntotals: 123\n"), 120)
        self.assertEqual(measure.callgrind_total("events: Ir\nfn=(1)\ntotals: 123\n"), 123)
        self.assertEqual(measure.callgrind_total("events: Ir\n"), 0)
        self.assertEqual(measure.callgrind_event("events: Ir Dr DLmr\nsummary: 120 30 4\n", "DLmr"), 4)

    def test_strace_writes_a_total_with_and_without_errors(self) -> None:
        self.assertEqual(measure.strace_total("100.00    0.001210          41        29         1 total\n"), 29)
        self.assertEqual(measure.strace_total("100.00    0.001210          41        29           total\n"), 29)
        with self.assertRaises(ValueError):
            measure.strace_total("strace: Process 5 attached\n")


class Counts(unittest.TestCase):
    def test_differences_are_between_whole_windows_on_every_connection(self) -> None:
        for row in ROWS:
            for peer in PEERS.values():
                few, many = measure.counts(row.ask, peer)
                self.assertEqual(few % (row.ask.connections * row.ask.window), 0)
                self.assertEqual(many, 3 * few)

    def test_what_grows_evenly_is_counted_exactly_whatever_start_up_costs(self) -> None:
        start_up = 1_000_000
        figure = measure.differ(ROWS[0].ask, PEERS["beast"], lambda requests: (start_up + 7 * requests, requests))
        self.assertEqual(figure, 7)


class Asking(unittest.TestCase):
    def test_pipelining_is_not_asked_of_servers_that_close(self) -> None:
        pipelined = Ask("http", "/plaintext", window=16)
        self.assertTrue(pipelined.is_answered_by(PEERS["beast"]))
        self.assertFalse(pipelined.is_answered_by(PEERS["flask"]))

    def test_moves_are_asked_of_games_only(self) -> None:
        self.assertEqual([name for name, peer in PEERS.items() if Ask("moves").is_answered_by(peer)],
                         ["arena", "classic"])


class Bars(unittest.TestCase):
    def test_a_bar_is_met_up_to_its_limit_unless_strict(self) -> None:
        self.assertTrue(Bar(2.1).is_met_by(2.1))
        self.assertFalse(Bar(1, strictly=True).is_met_by(1))
        self.assertTrue(Bar(25, at_least=True).is_met_by(25))
        self.assertFalse(Bar(25, at_least=True).is_met_by(24.9))

    def test_every_bar_has_its_line_in_the_table(self) -> None:
        for row in ROWS:
            self.assertLessEqual(set(row.bars), set(row.figures), row.name)
            self.assertLessEqual(set(row.recorded), set(row.figures), row.name)


class Tables(unittest.TestCase):
    def results(self) -> tuple[Row, Results]:
        row = ROWS[0]
        peers = [PEERS["hornbeam"], PEERS["beast"], PEERS["flask"]]
        results = Results(peers, peers)
        results.add_passes(row, PEERS["hornbeam"], [seen(100_000, 6.0), seen(120_000, 5.0)])
        results.add_passes(row, PEERS["beast"], [seen(80_000, 10.0)])
        results.add_passes(row, PEERS["flask"], [seen(4_000, 100.0)])
        return row, results

    def test_the_best_pass_counts(self) -> None:
        row, results = self.results()
        self.assertEqual(results.value(row, Figure.CPU, "Hornbeam"), 5.0)
        self.assertEqual(results.value(row, Figure.RATE, "Hornbeam"), 120_000)

    def test_passes_that_differ_widely_are_noted(self) -> None:
        row, results = self.results()
        self.assertEqual(results.notes, [])
        results.add_passes(row, PEERS["beast"], [seen(80_000, 10.0), seen(60_000, 15.0)])
        self.assertEqual(results.notes, ["plaintext: Beast's passes differ by 50% in CPU; the best is shown"])

    def test_shares_are_derived(self) -> None:
        row, results = self.results()
        self.assertEqual(results.value(row, Figure.CPU_OF_BEAST, "Hornbeam"), 0.5)
        self.assertTrue(results.is_met(row, Figure.CPU_OF_BEAST))
        self.assertEqual(results.value(row, Figure.CPU_OF_OURS, "Flask"), 20)
        self.assertFalse(results.is_met(row, Figure.CPU_OF_OURS))
        self.assertIsNone(results.is_met(row, Figure.INSTRUCTIONS))

    def test_the_table_says_pass_missed_and_not_measured(self) -> None:
        row, results = self.results()
        table = render([row], results)
        self.assertRegex(table, r"share of Beast's +0\.500 +1\.000 .*< 1 +pass")
        self.assertRegex(table, r"times Hornbeam's .*flask >= 25 +MISSED")
        self.assertRegex(table, r"instructions/request .*<= 6,000 +not measured")


class Checking(unittest.TestCase):
    def status(self, results: Results, *arguments: str) -> int:
        with contextlib.redirect_stdout(io.StringIO()):
            return judge([ROWS[0]], results, parse(list(arguments)))

    def test_missed_bars_fail_only_when_checked(self) -> None:
        peers = [PEERS["hornbeam"], PEERS["beast"]]
        results = Results(peers, peers)
        results.add_passes(ROWS[0], PEERS["hornbeam"], [seen(1, 20.0)])
        results.add_passes(ROWS[0], PEERS["beast"], [seen(1, 10.0)])
        self.assertEqual(self.status(results, "--no-counts"), 0)
        self.assertEqual(self.status(results, "--no-counts", "--check"), 1)

    def test_a_server_that_did_not_start_does_not_pass(self) -> None:
        self.assertEqual(self.status(Results([PEERS["hornbeam"], PEERS["beast"]]), "--check"), 1)

    def test_what_was_not_asked_for_is_not_held_against_it(self) -> None:
        results = Results([PEERS["beast"]], [PEERS["beast"]])
        self.assertEqual(self.status(results, "--check"), 0)


class Peers(unittest.TestCase):
    def test_a_peer_says_what_it_misses(self) -> None:
        self.assertEqual(Peer("x", "X", (), frozenset(), needs=("/no/such/file",)).missing,
                         "there is no /no/such/file")
        self.assertEqual(Peer("x", "X", (), frozenset(), tried_by=("false",)).missing, "`false` fails")


if __name__ == "__main__":
    unittest.main()
