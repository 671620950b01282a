"""The internal app, on loopback only: the bot's action webhook, the encoder for training, health.

Every route but the health check needs the token both processes were started with.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from sanic import Blueprint, HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException

from actions.executor import make_executor
from actions.source import Knowledge

TOKEN_HEADER: Final = "X-Sportello-Token"
MOST_TEXTS: Final = 256

log = logging.getLogger(__name__)

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class QueryEncoder(Protocol):
    """The half of the encoder that reads what customers write."""

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def make_internal(name: str, token: str, retriever: Knowledge, encoder: QueryEncoder) -> Any:
    """The internal app; the caller binds it to a free loopback port."""
    app: Any = Sanic(name, configure_logging=False, dumps=msgspec.json.encode, loads=msgspec.json.decode)
    app.config.update(ACCESS_LOG=False, AUTO_EXTEND=False, TOUCHUP=False, FALLBACK_ERROR_FORMAT="json")
    routes = Blueprint(f"{name}_routes")
    executor = make_executor(retriever)

    @routes.on_request
    async def check_token(request: Request) -> HTTPResponse | None:
        given = request.headers.get(TOKEN_HEADER, "")
        if request.path != "/health" and not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            return _error(403, "forbidden", "the token is missing or wrong")
        return None

    @routes.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @routes.post("/actions")
    async def actions(request: Request) -> HTTPResponse:
        return await run_action(executor, request.json)

    @routes.post("/encode")
    async def encode(request: Request) -> HTTPResponse:
        texts = request.json.get("texts") if isinstance(request.json, dict) else None
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            return _error(400, "bad_request", "texts must be a list of texts")
        if len(texts) > MOST_TEXTS:
            return _error(400, "bad_request", f"at most {MOST_TEXTS} texts at a time")
        found = await asyncio.to_thread(encoder.queries, texts)  # hundreds of texts take a second: turns go on
        vectors = np.ascontiguousarray(found, "<f4")
        return json({"vectors": base64.b64encode(vectors.tobytes()).decode(), "dim": int(vectors.shape[1])})

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException):
            return _error(error.status_code, "bad_request", str(error))
        # the type alone: the text of an exception may quote the customer
        log.error("internal request to %s failed: %s", request.path, type(error).__name__)
        return _error(500, "failed", type(error).__name__)

    app.blueprint(routes)
    return app


async def run_action(executor: ActionExecutor, call: Any) -> HTTPResponse:
    """Run one action as Rasa's own action server would: a rejection is 400, an unknown action 404, no domain 449."""
    if not isinstance(call, dict) or "next_action" not in call or not isinstance(call.get("tracker"), dict):
        return _error(400, "bad_request", "not an action call")
    try:
        # Rasa 3.6 sends its domain only to the actions that ask for it; the SDK wants one, or a digest Rasa 3.6 lacks
        result = await executor.run({"domain": {}, **call})
    except ActionExecutionRejection as error:
        return json({"error": error.message, "action_name": error.action_name}, 400)
    except ActionNotFoundException as error:
        return json({"error": error.message, "action_name": error.action_name}, 404)
    except ActionMissingDomainException as error:
        return json({"error": error.message, "action_name": error.action_name}, 449)
    return json(result.model_dump() if result else {"events": [], "responses": []})


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json({"error": {"code": code, "message": message}}, status)
