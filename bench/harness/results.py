"""Everything measured in one run, by row, figure and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .load import Seen
from .peers import Peer
from .rows import Figure, Row

OURS = "Hornbeam"
BEAST = "Beast"
RESTLESS = 1.25  # passes whose CPU differs by more than this were disturbed
TITLE_OF_PEER = {"hornbeam": OURS, "beast": BEAST, "flask": "Flask"}


@dataclass
class Results:
    """Figures by row name, figure and the peer's title; figures that compare two peers are derived when asked for."""

    wanted: list[Peer]
    peers: list[Peer] = field(default_factory=list)  # those of the wanted that can run here
    measured: dict[tuple[str, Figure, str], float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def titles(self) -> list[str]:
        return list(dict.fromkeys([OURS, *(peer.title for peer in self.peers)]))

    def add(self, row: Row, figure: Figure, peer: Peer, value: float) -> None:
        self.measured[row.name, figure, peer.title] = value

    def add_passes(self, row: Row, peer: Peer, passes: list[Seen]) -> None:
        """Takes the best of the passes for each figure: what else the machine does only ever makes one worse."""
        self.add(row, Figure.RATE, peer, max(seen.rate for seen in passes))
        self.add(row, Figure.CPU, peer, min(seen.cpu for seen in passes))
        self.add(row, Figure.P99, peer, min(seen.p99 for seen in passes))
        self.add(row, Figure.FAIRNESS, peer,
                 min(seen.slowest_turns_p99 / max(1, seen.turns_p50) for seen in passes))
        worst = max(seen.cpu for seen in passes) / min(seen.cpu for seen in passes)
        if worst > RESTLESS:
            self.notes.append(f"{row.name}: {peer.title}'s passes differ by {worst - 1:.0%} in CPU; "
                              "the best is shown")

    def value(self, row: Row, figure: Figure, title: str) -> float | None:
        if figure is Figure.CPU_OF_BEAST:
            return self._ratio(row, title, BEAST)
        if figure is Figure.CPU_OF_OURS:
            return self._ratio(row, title, OURS)
        return self.measured.get((row.name, figure, title))

    def is_met(self, row: Row, figure: Figure) -> bool | None:
        """Whether the row's bar on `figure` is met; nothing if it could not be measured."""
        bar = row.bars[figure]
        value = self.value(row, figure, TITLE_OF_PEER[bar.peer])
        return None if value is None else bar.is_met_by(value)

    def can_judge(self, row: Row, figure: Figure) -> bool:
        """Whether every peer that the row's bar on `figure` looks at was to be measured."""
        needed = {OURS, TITLE_OF_PEER[row.bars[figure].peer]}
        if figure is Figure.CPU_OF_BEAST:
            needed.add(BEAST)
        return needed <= {peer.title for peer in self.wanted}

    def _ratio(self, row: Row, title: str, base_title: str) -> float | None:
        value = self.measured.get((row.name, Figure.CPU, title))
        base = self.measured.get((row.name, Figure.CPU, base_title))
        return value / base if value is not None and base else None

    def to_json(self, rows: list[Row]) -> dict[str, Any]:
        document: dict[str, Any] = {"notes": self.notes, "rows": {}}
        for row in rows:
            figures: dict[str, Any] = {}
            for figure in row.figures:
                values = {title: self.value(row, figure, title) for title in self.titles()}
                entry: dict[str, Any] = {"values": {t: v for t, v in values.items() if v is not None}}
                if figure in row.bars:
                    entry |= {"bar": str(row.bars[figure]), "met": self.is_met(row, figure)}
                figures[row.title(figure)] = entry
            document["rows"][row.name] = {"question": row.question, "figures": figures}
        return document
