"""`sportello kb gaps | health | drafts`: what was asked in vain, how the articles do, what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from desk.cli.kb import opening
from desk.cli.kb.terminal import Json, print_json, refusals, silent

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.brand import Brand
    from touchpoints.configuration import Configuration
    from touchpoints.period import Span
    from touchpoints.questions import Questions

DEFAULT_DAYS: Final = 28


@dataclass(frozen=True)
class _Record:
    engine: Engine
    configuration: Configuration
    brand: Brand
    today: date


def gaps(
    from_: Annotated[str | None, typer.Option("--from", help="First day; else four weeks up to the last.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, included; else today.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also gaps of fewer than 5 customers, whose words may point to a person.")
    ] = False,
    as_json: Json = False,
) -> None:
    """The questions the assistant failed, grouped by meaning. Personal data is taken out of the wordings."""
    from desk.library import gaps as grouping
    from desk.library.vectors import QuestionVectors
    from knowledge.retriever import Retriever

    with refusals(), _record() as record:
        span, asked = _asked(record, from_, to)
        base = opening.base(writing=True, say=silent)
        assert base.encoder is not None
        vectors, retriever = QuestionVectors(base.encoder), Retriever(base)
        found = grouping.find(asked.failed, vectors, retriever, span)
        shown = [one for one in found if everything or not one.few]
        shown = [grouping.with_nearest(one, vectors, retriever) for one in shown]
    hidden = sum(one.questions for one in found) - sum(one.questions for one in shown)
    if as_json:
        from desk.library.api import gap_fields

        print_json({"gaps": [gap_fields(one) for one in shown], "hidden": {"questions": hidden}})
        return
    for one in shown:
        near = f"{one.nearest.article_id} ({one.nearest.confidence:.2f})" if one.nearest else "–"
        typer.echo(f"{one.contacts}\t{one.language}\t{one.wordings[0].text}\t{near}")
        for said in one.wordings[1:]:
            typer.echo(f"\t{said.language}\t  {said.text}")
    if hidden:
        typer.echo(f"{hidden} questions are in gaps of fewer than 5 customers: --all shows them", err=True)


def health(
    from_: Annotated[str | None, typer.Option("--from", help="First day; else four weeks up to the last.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, included; else today.")] = None,
    as_json: Json = False,
) -> None:
    """The articles by age, use, accepted and rejected answers; the most rejected first."""
    from desk.library.health import health as judge
    from desk.library.health import ordered

    with refusals(), _record() as record:
        _, asked = _asked(record, from_, to)
        articles = opening.base().articles()
        found = ordered(judge(articles, asked.given, record.brand.languages, record.today), "rejected", "en")
    if as_json:
        from desk.library.api import health_fields

        print_json({"articles": [health_fields(one) for one in found]})
        return
    typer.echo("answers  accepted  rejected  age (days)  article")
    for one in found:
        use = one.use
        counts = ("<5",) * 3 if use.few else (use.answers, use.accepted, use.rejected)
        age = "–" if one.age_days is None else one.age_days
        signs = f"  [{', '.join(sign.replace('_', ' ') for sign in one.signs)}]" if one.signs else ""
        typer.echo(f"{counts[0]:>7}  {counts[1]:>8}  {counts[2]:>8}  {age:>10}  {one.article_id}{signs}")


def drafts(
    state: Annotated[str, typer.Option(help="open, approved or rejected.")] = "open", as_json: Json = False
) -> None:
    """The drafts in one state. They are edited and approved on the page /knowledge/drafts."""
    from desk.store import drafts as store

    if state not in ("open", "approved", "rejected"):
        raise typer.BadParameter("open, approved or rejected", param_hint="--state")
    with refusals(), _record() as record, record.engine.connect() as connection:
        found = store.listed(connection, (state,))
    if as_json:
        from desk.library.api import draft_fields

        print_json({"drafts": [draft_fields(one) for one in found]})
        return
    for one in found:
        typer.echo(f"{one.id}\t{one.content.lang}\t{one.author}\t{one.content.title}")


@contextmanager
def _record() -> Iterator[_Record]:
    """The home's record, its interactions up to date."""
    from desk import brand as brands
    from desk import clock
    from desk.launch import home
    from desk.settings import load
    from touchpoints import configuration as configurations
    from touchpoints.errors import QueryError
    from touchpoints.store import migrate, open_engine, refresh

    chosen = load()
    home.check(chosen.home)
    brand = brands.load(chosen.home / "brand.toml")
    engine = open_engine(chosen.database)
    try:
        migrate(engine)
        with engine.begin() as connection:
            refresh(connection)
            configuration = configurations.load(connection)
        yield _Record(engine, configuration, brand, clock.now().astimezone(brand.zone).date())
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    finally:
        engine.dispose()


def _asked(record: _Record, first: str | None, last: str | None) -> tuple[Span, Questions]:
    from touchpoints import period
    from touchpoints.questions import questions
    from touchpoints.store import reading

    end = period.day("to", last) if last else record.today
    start = period.day("from", first) if first else end - timedelta(days=DEFAULT_DAYS - 1)
    span = period.span(start, end, record.configuration)
    with reading(record.engine) as connection:
        return span, questions(connection, record.configuration, span)


def register(app: typer.Typer) -> None:
    """Adds the commands to `sportello kb`."""
    commands: tuple[tuple[str, Any], ...] = (("gaps", gaps), ("health", health), ("drafts", drafts))
    for name, command in commands:
        app.command(name)(command)
