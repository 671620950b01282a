from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import app
from desk.cli.kb import opening
from desk.launch import home
from desk.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.encoded import Say
from tests.desk.fakes import LetterEncoder
from tests.desk.library import GIFTS, TRACK
from touchpoints.store import append, migrate, open_engine


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two articles, five customers who asked for vinyl in vain and one with a question of their own."""
    folder = tmp_path / "home"
    home.make(folder)
    monkeypatch.setenv("SPORTELLO_HOME", str(folder))
    for name in ("DATABASE_URL", "SPORTELLO_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def base(writing: bool = False, say: Say = print) -> KnowledgeBase:
        return KnowledgeBase(Settings(home=folder).knowledge_folder, LetterEncoder())

    monkeypatch.setattr(opening, "base", base)
    base().publish([TRACK, GIFTS], source="tests")
    engine = open_engine(Settings(home=folder).database)
    migrate(engine)
    texts = ["Do you sell vinyl records?"] * 5 + ["My cat Micio ate page 12 of ada@example.org"]
    with engine.begin() as connection:
        for number, text in enumerate(texts):
            told = [
                {
                    "type": "conversation.started",
                    "customer_key": f"k{number}",
                    "key_strength": "device",
                    "language": "en",
                },
                {"type": "message.customer", "text": text},
                {"type": "message.bot", "kind": "fallback", "text": "I don't know."},
            ]
            append(
                connection,
                [
                    {"conversation_id": f"c{number}", "seq": seq, "at": "2026-03-03T10:00:00Z", **one}
                    for seq, one in enumerate(told, 1)
                ],
            )
    engine.dispose()
    return folder


PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["kb", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_gaps_hide_what_could_point_to_a_person_unless_asked(filled: Path) -> None:
    code, out, err = run("gaps", *PERIOD)
    assert code == 0 and "vinyl" in out and "Micio" not in out
    assert "1 questions are in gaps of fewer than 5 customers" in err
    everything = json.loads(run("gaps", *PERIOD, "--all", "--json")[1])
    assert [one["contacts"] for one in everything["gaps"]] == [5, 1]
    assert "ada@example.org" not in json.dumps(everything)


def test_health_lists_every_article_with_its_use(filled: Path) -> None:
    found = {one["article_id"]: one for one in json.loads(run("health", *PERIOD, "--json")[1])["articles"]}
    assert found["track-order"]["answers"] == 0
    assert "never used" in run("health", *PERIOD)[1]


def test_drafts_of_a_fresh_home_are_none(filled: Path) -> None:
    assert json.loads(run("drafts", "--json")[1]) == {"drafts": []}


@pytest.mark.parametrize("wrong", [["gaps", "--from", "yesterday"], ["drafts", "--state", "lost"]])
def test_a_wrong_option_is_a_matter_of_usage(filled: Path, wrong: list[str]) -> None:
    assert run(*wrong)[0] == 2
