"""Whoever waits when the demo starts has been listened to, as anybody who wrote would have been."""

from __future__ import annotations

from datetime import UTC, datetime

from desk import brand
from desk.demo import BOOKSHOP, configuration, waiting
from desk.hours import Hours
from desk.mentions import References
from desk.server import open_database
from desk.settings import Settings
from desk.store import threads


def test_the_agent_sees_the_order_the_waiting_customer_gave(tmp_path):
    database = open_database(Settings(home=tmp_path))
    references = References.of(brand.load(BOOKSHOP).table)
    with database.engine.begin() as conn:
        waiting.put_in_queue(conn, Hours(configuration()), references, datetime(2026, 3, 3, 9, tzinfo=UTC))
        queued = threads.held_by(conn, ["queue"])
    database.close()
    assert [one.facts["order"] for one in queued] == ["LM-48213"]
