"""Prints what bench/search/run has measured."""

from __future__ import annotations

import statistics


def microseconds(times: list[int]) -> float:
    return statistics.mean(times) / 1000


def shown(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.1f}"


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def print_heading(name: str, built: dict) -> None:
    print(f"\n### {name}\n")
    if built:
        any_one = next(iter(built.values()))
        megabytes = any_one["text_bytes"] / 1e6
        print(f"{any_one['documents']:.0f} documents, {megabytes:.1f} MB of text\n")


def print_index(peers: list[str], built: dict) -> None:
    """Markdown: what building the index cost."""
    print(line(["index", *peers]))
    print(line(["---"] * (1 + len(peers))))
    rows = {
        "MB of text a second": lambda b: f"{b['text_bytes'] / b['add_seconds'] / 1e6:.1f}",
        "merging to one segment, s": lambda b: f"{b['merge_seconds']:.1f}",
        "bytes, % of the text": lambda b: f"{100 * b['index_bytes'] / b['text_bytes']:.1f}",
        "resident while building, MB": lambda b: f"{b['memory_kilobytes'] / 1024:.0f}",
    }
    for label, figure in rows.items():
        print(line([label, *(figure(built[peer]) if peer in built else "" for peer in peers)]))


def print_costs(name: str, peers: list[str], built: dict) -> None:
    """Markdown: what the index cost, where nothing was asked."""
    print_heading(name, built)
    print_index(peers, built)


def print_tables(name: str, peers: list[str], built: dict, best: dict, memory: dict) -> None:
    """Markdown: a row for each class of questions, and what the index cost."""
    has_ratio = "hornbeam" in peers and "lucene" in peers
    print_heading(name, built)
    print(line([f"{name}: mean µs", *peers] + (["Lucene / Hornbeam"] if has_ratio else [])))
    print(line(["---"] * (1 + len(peers) + has_ratio)))
    for row, by_peer in best.items():
        times = {peer: microseconds(by_peer[peer]["times"]) for peer in peers}
        group, _, mode = row.partition(" ")
        label = group.replace("_", " ")
        if mode == "count" and not group.startswith(("tags", "months")):
            label += ", counted"
        cells = [label, *(shown(times[peer]) for peer in peers)]
        if has_ratio:
            cells.append(f"{times['lucene'] / times['hornbeam']:.2f}")
        print(line(cells))
    print()
    print_index(peers, built)
    print(line(["resident while asking, MB", *(f"{memory[peer] / 1024:.0f}" for peer in peers)]))
