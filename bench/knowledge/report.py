"""The run as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.table import table

Found = Mapping[str, Any]


def write(*, rounds: int, searches: Sequence[Found], build: Found, change: Found, memory: Sequence[Found]) -> str:
    """Every figure a median over rounds in which all ways took turns."""
    return "\n\n".join((_search(rounds, searches), _build(build), _change(change), _memory(memory))) + "\n"


def _search(rounds: int, searches: Sequence[Found]) -> str:
    columns = [
        "passages",
        "search",
        "encode + FAISS, every row",
        "ratio (aim ≤ 1.2 up to 100,000)",
        "encode + FAISS, same index",
        "ratio",
        "encode alone",
        "index",
        "recall@10 of it",
        "building it",
    ]
    rows = [
        [
            f"{one['size']:,}",
            _ms(one["seconds"]["search"]),
            _ms(one["seconds"]["faiss"]),
            f"{one['ratio']:.2f}×",
            _ms(one["seconds"]["same_index"]),
            f"{one['ratio_same_index']:.2f}×",
            _ms(one["seconds"]["encode"]),
            one["kind"],
            f"{one['recall']:.4f}",
            f"{one['build']:.0f} s",
        ]
        for one in searches
    ]
    return f"### Search\n\n{rounds} rounds; medians.\n\n{table(columns, rows)}"


def _build(build: Found) -> str:
    columns = ["articles", "texts encoded", "build", "bare encoder", "build's share (aim ≥ 90 %)", "of processor time"]
    row = [
        f"{build['articles']:,}",
        f"{build['texts']:,.0f}",
        f"{build['build_rate']:.1f} texts/s",
        f"{build['bare_rate']:.1f} texts/s",
        f"{build['share']:.0%}",
        f"{build['share_used']:.0%}",
    ]
    return f"### Build\n\n{table(columns, [row])}"


def _change(change: Found) -> str:
    columns = ["articles, one of them changed", "published in (aim < 2 s)", "processor time"]
    row = [f"{change['articles']:,}", f"{change['wall']:.2f} s", f"{change['processor']:.2f} s"]
    return f"### One changed article\n\n{table(columns, [row])}"


def _memory(memory: Sequence[Found]) -> str:
    columns = ["passages", "libraries", "with the encoder", "the knowledge adds", "of that not mapped from files"]
    rows = [
        [f"{one['size']:,}", *(_mb(one[name]) for name in ("imported", "encoder", "knowledge", "knowledge_private"))]
        for one in memory
    ]
    return f"### Memory of a process\n\n{table(columns, rows)}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _mb(size: float) -> str:
    return f"{size / 2**20:.0f} MiB"
