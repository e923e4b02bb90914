"""The table that is printed: a line for each figure, Hornbeam beside its peers, the bar and its verdict at the end."""

from __future__ import annotations

from .results import Results
from .rows import Bar, Figure, Row

LABEL = 24
CELL = 11
RECORDED = "uWS*"


def render(rows: list[Row], results: Results) -> str:
    titles = results.titles()
    lines = [_heading(titles)]
    for row in rows:
        lines += ["", f"{row.name}: {row.question}"]
        lines += [_line(row, figure, titles, results) for figure in row.figures]
    lines += ["", "* uWebSockets, recorded earlier on a machine of this kind; not part of this run."]
    lines += [f"- {note}" for note in results.notes]
    return "\n".join(lines)


def _heading(titles: list[str]) -> str:
    cells = "".join(f"{title:>{CELL}}" for title in [*titles, RECORDED])
    return f"{'':{LABEL}}{cells}   bar"


def _line(row: Row, figure: Figure, titles: list[str], results: Results) -> str:
    values = [results.value(row, figure, title) for title in titles] + [row.recorded.get(figure)]
    cells = "".join(f"{figure.write(value):>{CELL}}" for value in values)
    bar = row.bars.get(figure)
    return f"  {row.title(figure):{LABEL - 2}}{cells}   {_verdict(row, figure, bar, results)}".rstrip()


def _verdict(row: Row, figure: Figure, bar: Bar | None, results: Results) -> str:
    if bar is None:
        return ""
    met = results.is_met(row, figure)
    return f"{bar}  {'not measured' if met is None else 'pass' if met else 'MISSED'}"
