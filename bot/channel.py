"""The one way in: a turn comes with its dialogue state, and replies, reading and next state go back together.

Answers 400 for a body that is no turn, 403 for a wrong token, 422 for a bad dialogue state, 502 when an action failed,
503 while no model is loaded, 500 for anything else, each as {"error": {"code", "message"}}. Never an empty 200.
"""

from __future__ import annotations

import gc
import hmac
import logging
from typing import Any, Dict, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import webhook
from bot.reply import CHANNEL, Handle, answer
from bot.request import BadRequest, TurnRequest
from bot.state import BadState
from bot.turn import TurnFailed

TOKEN_HEADER = "X-Sportello-Token"
_REFUSALS = {
    InvalidUsage: (400, "bad_request"),
    BadRequest: (400, "bad_request"),
    BadState: (422, "bad_state"),
    TurnFailed: (502, "action_failed"),
}

logger = logging.getLogger(__name__)


class TurnChannel(InputChannel):
    """Rasa input channel for the desk, at /webhooks/turn/webhook."""

    def __init__(self, token: str) -> None:
        self.token = token.encode()

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "TurnChannel":
        token = str((credentials or {}).get("token") or "")
        if not token or token.startswith("${"):
            raise ValueError("the turn channel needs a token: set SPORTELLO_TOKEN")
        return cls(token)

    def blueprint(self, on_new_message: Handle) -> Blueprint:
        routes = Blueprint("turn_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = _agent(request.app)
            if agent is None:
                return _error(503, "not_ready", "no model is loaded")
            return response.json({"status": "ok", "model": agent.model_id})

        @routes.post("/webhook")
        async def turn(request: Request) -> HTTPResponse:
            given = request.headers.get(TOKEN_HEADER, "")
            if not hmac.compare_digest(given.encode("utf-8", "replace"), self.token):
                return _error(403, "forbidden", "the token is missing or wrong")
            return await _turn(request, on_new_message)

        @routes.listener("after_server_start")
        async def keep_what_is_loaded(app: Sanic, loop: Any) -> None:
            # TensorFlow and the model stay for good: the collector need not look through them again and again
            gc.collect()
            gc.freeze()

        @routes.listener("after_server_stop")
        async def close_sessions(app: Sanic, loop: Any) -> None:
            await webhook.close()

        return routes


async def _turn(request: Request, handle: Handle) -> HTTPResponse:
    agent = _agent(request.app)
    if agent is None:
        return _error(503, "not_ready", "no model is loaded")
    try:
        return response.json(await answer(TurnRequest.parse(request.json), agent, handle))
    except tuple(_REFUSALS) as error:
        status, code = next(refusal for kind, refusal in _REFUSALS.items() if isinstance(error, kind))
        return _error(status, code, str(error))
    except Exception as error:
        # the type alone: the text of an exception may quote the customer
        logger.error("turn failed: %s", type(error).__name__)
        return _error(500, "turn_failed", type(error).__name__)


def _agent(app: Sanic) -> Optional[Agent]:
    agent = getattr(app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": message}}, status=status)
