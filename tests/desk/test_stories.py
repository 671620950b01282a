"""The demo's homes: one story each, labelled, never mixed up with another or with a real home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from desk import brand
from desk.cli.product import demo_app
from desk.demo import prepare
from desk.demo.stories import STORIES
from desk.launch.home import HomeError
from desk.settings import Settings, load
from touchpoints import configuration
from touchpoints.configuration import Configuration
from touchpoints.cx.summary import summary
from touchpoints.store import open_engine, reading, refresh

UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def told(tmp_path: Path, name: str) -> tuple[Settings, Configuration, dict[str, Any]]:
    """A home with its story, and what is known in it."""
    story, chosen = STORIES[name], Settings(home=tmp_path / "home", demo=True)
    prepare.make(chosen, story)
    engine = open_engine(chosen.database)
    with engine.begin() as connection:
        story.past(connection, UNTIL)
        refresh(connection)
    with reading(engine) as connection:
        in_force = configuration.load(connection)
        found = summary(connection, in_force, as_of=UNTIL)
    engine.dispose()
    return chosen, in_force, found


@pytest.mark.parametrize(
    ("name", "reading_", "statuses"),
    [
        ("ikea", "service_weak_promise_kept", {"kept"}),
        ("inverse", "service_strong_promise_not_kept", {"not_kept"}),
        ("bookshop", None, {"kept", "not_kept", "uncertain", "not_measured"}),
    ],
)
def test_a_home_tells_its_story(tmp_path: Path, name: str, reading_: str | None, statuses: set[str]) -> None:
    chosen, in_force, found = told(tmp_path, name)
    assert load({"SPORTELLO_HOME": str(chosen.home)}).demo
    of_the_brand = brand.configuration(brand.load(chosen.home / "brand.toml"), configuration.default())
    assert in_force.version == of_the_brand.version  # a restart changes nothing
    assert {row["status"] for row in found["promises"]["rows"]} >= statuses
    if reading_:
        assert found["readings"][0] == reading_
        assert found["service"]["strength"] in reading_


def test_the_bookshops_main_cause_is_the_courier(tmp_path: Path) -> None:
    """What a new user should find in two minutes: the first thing to fix, its owner, and the mark in time."""
    _, _, found = told(tmp_path, "bookshop")
    first = found["priorities"]["to_fix"][0]
    assert (first["promise_id"], first["owner"]) == ("two_days", "logistics")
    assert found["causes"]["by_area"][0]["value"] == "delivery"
    assert found["context"][0]["text"]["en"] == "New courier"


def test_a_home_keeps_to_its_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path))
    chosen = prepare.settings(load(), STORIES["ikea"])
    prepare.make(chosen, STORIES["ikea"])
    with pytest.raises(HomeError, match="tells the story of ikea"):
        prepare.settings(load(), STORIES["inverse"])
    (tmp_path / "sportello.toml").unlink()
    with pytest.raises(HomeError, match="real home"):
        prepare.settings(load(), STORIES["ikea"])


def test_every_story_has_its_command() -> None:
    for name in (*STORIES, "run"):
        assert CliRunner().invoke(demo_app, [name, "--help"]).exit_code == 0
