"""`sportello kb search | evaluate`: what the knowledge base finds, and how often that is right."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.kb import opening
from desk.cli.kb.terminal import Json, Lang, print_json, refusals, say

if TYPE_CHECKING:
    from knowledge.retriever import Retriever


def search(
    query: Annotated[str, typer.Argument(help="The question, as a customer would put it.")],
    lang: Lang = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many articles at most.")] = 5,
    as_json: Json = False,
) -> None:
    """Find the articles for a question, with the decision the assistant would take."""
    with refusals():
        found = _retriever().search(query, lang, k)
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"{found.decision} ({found.confidence:.2f}, {found.lang}, version {found.version or 'none yet'})")
    for match in found.matches:
        typer.echo(f"{match.confidence:.2f}  {match.article_id}  {match.lang}  {match.title}")


def evaluate(
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"query", "lang", "relevant": [id…]}.')],
    as_json: Json = False,
    draw: Annotated[
        Path | None, typer.Option(help="Write risk-coverage and reliability diagrams to an .svg or .png file.")
    ] = None,
) -> None:
    """Measure what is served on questions whose right articles are known."""
    from knowledge import drawing
    from knowledge import evaluate as evaluation

    with refusals():
        if draw:
            drawing.check(draw)
        questions = evaluation.read_questions(file)
        retriever = _retriever()
        result = evaluation.evaluate(retriever, questions)
        if draw:
            drawing.draw(result, draw)
        served = retriever.base.current()
    if served and served.calibration.warning:
        say(served.calibration.warning)
    if as_json:
        print_json(result)
        return
    for name, value in result.items():
        if name not in ("risk_coverage", "reliability"):
            typer.echo(f"{name}: {json.dumps(value)}")
    typer.echo("confidence from  answered  of these right")
    for row in result["risk_coverage"]:
        right = "–" if row["precision"] is None else f"{row['precision']:.3f}"
        typer.echo(f"{row['threshold']:15.2f}  {row['coverage']:8.3f}  {right:>14}")


def _retriever() -> Retriever:
    from knowledge.retriever import Retriever

    base = opening.base()
    return Retriever(opening.base(writing=True) if base.current_name() else base)
