"""`sportello train` and `sportello nlu test`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk.encoders import is_missing
from desk.launch.bot_process import BotError
from desk.settings import Settings, load

nlu_app = typer.Typer(no_args_is_help=True)


def _build_encoder(chosen: Settings) -> None:
    """A home that has no encoder yet gets it first, told on standard error."""
    from knowledge import encoder_build
    from knowledge.errors import EncoderError

    if not is_missing(chosen):
        return
    try:
        encoder_build.build(chosen.encoder_folder, lambda said: typer.echo(said, err=True))
    except EncoderError as error:
        raise BotError(str(error)) from error


@nlu_app.callback()
def nlu() -> None:
    """Understanding, measured on Rasa NLU data."""


def train(
    nlu: Annotated[
        Path | None, typer.Option(help="Rasa NLU data to train understanding alone on.", exists=True)
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Rasa configuration; the assistant's own by default.", exists=True)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder the model of --nlu goes to.")] = None,
) -> None:
    """Train the assistant when what it is taught has changed; with --nlu, understanding alone on other data."""
    from desk.launch import training
    from desk.launch.nlu import train_nlu

    if (nlu is None) != (out is None) or (config and nlu is None):
        raise typer.BadParameter("--nlu and --out go together, --config only with them")
    chosen = load()
    try:
        _build_encoder(chosen)
        if nlu is not None and out is not None:
            typer.echo(f"trained: {train_nlu(chosen, nlu, config, out)}")
            return
        result = training.train(chosen, typer.echo)
    except BotError as error:
        sys.exit(f"sportello: {error}")
    typer.echo(f"{'unchanged' if result.skipped else 'trained'}: {result.model}")


@nlu_app.command("test")
def test(
    data: Annotated[Path, typer.Argument(help="Rasa NLU data, or a folder of it.", exists=True)],
    model: Annotated[Path, typer.Option(help="The model, or the folder it was trained into.", exists=True)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, nothing else.")] = False,
) -> None:
    """Measure a trained model: accuracy, in-scope accuracy, out-of-scope recall, confusion."""
    from desk.launch.nlu import Share, test_nlu

    chosen = load()
    try:
        _build_encoder(chosen)
        found = test_nlu(chosen, data, model)
    except BotError as error:
        sys.exit(f"sportello: {error}")
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
        return

    def shown(share: Share) -> str:
        return "none in the data" if share.value is None else f"{share.value:.1%} ({share.right} of {share.n})"

    typer.echo(f"accuracy             {shown(found.accuracy)}")
    typer.echo(f"in-scope accuracy    {shown(found.in_scope_accuracy)}")
    typer.echo(f"  nothing refused    {shown(found.in_scope_unrefused)}")
    typer.echo(f"out-of-scope recall  {shown(found.out_of_scope_recall)}")
    for row in found.confusion[:20]:
        typer.echo(f"  {row['n']:4}  {row['intent']} taken for {row['predicted']}")
