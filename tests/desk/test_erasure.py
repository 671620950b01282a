from __future__ import annotations

from sqlalchemy import select

from desk.store import erasure
from desk.store.schema import metadata
from tests.desk.conftest import CLOSED, Desk
from touchpoints.schema import event, interaction

WORDS = ("parcel from Aunt Agatha", "someone@example.org", "Call me back")


async def test_an_erased_customer_leaves_counts_but_no_word_behind(desk: Desk) -> None:
    desk.at = CLOSED
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is the parcel from Aunt Agatha?")
    await desk.say(thread_id, "message for you")
    key = (await desk.get(thread_id)).customer_key

    def stored(conn: object) -> str:
        tables = [*metadata.sorted_tables, event, interaction]
        return " ".join(str(row) for table in tables for row in conn.execute(select(table)))  # type: ignore[attr-defined]

    before = await desk.parts.database.read(stored)
    assert all(word in before for word in (*WORDS, key))
    events = await desk.events(thread_id)
    assert await desk.parts.database.write(lambda conn: erasure.erase(conn, key)) == 1
    after = await desk.parts.database.read(stored)
    assert not [word for word in (*WORDS, key) if word in after]
    assert await desk.events(thread_id) == events


async def test_an_unknown_key_erases_nothing(desk: Desk) -> None:
    assert await desk.parts.database.write(lambda conn: erasure.erase(conn, "d-nobody")) == 0
