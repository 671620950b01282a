"""The demonstration beside service: every view of the experience has something to show, and it fits the story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.demo import configuration, experience
from desk.demo.history import history
from touchpoints.cx.summary import summary
from touchpoints.store import append, migrate, open_engine, reading, refresh

UNTIL = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def test_every_view_has_something_to_show(tmp_path: Path) -> None:
    engine, calendar = open_engine(f"sqlite:///{tmp_path / 'demo.sqlite'}"), configuration()
    migrate(engine)
    events = list(history(UNTIL))
    with engine.begin() as connection:
        append(connection, events)
        experience.put(connection, calendar, UNTIL, events)
        refresh(connection)
    with reading(engine) as connection:
        found = summary(connection, calendar, as_of=UNTIL)
    engine.dispose()
    told = {row["id"]: row["status"] for row in found["promises"]["rows"]}
    assert (told["right_book"], told["two_days"], told["known"]) == ("kept", "not_kept", "not_measured")
    assert told["fair_price"] == "uncertain"
    assert found["priorities"]["to_fix"][0]["promise_id"] == "two_days"
    assert found["silent"]["value"] >= experience.SILENT
    assert found["contact_rate"]["value"] > 0
    assert found["coverage"]["observed"] > 5
    assert [row["id"] for row in found["actions"]["service_tactic"] if row["without_purpose"]] == ["friendlier"]
    assert found["unattached"] == []
    assert all(found[section] for section in ("frictions", "context", "readings"))
