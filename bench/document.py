"""docs/benchmarks.md: how it is measured, written once, and the figures of the latest run between two marks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

BEGIN: Final = "<!-- figures: begin (make bench) -->"
END: Final = "<!-- figures: end -->"
METHOD: Final = Path(__file__).with_name("method.md")


def write(path: Path, figures: str) -> None:
    """Put the figures in the document, which is begun with the method when it isn't there. Raises ValueError."""
    text = (
        path.read_text(encoding="utf-8") if path.exists() else f"{METHOD.read_text(encoding='utf-8')}\n{BEGIN}\n{END}\n"
    )
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no section between {BEGIN} and {END}")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(f"{before}{BEGIN}\n{figures.strip()}\n{END}{after}", encoding="utf-8")
    new.replace(path)
