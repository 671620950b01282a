"""docs/benchmarks.md: for each suite how it measures, and the figures of its latest run between two marks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

END: Final = "<!-- figures: end -->"


def write(path: Path, suite: str, figures: str) -> None:
    """Put a suite's figures in its section, begun with its method when not there. Raises ValueError."""
    begin = f"<!-- figures of {suite}: begin (make bench) -->"
    text = path.read_text(encoding="utf-8")
    if begin not in text:
        method = (Path(__file__).parent / suite / "method.md").read_text(encoding="utf-8")
        text = f"{text.rstrip()}\n\n{method.strip()}\n\n{begin}\n{END}\n"
    before, _, rest = text.partition(begin)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{path} has no {END} after {begin}")
    new = path.with_suffix(".new")
    new.write_text(f"{before}{begin}\n{figures.strip()}\n{END}{after}", encoding="utf-8")
    new.replace(path)
