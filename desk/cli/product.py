"""`sportello init | run | demo | settings | doctor`: the product as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from desk.launch import home
from desk.settings import PREFIX, Settings, load

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
demo_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Put the commands of this file on the `sportello` command."""
    app.command("init")(init)
    app.command("run")(run)
    app.command("settings")(settings)
    app.command("doctor")(doctor)
    app.add_typer(demo_app, name="demo", help="A labelled demonstration in a home of its own.")


def init(
    brand: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The brand's TOML file.")] = None,
) -> None:
    """Make an empty home with the default configuration."""
    chosen = load()
    home.make(chosen.home, brand)
    home.configure(chosen)
    typer.echo(f"{chosen.home} is ready: add people with 'sportello agent add', articles with 'sportello kb import'")


def run(host: Host = None, port: Port = None) -> None:
    """Make what is missing, start the app and the assistant, and watch them until Ctrl-C."""
    chosen = load(host=host, port=port)
    home.check(chosen.home)
    _start(chosen)


@demo_app.command("run")
@demo_app.command("bookshop")
def demo_run(host: Host = None, port: Port = None) -> None:
    """The bookshop, with simulated customers of the last weeks."""
    _tell("bookshop", host, port)


@demo_app.command("ikea")
def demo_ikea(host: Host = None, port: Port = None) -> None:
    """Weak service, the promise kept: an invented case after the article's example."""
    _tell("ikea", host, port)


@demo_app.command("inverse")
def demo_inverse(host: Host = None, port: Port = None) -> None:
    """Excellent service, the promise broken: it only repairs."""
    _tell("inverse", host, port)


def _tell(name: str, host: str | None, port: int | None) -> None:
    from desk.demo import prepare as demo
    from desk.demo.stories import STORIES

    story = STORIES[name]
    chosen = demo.settings(load(host=host, port=port), story)
    demo.make(chosen, story)
    _start(chosen, lambda: demo.fill(chosen, story))


def _start(chosen: Settings, fill: Callable[[], None] | None = None) -> None:
    from desk.launch import prepare
    from desk.launch.supervisor import Supervisor, check_port
    from desk.launch.training import bot_python, trained_model

    check_port(chosen.host, chosen.port)  # before minutes of preparation rather than after
    prepare.everything(chosen)
    if fill is not None:
        fill()
    Supervisor(chosen, trained_model(chosen), bot_python(chosen)).run()


def settings() -> None:
    """Every setting: name, value in force, default, meaning."""
    chosen = load()
    for one in fields(Settings):
        value = getattr(chosen, one.name)
        shown = "(set)" if one.name in ("jwt_secret", "database_url", "smtp_password") and value else value
        typer.echo(
            f"{PREFIX}{one.name.upper()} = {shown}\n    {one.metadata['help']} Default: {one.default or 'empty'}"
        )


def doctor() -> None:
    """Check what the product needs, one line each, and say what to do about what is missing."""
    from desk.launch import diagnosis

    found = diagnosis.examine(load())
    for check in found:
        typer.echo(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.says}")
    if not all(check.ok for check in found):
        raise typer.Exit(1)
