from __future__ import annotations

from sqlalchemy import event

from desk import card
from desk.store import excerpts
from tests.desk.conftest import Desk


async def test_the_board_quotes_what_a_customer_wrote_last(desk: Desk) -> None:
    first, second = await desk.thread(), await desk.thread()
    await desk.say(first, "where is my order?")
    await desk.say(first, "person please,\n it is " + "very " * 40 + "late")
    await desk.say(second, "person")
    board = await desk.parts.database.read(lambda conn: card.board(conn, desk.at))
    quoted = {row["id"]: row["says"] for row in board["queue"]}
    assert quoted[second] == "person"
    assert quoted[first].startswith("person please, it is very")
    assert len(quoted[first]) <= excerpts.LONGEST


async def test_the_board_takes_as_many_statements_for_many_as_for_one(desk: Desk) -> None:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    async def counted() -> int:
        statements.clear()
        await desk.parts.database.read(lambda conn: card.board(conn, desk.at))
        return len(statements)

    await desk.say(await desk.thread(), "person")
    event.listen(desk.parts.database.engine, "before_cursor_execute", note)
    one = await counted()
    for _ in range(3):
        await desk.say(await desk.thread(), "person")
    assert await counted() == one
