"""A publisher is killed at any moment; whoever asks meanwhile is answered from one whole version."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.retriever import Retriever
from tests.knowledge.conftest import LetterEncoder
from tests.knowledge.publishing import ARTICLES, processes, publish_forever, round_of, stamped, start

KILLS = 100


class Asker(threading.Thread):
    """Asks all the time and notes which rounds each version's answers are of."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.retriever = Retriever(KnowledgeBase(folder, LetterEncoder()))
        self.rounds: dict[str, set[int]] = {}
        self.asked, self.failures, self.done = 0, [], threading.Event()

    def __enter__(self) -> Asker:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.done.set()
        self.join()

    def run(self) -> None:
        while not self.done.is_set():
            try:
                found = self.retriever.search(f"Question {self.asked % ARTICLES}?", "en", 10)
                assert len(found.matches) == 10
                rounds = {round_of(match.body) for match in found.matches}
                rounds |= {round_of(match.passage) for match in found.matches}
                self.rounds.setdefault(str(found.version), set()).update(rounds)
            except Exception as error:
                self.failures.append(repr(error))
            self.asked += 1
            time.sleep(0.001)  # the test, too, needs Python's lock


def test_a_hundred_kills_and_every_answer_is_of_one_whole_version(tmp_path):
    folder, draw, in_the_middle = tmp_path / "knowledge", random.Random(5), 0
    base = KnowledgeBase(folder, LetterEncoder())
    base.publish(stamped(1), source="s")
    began = time.monotonic()
    base.publish(stamped(2), source="s")
    longest = 2 * (time.monotonic() - began)
    with Asker(folder) as asker:
        for number in range(KILLS):
            said, pointed = processes.SimpleQueue(), base.current_name()
            writer = start(publish_forever, folder, said)
            assert said.get() == "began"
            while number % 10 == 0 and base.current_name() == pointed:  # however slow the machine, some get through
                assert writer.is_alive()
                time.sleep(0.001)
            time.sleep(draw.uniform(0, longest))
            writer.kill()
            writer.join()
            in_the_middle += any((folder / "versions").glob(".*"))
            # a process that starts now finds a whole version too
            late = KnowledgeBase(folder, LetterEncoder())
            assert len({round_of(one.body) for one in late.articles()}) == 1
            assert late.current().name == late.current_name()
            assert late.trouble is None
    assert asker.failures == []
    assert asker.asked > KILLS
    assert {len(rounds) for rounds in asker.rounds.values()} == {1}
    assert len(asker.rounds) > 3  # it followed
    assert in_the_middle > KILLS / 10  # and the kills did hit
    base.publish(stamped(0), source="s")
    assert not list((folder / "versions").glob(".*"))
    assert {round_of(one.body) for one in base.articles()} == {0}
