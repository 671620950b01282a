"""Publishers that tests start as processes of their own, and what every version of theirs holds."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from tests.knowledge.conftest import LetterEncoder, article

ARTICLES = 30

# processes forked from one that has imported everything already: a hundred can be started and killed in seconds
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["__main__", "tests.knowledge.publishing"])


def start(target: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    process = processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def stamped(round: int) -> list[Article]:
    """Articles that all say which round they are of."""
    return [article(f"a{n:02d}", f"Question {n}?", f"Answer {n} of round {round}") for n in range(ARTICLES)]


def round_of(text: str) -> int:
    return int(text.rsplit(" ", 1)[1])


def publish_forever(folder: Path, said: SimpleQueue[str]) -> None:
    base = KnowledgeBase(folder, LetterEncoder())
    said.put("began")
    while True:
        base.publish(stamped(round_of(base.articles()[0].body) + 1), source="s")


def publish_with_small_files(folder: Path, most_bytes: int, said: SimpleQueue[str]) -> None:
    """Publishes where no file may grow beyond a size, as on a disk that fills up."""
    base = KnowledgeBase(folder, LetterEncoder())
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        base.publish(stamped(2), source="s")
    except KnowledgeError as error:
        said.put(str(error))
    else:
        said.put("published")


def wait_for_turn(folder: Path, said: SimpleQueue[str]) -> None:
    """Publishes as soon as it may, and repeats what it was told meanwhile."""
    KnowledgeBase(folder, LetterEncoder()).publish(stamped(2), source="s", say=said.put)
