"""`sportello token add | list | revoke`: machines that may call the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from desk import clock
from desk.launch import home
from desk.settings import load

app = typer.Typer(no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the token is for, such as the machine that will hold it.")],
    scope: Annotated[list[str] | None, typer.Option(help="read or write; give both for both. Else read.")] = None,
) -> None:
    """Make a token and print it, this once: only its hash is kept."""
    from desk.store import accounts, tokens

    with _engine() as engine, engine.begin() as connection:
        secret = tokens.add(connection, name, scope or ["read"], clock.now())
        accounts.note(connection, clock.now(), "command line", "token.add", name)
    typer.echo(secret)


@app.command("list")
def list_tokens() -> None:
    """Every token there is or was, when it was made and last used."""
    from desk.store import tokens

    with _engine() as engine, engine.connect() as connection:
        for one in tokens.every(connection):
            used = f"last used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
            state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else used
            typer.echo(f"{one.name}  {','.join(one.scopes)}  made {one.created_at:%Y-%m-%d}  {state}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The token's name.")]) -> None:
    """End a token: what holds it is refused from now on."""
    from desk.store import accounts, tokens

    with _engine() as engine, engine.begin() as connection:
        tokens.revoke(connection, name, clock.now())
        accounts.note(connection, clock.now(), "command line", "token.revoke", name)
    typer.echo(f"{name} is revoked")


@contextmanager
def _engine() -> Iterator[Engine]:
    from touchpoints.store import migrate, open_engine

    chosen = load()
    home.check(chosen.home)
    engine = open_engine(chosen.database)
    migrate(engine)
    yield engine
    engine.dispose()
