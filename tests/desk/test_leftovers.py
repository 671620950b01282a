"""What nobody can reach any more goes; what was said or can still be opened stays."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from desk.store import leftovers, threads
from tests.desk.conftest import Desk, Served

LATER = timedelta(days=31)


async def test_a_conversation_never_spoken_in_goes_when_its_session_has_expired(desk: Desk) -> None:
    silent, spoken = await desk.thread(), await desk.thread()
    await desk.say(spoken, "Hello there")
    assert await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at)) == 0
    assert (await desk.get(silent)).message_seq == 0

    assert await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at + LATER)) == 1
    with pytest.raises(KeyError):
        await desk.get(silent)
    assert (await desk.get(spoken)).message_seq > 0


async def test_an_expired_session_is_deleted_and_a_valid_one_is_not(desk: Desk) -> None:
    opened = await desk.parts.sessions.open(locale="en", page="/", token=None, user_jwt=None)
    await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at))
    assert await desk.parts.sessions.find(opened["token"])

    await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at + LATER))
    found = await desk.parts.database.read(lambda conn: threads.thread_of(conn, opened["token"], desk.at))
    assert found is None


async def test_no_more_than_asked_for_go_at_once(desk: Desk) -> None:
    for _ in range(3):
        await desk.thread()
    assert await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at + LATER, 2)) == 2
    assert await desk.parts.database.write(lambda conn: leftovers.remove(conn, desk.at + LATER, 2)) == 1


async def test_a_head_request_finds_what_a_get_does_without_its_body(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        for path in ("/help", "/widget.js", "/health/live"):
            got, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (got.status_code, b""), path
            assert head.headers["content-length"] == got.headers["content-length"], path
        assert (await client.head("/no-such-page")).status_code == 404
