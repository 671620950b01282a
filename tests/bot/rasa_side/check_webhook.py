"""Calling actions: one session, one validator with Rasa's own words, and a failure that ends the turn."""

from __future__ import annotations

import unittest
from typing import Any

from aiohttp import web
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

PLAIN_VALIDATE = RemoteAction._validate_action_result

from bot import webhook  # noqa: E402
from bot.turn import TURN, Turn, TurnFailed  # noqa: E402

webhook.install()
SLOT = {"event": "slot", "name": "misses", "value": 1, "timestamp": None}
NEARLY: list[Any] = [
    {"events": [SLOT], "responses": [{"text": "hi"}]},
    {"events": [{**SLOT, "name": 5}]},
    {"events": [{"event": "slot", "name": "misses"}]},
    {"events": [{**SLOT, "timestamp": "soon"}]},
    {"events": [SLOT, {"event": "followup", "name": "ticket_form"}]},
    {"events": [SLOT, {"event": "user", "text": 5}]},
    {"events": [SLOT], "responses": ["hi"]},
    {"events": [SLOT], "responses": None},
]
MALFORMED: list[Any] = [{"events": "none"}, {"events": [{"no": "event"}]}, {"responses": "x"}, [], "text", 3]


def message_of(validate: Any, reply: Any) -> str:
    try:
        validate(RemoteAction("a", None), reply)
    except ValidationError as error:
        return error.message
    return ""


class Validator(unittest.TestCase):
    def test_it_says_what_rasa_says(self) -> None:
        for reply in (*MALFORMED, *NEARLY, {"events": [], "responses": []}, {}):
            self.assertEqual(message_of(webhook._validate, reply), message_of(PLAIN_VALIDATE, reply), reply)


class Calls(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.status, self.body, self.connections = 200, {"events": [], "responses": []}, set()
        self.seen: list[dict[str, Any]] = []

        async def answer(request: web.Request) -> web.Response:
            self.connections.add(request.transport.get_extra_info("peername") if request.transport else None)
            self.seen.append({"token": request.headers.get("X-Sportello-Token"), "body": await request.json()})
            return web.json_response(self.body, status=self.status)

        app = web.Application()
        app.router.add_post("/actions", answer)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.endpoint = EndpointConfig(
            url=f"http://127.0.0.1:{port}/actions", headers={"X-Sportello-Token": "t"}, enable_selective_domain=True
        )
        self.domain = Domain.load("domain.yml")
        self.tracker = DialogueStateTracker("c1", self.domain.slots)
        self.token = TURN.set(Turn(self.tracker))

    async def asyncTearDown(self) -> None:
        TURN.reset(self.token)
        await webhook.close()
        await self.runner.cleanup()

    async def call(self, name: str = "action_answer") -> Any:
        action = RemoteAction(name, self.endpoint)
        return await action.run(CollectingOutputChannel(), None, self.tracker, self.domain)  # type: ignore[arg-type]

    async def test_calls_share_a_connection_and_carry_the_token(self) -> None:
        for _ in range(3):
            await self.call()
        self.assertEqual(len(self.connections), 1)
        self.assertEqual({one["token"] for one in self.seen}, {"t"})

    async def test_the_domain_goes_only_to_the_action_that_asks(self) -> None:
        await self.call("action_answer")
        await self.call("validate_ticket_form")
        self.assertEqual(["domain" in one["body"] for one in self.seen], [False, True])

    async def test_an_error_or_a_malformed_reply_ends_the_turn(self) -> None:
        self.status = 500
        with self.assertRaisesRegex(TurnFailed, "action_answer: ClientResponseError 500"):
            await self.call()
        self.status = 200
        for reply in MALFORMED:
            self.body = reply
            with self.assertRaises(TurnFailed, msg=reply):
                await self.call()

    async def test_nobody_listening_ends_the_turn(self) -> None:
        await self.runner.cleanup()
        with self.assertRaises(TurnFailed):
            await self.call()

    async def test_a_rejection_is_rasas_own_business(self) -> None:
        self.status, self.body = 400, {"error": "no", "action_name": "action_answer"}  # type: ignore[dict-item]
        with self.assertRaises(ActionExecutionRejection):
            await self.call()

    async def test_a_slow_action_is_given_up(self) -> None:
        async def never(*args: Any, **kwargs: Any) -> Any:
            raise TimeoutError

        kept = webhook.kept(self.endpoint)
        kept.request = never  # type: ignore[method-assign]
        with self.assertRaisesRegex(TurnFailed, "TimeoutError"):
            await self.call()
