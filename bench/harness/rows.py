"""The rows of the table: what each asks, the figures it shows, and the bars Hornbeam has set itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .load import Ask


class Figure(Enum):
    """A line of the table: what is counted, and how its numbers are written."""

    RATE = ("{unit}s/s", "{:,.0f}")
    CPU = ("CPU us/{unit}", "{:.2f}")
    CPU_OF_BEAST = ("CPU, share of Beast's", "{:.3f}")
    CPU_OF_OURS = ("CPU, times Hornbeam's", "{:.1f}")
    P99 = ("p99 us", "{:,.0f}")
    INSTRUCTIONS = ("instructions/{unit}", "{:,.0f}")
    SYSTEM_CALLS = ("system calls/{unit}", "{:.2f}")
    ALLOCATIONS = ("allocations/{unit}", "{:z.2f}")
    IDLE_BYTES = ("user bytes/socket", "{:,.0f}")
    FAIRNESS = ("turns, p99 / median", "{:.1f}")

    def __init__(self, title: str, form: str) -> None:
        self._title = title
        self._form = form

    def title(self, unit: str) -> str:
        return self._title.format(unit=unit)

    def write(self, value: float | None) -> str:
        return "-" if value is None else self._form.format(value)

    @property
    def is_timed(self) -> bool:
        return self in TIMED


TIMED = frozenset({Figure.RATE, Figure.CPU, Figure.CPU_OF_BEAST, Figure.CPU_OF_OURS, Figure.P99,
                   Figure.FAIRNESS})


@dataclass(frozen=True)
class Bar:
    """What one figure must reach: Hornbeam's own unless another peer is named."""

    limit: float
    at_least: bool = False
    strictly: bool = False
    peer: str = "hornbeam"

    def is_met_by(self, value: float) -> bool:
        if self.at_least:
            return value >= self.limit
        return value < self.limit if self.strictly else value <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<" if self.strictly else "<="
        name = "" if self.peer == "hornbeam" else f"{self.peer} "
        return f"{name}{sign} {self.limit:,g}"


@dataclass(frozen=True)
class Row:
    """One question. `recorded` holds figures of uWebSockets, the fastest server known, from an earlier run."""

    name: str
    question: str
    ask: Ask
    figures: tuple[Figure, ...]
    bars: dict[Figure, Bar] = field(default_factory=dict)
    recorded: dict[Figure, float] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        return {"http": "request", "echo": "message", "moves": "move", "ping": "ping"}[self.ask.mode]

    def title(self, figure: Figure) -> str:
        return figure.title(self.unit)


TIMES = (Figure.RATE, Figure.P99, Figure.CPU, Figure.CPU_OF_BEAST)
COUNTS = (Figure.INSTRUCTIONS, Figure.SYSTEM_CALLS)
AHEAD = Bar(1.0, strictly=True)
NONE_LEFT = Bar(0.005)  # shown as 0.00: a timer that fires once a second may allocate
FLASK = Bar(25, at_least=True, peer="flask")

ROWS = (
    Row(
        "plaintext", "GET a constant text, 64 connections",
        Ask("http", "/plaintext"),
        (*TIMES, Figure.CPU_OF_OURS, *COUNTS, Figure.ALLOCATIONS),
        {Figure.CPU_OF_BEAST: AHEAD, Figure.CPU_OF_OURS: FLASK, Figure.INSTRUCTIONS: Bar(6_000),
         Figure.SYSTEM_CALLS: Bar(2.1), Figure.ALLOCATIONS: NONE_LEFT},
        {Figure.CPU: 5.5, Figure.INSTRUCTIONS: 3_168, Figure.SYSTEM_CALLS: 2.0},
    ),
    Row(
        "json", "GET an object, serialised for each request, 64 connections",
        Ask("http", "/json"),
        (*TIMES, Figure.CPU_OF_OURS, *COUNTS),
        {Figure.CPU_OF_BEAST: AHEAD, Figure.CPU_OF_OURS: FLASK, Figure.INSTRUCTIONS: Bar(8_000)},
        {Figure.CPU: 5.7, Figure.INSTRUCTIONS: 4_555},
    ),
    Row(
        "routed", "GET /users/{id} with an integer, 64 connections",
        Ask("http", "/users/42"),
        (*TIMES, Figure.CPU_OF_OURS, *COUNTS),
        {Figure.CPU_OF_BEAST: AHEAD, Figure.CPU_OF_OURS: FLASK, Figure.INSTRUCTIONS: Bar(6_500)},
        {Figure.CPU: 5.5, Figure.INSTRUCTIONS: 3_546},
    ),
    Row(
        "pipelined", "GET a constant text, 16 requests in one write, 64 connections",
        Ask("http", "/plaintext", window=16),
        (*TIMES, *COUNTS),
        {Figure.CPU_OF_BEAST: Bar(0.12), Figure.INSTRUCTIONS: Bar(4_000), Figure.SYSTEM_CALLS: Bar(0.2)},
        {Figure.CPU: 0.62, Figure.CPU_OF_BEAST: 0.086, Figure.INSTRUCTIONS: 2_419,
         Figure.SYSTEM_CALLS: 0.12},
    ),
    Row(
        "echo1", "WebSocket echo of 64 bytes, one in flight on each of 64 connections",
        Ask("echo", "/ws"),
        (*TIMES, *COUNTS),
        {Figure.CPU_OF_BEAST: AHEAD, Figure.INSTRUCTIONS: Bar(1_200)},
        {Figure.CPU: 4.3, Figure.INSTRUCTIONS: 633, Figure.SYSTEM_CALLS: 2.0},
    ),
    Row(
        "echo8", "WebSocket echo of 64 bytes, 8 in flight on each of 64 connections",
        Ask("echo", "/ws", window=8),
        (*TIMES, *COUNTS),
        {Figure.CPU_OF_BEAST: Bar(0.15), Figure.INSTRUCTIONS: Bar(700)},
        {Figure.CPU: 0.63, Figure.CPU_OF_BEAST: 0.095, Figure.INSTRUCTIONS: 360},
    ),
    Row(
        "echo16", "WebSocket echo of 64 bytes, 16 in flight on each of 64 connections",
        Ask("echo", "/ws", window=16),
        (*TIMES, *COUNTS),
        {Figure.CPU_OF_BEAST: AHEAD},
    ),
    Row(
        "fairness", "WebSocket echo on 100 busy connections: is any of them starved?",
        Ask("echo", "/ws", connections=100),
        (Figure.RATE, Figure.P99, Figure.FAIRNESS),
        {Figure.FAIRNESS: Bar(20)},
    ),
    Row(
        "idle", "memory of a WebSocket that says nothing, by 10 000 of them",
        Ask("echo", "/ws"),
        (Figure.IDLE_BYTES,),
        {Figure.IDLE_BYTES: Bar(1_024)},
        {Figure.IDLE_BYTES: 272},
    ),
    Row(
        "moves", "tic-tac-toe moves, each stored before it is acknowledged, 64 tables",
        Ask("moves"),
        (Figure.RATE, Figure.P99, Figure.CPU, *COUNTS),
        {Figure.CPU: Bar(25)},
    ),
    Row(
        "players_fairness", "100 players who ask all the time: is any of them starved?",
        Ask("ping", connections=100),
        (Figure.RATE, Figure.P99, Figure.CPU, Figure.FAIRNESS),
        {Figure.FAIRNESS: Bar(20)},
    ),
    Row(
        "players_idle", "memory of a player who is connected and thinks, by 10 000 of them",
        Ask("ping"),
        (Figure.IDLE_BYTES,),
        {Figure.IDLE_BYTES: Bar(1_024)},
    ),
)
