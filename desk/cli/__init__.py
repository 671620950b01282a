"""The `sportello` command. Exit codes: 0 done, 1 refused or failed (why on standard error), 2 usage."""

from __future__ import annotations

import sys

import typer

from desk.cli.accounts import app as agent_app
from desk.cli.cx import cx
from desk.cli.kb import app as kb_app
from desk.cli.product import register
from desk.cli.record import report, touchpoints_app
from desk.cli.tokens import app as token_app
from desk.cli.train import nlu_app, train
from desk.cli.weekly import weekly

app = typer.Typer(
    name="sportello",
    help="A support desk: answers from a knowledge base, people behind it, an honest record of what service did.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
register(app)
app.command("train")(train)
app.command("report")(report)
app.command("cx")(cx)
app.command("weekly")(weekly)
app.add_typer(nlu_app, name="nlu", help="Understanding, measured on Rasa NLU data.")
app.add_typer(agent_app, name="agent", help="People who work at the desk.")
app.add_typer(token_app, name="token", help="Machines that may call the API.")
app.add_typer(kb_app, name="kb", help="The knowledge base: import, search, versions.")
app.add_typer(touchpoints_app, name="touchpoints", help="The record of interactions: import, export, erase.")


def main() -> None:
    """Run a command; a refusal is one sentence on standard error, not a traceback."""
    from desk.brand import BrandError
    from desk.launch.bot_process import BotError
    from desk.launch.home import HomeError
    from desk.launch.prepare import PrepareError
    from desk.launch.supervisor import StartError
    from desk.settings import SettingsError
    from desk.store.accounts import AccountError

    try:
        app()
    except (SettingsError, HomeError, BrandError, BotError, StartError, PrepareError, AccountError) as error:
        sys.exit(f"sportello: {error}")
