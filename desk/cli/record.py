"""`sportello report` and `sportello touchpoints`: the record, read and kept from the command line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.launch import home
from desk.settings import load

if TYPE_CHECKING:
    from sqlalchemy import Engine

touchpoints_app = typer.Typer(no_args_is_help=True)

From = Annotated[str | None, typer.Option("--from", help="First day, such as 2026-03-02; else the record's first.")]
To = Annotated[str | None, typer.Option("--to", help="Last day, inclusive; else the day looked back from.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The moment looked back from, a day's end; else now.")]
Where = Annotated[list[str] | None, typer.Option("--where", help="FIELD=VALUE; a field given twice keeps both values.")]

Config = Annotated[str | None, typer.Option(help="An earlier configuration, by its version.")]


class ReportFormat(StrEnum):
    json = "json"
    csv = "csv"
    md = "md"


class ExportFormat(StrEnum):
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def report(
    period_from: From = None,
    period_to: To = None,
    as_of: AsOf = None,
    by: Annotated[str | None, typer.Option(help="A field to break down by, such as contact_reason or day.")] = None,
    where: Where = None,
    compare_from: Annotated[str | None, typer.Option(help="First day of an earlier period to compare with.")] = None,
    compare_to: Annotated[str | None, typer.Option(help="Last day of that period.")] = None,
    config: Config = None,
    format: Annotated[ReportFormat, typer.Option(help="How to print it.")] = ReportFormat.md,
) -> None:
    """Every metric of the service touchpoint over a period, beside another period if wanted."""
    from touchpoints import configuration
    from touchpoints.rendering import report_csv, report_markdown
    from touchpoints.report import report as make
    from touchpoints.store import reading

    filters, compare = filters_of(where), _pair(compare_from, compare_to)
    with record() as engine:
        derive(engine)
        with reading(engine) as connection:
            in_force = configuration.load(connection, config)
            document = make(connection, in_force, period_from, period_to, as_of, filters, by, compare)
    if format is ReportFormat.json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        text = report_csv(document) if format is ReportFormat.csv else report_markdown(document)
        typer.echo(text, nl=False)


@touchpoints_app.command("import-events")
def import_events(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Events, one JSON object a line.")],
) -> None:
    """Take in a history: all of the file or, when a line is refused, nothing of it."""
    from rich.console import Console
    from rich.progress import Progress

    from touchpoints import store

    with record() as engine, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(file.name, total=os.path.getsize(file))
        with file.open("rb") as source, engine.begin() as connection:
            found = store.import_events(
                connection, source, lambda lines: progress.update(task, completed=source.tell(), description=f"{lines}")
            )
        progress.update(task, description="deriving interactions")
        derived = derive(engine)
    for name, times in sorted(found.ignored.items()):
        typer.echo(f"ignored attribute {name} ({times}×): not part of the event's type", err=True)
    typer.echo(f"{found.stored} events imported, {found.known} known before, {derived} conversations derived")


@touchpoints_app.command()
def configurations() -> None:
    """List every configuration that was put in force: when, by whom, and the version that reports name."""
    from touchpoints import configuration, store
    from touchpoints.instant import isoformat

    with record() as engine, store.reading(engine) as connection:
        for saved in configuration.history(connection):
            typer.echo(f"{isoformat(saved.at)}  {saved.version}  {saved.by or '-'}")


@touchpoints_app.command()
def recompute() -> None:
    """Derive every interaction anew from the events."""
    from touchpoints import store

    with record() as engine, engine.begin() as connection:
        typer.echo(f"{store.recompute(connection)} conversations derived")


@touchpoints_app.command()
def export(
    format: Annotated[ExportFormat, typer.Option(help="How to print the rows.")] = ExportFormat.csv,
    period_from: From = None,
    period_to: To = None,
    as_of: AsOf = None,
    where: Where = None,
    metric: Annotated[
        str | None, typer.Option(help="Only the contacts behind a number, such as fcr.eventually.")
    ] = None,
    part: Annotated[str, typer.Option(help="Which: n, numerator, denominator, or a count beside it.")] = "n",
    value: Annotated[str | None, typer.Option(help="Which value, of a metric that counts values.")] = None,
    config: Config = None,
    dictionary: Annotated[Path | None, typer.Option(help="Write what the columns mean to this CSV file.")] = None,
) -> None:
    """Print the interactions of a period, one row each, or those behind one number."""
    from touchpoints import configuration, store
    from touchpoints.dictionary import dictionary_csv
    from touchpoints.exporting import csv_lines, json_lines, write_parquet
    from touchpoints.rows import Counted, every_interaction
    from touchpoints.selection import Question

    question = Question(period_from, period_to, as_of, filters_of(where))
    counted = None if metric is None else Counted(metric, part, value)
    if dictionary is not None:
        dictionary.write_text(dictionary_csv(), encoding="utf-8", newline="")
    with record() as engine:
        derive(engine)
        with store.reading(engine) as connection:
            found = every_interaction(connection, configuration.load(connection, config), question, counted)
            if format is ExportFormat.parquet:
                write_parquet(found, sys.stdout.buffer)
            else:
                sys.stdout.writelines(csv_lines(found) if format is ExportFormat.csv else json_lines(found))


@touchpoints_app.command()
def erase(
    customer_key: Annotated[str, typer.Argument(help="The customer's key, as interactions show it.")],
) -> None:
    """Forget a customer: words, keys and references go, the counts stay."""
    from desk.store import erasure
    from touchpoints import store

    with record() as engine:
        with engine.begin() as connection:
            erased = erasure.erase(connection, customer_key)
        store.checkpoint(engine)
    if not erased:
        typer.echo(f"sportello: no conversation of {customer_key!r} is on record", err=True)
        raise typer.Exit(1)
    typer.echo(f"{erased} conversations erased")


@contextmanager
def record() -> Iterator[Engine]:
    """The database in force; what the record refuses becomes one sentence and an exit code."""
    from touchpoints.errors import QueryError, RecordError
    from touchpoints.store import migrate, open_engine

    chosen = load()
    home.check(chosen.home)
    engine = open_engine(chosen.database)
    try:
        migrate(engine)
        yield engine
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    except RecordError as error:
        typer.echo(f"sportello: {error}", err=True)
        raise typer.Exit(1) from error
    finally:
        engine.dispose()


def derive(engine: Engine) -> int:
    """Brings the stored interactions up to date, so that reading need not."""
    from touchpoints.store import refresh

    with engine.begin() as connection:
        return refresh(connection)


def _pair(first: str | None, last: str | None) -> tuple[str, str] | None:
    if (first is None) != (last is None):
        raise typer.BadParameter("a period to compare with needs both days", param_hint="--compare-from, --compare-to")
    return None if first is None or last is None else (first, last)


def filters_of(where: list[str] | None) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for given in where or []:
        field, equals, value = given.partition("=")
        if not (field and equals):
            raise typer.BadParameter(f"{given!r}: write FIELD=VALUE", param_hint="--where")
        filters.setdefault(field, []).append(value)
    return filters
