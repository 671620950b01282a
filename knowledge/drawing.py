"""Draws what `knowledge.evaluate` measured: what answering more costs, and whether the confidence keeps its promise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from knowledge.errors import KnowledgeError

FORMATS: Final = (".svg", ".png")
SIDE: Final = 320  # pixels
SCALE: Final = 2.0  # of a PNG, so that it is sharp on paper
COLOUR: Final = "#1f5fa8"


def check(file: Path) -> None:
    """Raises KnowledgeError when a drawing can't be written there, before anything is measured."""
    if file.suffix.lower() not in FORMATS:
        raise KnowledgeError(f"{file}: a drawing is an .svg or a .png file")
    if not file.absolute().parent.is_dir():
        raise KnowledgeError(f"{file}: there is no folder {file.parent}")


def draw(result: Mapping[str, Any], file: Path) -> None:
    """Writes the two diagrams side by side, as SVG or PNG by the file's ending."""
    import altair

    check(file)
    both = altair.hconcat(_risk_coverage(result), _reliability(result)).configure_view(stroke=None)
    kind = file.suffix.lower().removeprefix(".")
    both.save(file, format=kind, scale_factor=SCALE if kind == "png" else 1.0)


def _risk_coverage(result: Mapping[str, Any]) -> Any:
    import altair

    rows = [row for row in result["risk_coverage"] if row["precision"] is not None]
    return (
        altair.Chart(altair.InlineData(values=rows), title="Right answers by share answered", width=SIDE, height=SIDE)
        .mark_line(point=True, color=COLOUR, order=False)
        .encode(
            x=altair.X("coverage:Q", title="Share of questions answered", scale=altair.Scale(domain=[0, 1])),
            y=altair.Y("precision:Q", title="Share of these right", scale=altair.Scale(domain=[0, 1])),
            order="threshold:Q",
        )
    )


def _reliability(result: Mapping[str, Any]) -> Any:
    import altair

    promise = (
        altair.Chart(altair.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(color="#888", strokeDash=[4, 4])
        .encode(x="x:Q", y="y:Q")
    )
    kept = (
        altair.Chart(altair.InlineData(values=result["reliability"]))
        .mark_circle(color=COLOUR, opacity=0.9)
        .encode(
            x=altair.X("confidence:Q", title="Confidence", scale=altair.Scale(domain=[0, 1])),
            y=altair.Y("precision:Q", title="Share right", scale=altair.Scale(domain=[0, 1])),
            size=altair.Size("n:Q", title="Questions", scale=altair.Scale(range=[30, 500])),
        )
    )
    title = f"Confidence and truth (calibration error {result['ece']:.3f})"
    return altair.layer(promise, kept).properties(title=title, width=SIDE, height=SIDE)
