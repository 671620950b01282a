"""The road to the bots: who takes a turn, and what is made of everything that can go wrong on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from desk.assistant import Assistant, AssistantFailure
from desk.bots import Bots
from desk.breaker import FAILURES_TO_OPEN, OPEN_SECONDS, Breaker

SAID = {"messages": [{"text": "Hello", "kind": "greeting"}], "reading": {}, "state": [{"event": "slot"}]}
Answer = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


async def encode(text: str) -> Any:
    return np.ones(4, np.float32)


def refusal(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "why"}}, status=status)


class FakeBot:
    """A bot process that answers as `answer` says and keeps the turns it was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Answer = self.well
        self.url = ""

    async def well(self, turn: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(SAID)

    async def die(self, turn: dict[str, Any]) -> web.StreamResponse:
        raise ConnectionResetError  # the connection ends without an answer

    async def start(self) -> web.AppRunner:
        async def turn(request: web.Request) -> web.StreamResponse:
            self.asked.append(await request.json())
            try:
                return await self.answer(self.asked[-1])
            except ConnectionResetError:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()

        async def health(request: web.Request) -> web.Response:
            return web.json_response({})

        app = web.Application()
        app.add_routes([web.post("/webhooks/turn/webhook", turn), web.get("/webhooks/turn/", health)])
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


@pytest.fixture
async def bots() -> AsyncIterator[list[FakeBot]]:
    two = [FakeBot(), FakeBot()]
    runners = [await bot.start() for bot in two]
    yield two
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def assistant(bots: list[FakeBot]) -> AsyncIterator[Assistant]:
    one = Assistant(" ".join(bot.url for bot in bots), "token", encode, timeout_s=5.0)
    yield one
    await one.close()


async def ask(assistant: Assistant, state: list[dict[str, Any]] | None = None) -> str:
    turn = await assistant.reply("c1", "c1:1", "hello", chosen=False, state=state or [], slots={})
    return turn.messages[0].text


async def reason(assistant: Assistant, state: list[dict[str, Any]] | None = None) -> str:
    with pytest.raises(AssistantFailure) as caught:
        await ask(assistant, state)
    return caught.value.reason


async def test_turns_go_to_the_bot_with_the_fewest(assistant: Assistant, bots: list[FakeBot]):
    gate = asyncio.Event()

    async def wait(turn: dict[str, Any]) -> web.StreamResponse:
        await gate.wait()
        return web.json_response(SAID)

    for bot in bots:
        bot.answer = wait
    turns = [asyncio.create_task(ask(assistant)) for _ in range(6)]
    while sum(len(bot.asked) for bot in bots) < 6:
        await asyncio.sleep(0.01)
    assert [len(bot.asked) for bot in bots] == [3, 3]
    gate.set()
    assert await asyncio.gather(*turns) == ["Hello"] * 6


async def test_a_turn_whose_bot_dies_is_run_by_another(assistant: Assistant, bots: list[FakeBot]):
    bots[0].answer = bots[0].die
    for _ in range(FAILURES_TO_OPEN + 2):
        assert await ask(assistant, [{"event": "slot"}]) == "Hello"
    assert len(bots[0].asked) == FAILURES_TO_OPEN  # then it rests, and nobody is sent there
    assert bots[1].asked[0] == bots[0].asked[0]


async def test_a_bot_still_loading_is_passed_over(assistant: Assistant, bots: list[FakeBot]):
    async def loading(turn: dict[str, Any]) -> web.StreamResponse:
        return refusal(503, "not_ready")

    bots[0].answer = loading
    assert await ask(assistant) == "Hello"


async def test_when_every_bot_is_gone_it_is_said_once_and_then_without_waiting(
    assistant: Assistant, bots: list[FakeBot]
):
    for bot in bots:
        bot.answer = bot.die
    reasons = [await reason(assistant) for _ in range(FAILURES_TO_OPEN + 1)]
    assert reasons == ["unreachable"] * FAILURES_TO_OPEN + ["resting"]
    for bot, inside in zip(bots, assistant.bots.all, strict=True):
        bot.answer = bot.well
        inside.breaker.opened_at -= OPEN_SECONDS
    assert await ask(assistant) == "Hello"  # well again without a restart


async def test_a_dialogue_state_the_bot_refuses_is_dropped(assistant: Assistant, bots: list[FakeBot]):
    async def strict(turn: dict[str, Any]) -> web.StreamResponse:
        return refusal(422, "bad_state") if turn["state"] else web.json_response(SAID)

    for bot in bots:
        bot.answer = strict
    with capture_logs() as logged:
        for _ in range(2 * FAILURES_TO_OPEN):  # one customer's bad state is no reason to rest for the others
            assert await ask(assistant, [{"event": "nonsense"}]) == "Hello"
    assert {(line["event"], line["thread"]) for line in logged} == {("dialogue_state_dropped", "c1")}
    assert "nonsense" not in str(logged)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((502, {"error": {"code": "action_failed", "message": "why"}}), "action_failed"),
        ((500, {"error": {"code": "turn_failed", "message": "why"}}), "turn_failed"),
        ((500, "<html>"), "error"),
        ((200, "not a turn"), "malformed"),
        ((200, {"messages": [{"text": 5}]}), "malformed"),
        ((200, {**SAID, "messages": []}), "empty"),
    ],
)
async def test_what_is_no_reply_is_a_failure(
    assistant: Assistant, bots: list[FakeBot], answer: tuple[int, Any], expected: str
):
    async def refuse(turn: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(answer[1], status=answer[0])

    for bot in bots:
        bot.answer = refuse
    for _ in range(2 * FAILURES_TO_OPEN + 1):  # a quick failure gives nobody else a rest to wait for
        assert await reason(assistant) == expected


async def test_failures_that_keep_others_waiting_open_the_breaker(
    assistant: Assistant, bots: list[FakeBot], monkeypatch: pytest.MonkeyPatch
):
    async def refuse(turn: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return refusal(502, "action_failed")

    monkeypatch.setattr("desk.assistant.SLOW_SECONDS", 0.01)
    for bot in bots:
        bot.answer = refuse
    reasons = [await reason(assistant) for _ in range(2 * FAILURES_TO_OPEN + 1)]
    assert reasons == ["action_failed"] * 2 * FAILURES_TO_OPEN + ["resting"]


async def test_what_an_older_model_does_not_know_is_logged_once(assistant: Assistant, bots: list[FakeBot]):
    async def old(turn: dict[str, Any]) -> web.StreamResponse:
        return web.json_response({**SAID, "warnings": ["slot 'new' is not in this model"]})

    for bot in bots:
        bot.answer = old
    with capture_logs() as logged:
        for _ in range(3):
            await ask(assistant)
    assert [line["event"] for line in logged] == ["unknown_to_the_model"]


async def test_a_slow_bot_times_out_and_counts_as_failing(bots: list[FakeBot]):
    async def slow(turn: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.json_response(SAID)

    bots[0].answer = slow
    assistant = Assistant(bots[0].url, "token", encode, timeout_s=0.1)
    assert await reason(assistant) == "timeout"
    assert assistant.bots.all[0].breaker.failures == 1
    await assistant.close()


async def test_a_dead_encoder_is_no_fault_of_the_bots(assistant: Assistant, bots: list[FakeBot]):
    async def broken(text: str) -> Any:
        raise RuntimeError(f"can't encode {text}")

    assistant.encode = broken
    with pytest.raises(AssistantFailure, match="^encoder: RuntimeError$"):  # and not a word of the customer's
        await ask(assistant)
    assert not any(bot.asked for bot in bots)
    assistant.encode = encode
    assert await ask(assistant) == "Hello"


async def test_warming_up_reaches_every_bot_and_minds_no_failure(assistant: Assistant, bots: list[FakeBot]):
    bots[0].answer = bots[0].die
    await assistant.warm_up(5, {"language": "en"})
    assert [turn["message"] for turn in bots[1].asked] == ["ciao", "/none_of_these"]
    assert bots[0].asked
    assert not assistant.bots.all[0].breaker.failures  # no customer was turned away


def test_after_its_rest_a_breaker_lets_one_through_alone():
    clock = [0.0]
    breaker = Breaker(now=lambda: clock[0])
    for _ in range(FAILURES_TO_OPEN):
        assert not breaker.open()
        breaker.failed()
    assert breaker.open()
    clock[0] += OPEN_SECONDS
    assert not breaker.open()
    breaker.enter()
    assert breaker.open()  # to everybody else
    breaker.failed()
    clock[0] += OPEN_SECONDS / 2
    assert breaker.open()  # the rest begins anew
    clock[0] += OPEN_SECONDS / 2
    breaker.enter()
    breaker.worked()
    assert not breaker.open()


def test_a_bot_that_has_rested_is_tried_before_the_others():
    bots = Bots.at("http://a http://b")
    for _ in range(FAILURES_TO_OPEN):
        bots.all[1].breaker.failed()
    assert bots.choose() is bots.all[0]
    assert bots.choose(but=bots.all[0]) is None
    bots.all[1].breaker.opened_at -= OPEN_SECONDS
    assert bots.choose() is bots.all[1]
