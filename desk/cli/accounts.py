"""`sportello agent add | list | disable`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from sqlalchemy import Engine

from desk import clock
from desk.launch import home
from desk.settings import load

app = typer.Typer(no_args_is_help=True)


def _engine() -> Engine:
    from touchpoints.store import migrate, open_engine

    chosen = load()
    home.check(chosen.home)
    engine = open_engine(chosen.database)
    migrate(engine)
    return engine


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name customers see.")],
    role: Annotated[str, typer.Option(help="agent, lead or admin")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Let somebody sign in."""
    from desk.store import accounts

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _engine().begin() as connection:
        made = accounts.add(connection, name, role, password, clock.now())
    typer.echo(f"{made.name} can sign in as {made.role}")


@app.command("list")
def list_accounts() -> None:
    """Everybody who has an account."""
    from desk.store import accounts

    with _engine().connect() as connection:
        for one in accounts.everyone(connection):
            typer.echo(f"{one.role:<6} {one.name}{'  (disabled)' if one.disabled else ''}")


@app.command()
def disable(name: Annotated[str, typer.Argument(help="The account's name.")]) -> None:
    """End somebody's sign-ins and let them sign in no more."""
    from desk.store import accounts

    with _engine().begin() as connection:
        accounts.disable(connection, name, clock.now())
    typer.echo(f"{name} can't sign in any more")
