"""`sportello weekly`: what changed since last Monday, to read, to keep or to send."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.cx import Language
from desk.cli.record import derive, record
from desk.settings import load


def weekly(
    to: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write it to this file: HTML if it ends so, else Markdown.")
    ] = None,
    email: Annotated[list[str] | None, typer.Option(help="Send it to this address; may be given again.")] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last full week that ended before this day.")
    ] = None,
    lang: Annotated[Language | None, typer.Option(help="Language; the brand's first if not given.")] = None,
) -> None:
    """The last full week beside the one before, then the week's evidence; printed unless a file or address is given."""
    from desk import brand as brands
    from desk.weekly import post
    from desk.weekly.letter import write
    from touchpoints import configuration
    from touchpoints.store import reading

    chosen = load()
    with record() as engine:
        derive(engine)
        brand = brands.load(chosen.home / "brand.toml")
        today: date = day.date() if day else datetime.now(UTC).astimezone(brand.zone).date()
        language = lang.value if lang else brand.languages[0]
        with reading(engine) as connection:
            letter = write(connection, configuration.load(connection), brand.name, language, today, chosen.url)
    if to is not None:
        to.write_text(letter.html if to.suffix.lower() in (".html", ".htm") else letter.markdown, encoding="utf-8")
        typer.echo(f"{letter.subject}: written to {to}")
    if email:
        try:
            post.send(letter, email, chosen)
        except post.PostError as error:
            typer.echo(f"sportello: {error}", err=True)
            raise typer.Exit(1) from error
        typer.echo(f"{letter.subject}: sent to {len(email)}")
    if to is None and not email:
        typer.echo(letter.markdown, nl=False)
