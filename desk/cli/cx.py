"""`sportello cx` and the imports it rests on: what is known of the experience beside service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from desk.cli.record import AsOf, Config, From, To, Where, derive, filters_of, record, touchpoints_app

AUTHOR: Final = "command line"
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with a header.")]


class CxFormat(StrEnum):
    json = "json"
    md = "md"


class Language(StrEnum):
    it = "it"
    en = "en"


def cx(
    period_from: From = None,
    period_to: To = None,
    as_of: AsOf = None,
    where: Where = None,
    config: Config = None,
    format: Annotated[CxFormat, typer.Option(help="How to print it.")] = CxFormat.md,
    lang: Annotated[Language, typer.Option(help="Language of the Markdown.")] = Language.en,
) -> None:
    """Promises and the evidence about them, coverage, causes, pillars, priorities; no overall number."""
    from desk.cli.cx_markdown import markdown
    from touchpoints import configuration
    from touchpoints.cx.summary import summary
    from touchpoints.store import reading

    filters = filters_of(where)
    with record() as engine:
        derive(engine)
        with reading(engine) as connection:
            in_force = configuration.load(connection, config)
            document = summary(connection, in_force, period_from, period_to, as_of, filters)
    if format is CxFormat.json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        typer.echo(markdown(document, lang.value), nl=False)


@touchpoints_app.command("import-observations")
def import_observations(file: File) -> None:
    """Take in what was observed elsewhere: all of the file or, when a line is refused, nothing of it."""
    from touchpoints.cx import observations

    with record() as engine, file.open("rb") as source, engine.begin() as connection:
        found = observations.import_csv(connection, source, datetime.now(UTC), AUTHOR)
    for promise, times in sorted(found.unattached.items()):
        typer.echo(f"promise {promise!r} ({times}×) is not on record yet", err=True)
    typer.echo(f"{found.rows} observations read: {found.new} new, {found.revised} revised, {found.unchanged} unchanged")


@touchpoints_app.command("import-orders")
def import_orders(file: File) -> None:
    """Take in orders (customer_key, order_ref, at): all of the file or, when a line is refused, nothing of it."""
    from touchpoints import configuration
    from touchpoints.cx import orders

    with record() as engine, file.open("rb") as source, engine.begin() as connection:
        found = orders.import_csv(connection, source, configuration.load(connection))
    typer.echo(f"{found.rows} orders read: {found.new} new, {found.known} known before")


@touchpoints_app.command("import-entries")
def import_entries(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Promises and the like, YAML or JSON.")],
    by: Annotated[str, typer.Option(help="Who wrote them.")] = AUTHOR,
) -> None:
    """Write down promises, frictions, context events, actions, touchpoints, areas and thresholds, each dated."""
    from touchpoints.cx import entry_file

    with record() as engine, engine.begin() as connection:
        found = entry_file.record_all(connection, file.read_bytes(), datetime.now(UTC), by)
    for kind, times in found.items():
        typer.echo(f"{times} {kind} written down")
