"""Context measured on the real encoder and the demo's help centre: it helps what leans and harms nothing else.

`python -m tests.actions.test_follow_ups` prints the counts.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from actions.context import search_in_context
from desk.encoding import RecentQueries
from knowledge.base import KnowledgeBase
from knowledge.encoder import Encoder
from knowledge.retriever import Retriever
from tests.bot.conftest import help_centre
from tests.product import TEST_HOME

CASES = tomllib.loads(Path(__file__).with_name("follow_ups.toml").read_text(encoding="utf-8"))


def make_retriever(encoder_folder: Path, folder: Path) -> Retriever:
    base = KnowledgeBase(folder, RecentQueries(Encoder.load(encoder_folder)))
    base.publish(list(help_centre()), source="tests")
    return Retriever(base)


def count(retriever: Retriever, kind: str, lang: str, in_context: bool) -> Counter[str]:
    """How many messages were answered right, answered wrong, asked back with the right title, or none of these."""
    counted: Counter[str] = Counter()
    for before, text, right in CASES[kind][lang]:
        answered = retriever.search(before, lang).matches[0].article_id if in_context else None
        found, _ = search_in_context(retriever, text, lang, before if in_context else None, answered)
        best = [match.article_id for match in found.matches[:3]]
        if found.decision == "answer":
            counted["right" if best[0] in right else "wrong"] += 1
        else:
            offered = found.decision == "clarify" and set(best) & set(right)
            counted["offered" if offered else "missed"] += 1
    return counted


@pytest.fixture(scope="module")
def retriever(encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return make_retriever(encoder_folder, tmp_path_factory.mktemp("knowledge"))


@pytest.mark.encoder
@pytest.mark.parametrize("lang", ["it", "en"])
def test_context_helps_what_leans(retriever: Any, lang: str) -> None:
    alone, together = (count(retriever, "leaning", lang, in_context) for in_context in (False, True))
    assert together["right"] > alone["right"]
    assert together["missed"] < alone["missed"]
    assert together["wrong"] <= alone["wrong"] + 1


@pytest.mark.encoder
@pytest.mark.parametrize("lang", ["it", "en"])
def test_context_harms_nothing_that_stands_alone(retriever: Any, lang: str) -> None:
    alone, together = (count(retriever, "alone", lang, in_context) for in_context in (False, True))
    assert together["right"] >= alone["right"]
    assert together["wrong"] <= alone["wrong"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        one = make_retriever(TEST_HOME / "encoder", Path(made))
        for kind_of in CASES:
            for spoken in CASES[kind_of]:
                for used in (False, True):
                    how = "in context" if used else "alone"
                    sys.stdout.write(f"{kind_of} {spoken} {how}: {dict(count(one, kind_of, spoken, used))}\n")
