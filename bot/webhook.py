"""The action webhook as Rasa calls it: one kept session, one validator, and a failure that ends the turn."""

from __future__ import annotations

import functools
import logging
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Dict, List, Optional

import aiohttp
import jsonschema
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.turn import TURN, TurnFailed

ACTION_TIMEOUT_S = 5.0  # below the desk's timeout for a turn, so that the desk hears the cause

logger = logging.getLogger(__name__)


class KeptEndpoint(EndpointConfig):
    """An endpoint that keeps its HTTP session open; Rasa opens a new one for each call."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__(url=endpoint.url, params=endpoint.params, headers=endpoint.headers, **endpoint.kwargs)
        self._session: Optional[aiohttp.ClientSession] = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self.headers, connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
            )
        yield self._session

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_TIMEOUT_S)
        return await super().request(*args, **kwargs)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


_kept: Dict[str, KeptEndpoint] = {}


def kept(endpoint: EndpointConfig) -> KeptEndpoint:
    """The kept twin of this endpoint."""
    if endpoint.url not in _kept:
        _kept[endpoint.url] = KeptEndpoint(endpoint)
    return _kept[endpoint.url]


async def close() -> None:
    """Close every kept session."""
    while _kept:
        await _kept.popitem()[1].close()


@functools.lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return jsonschema.validators.validator_for(schema)(schema)


def _usual(result: Any) -> bool:
    """Whether a reply is what nearly all are, slots set and texts said, which needs no schema to be seen."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(
            isinstance(event, dict)
            and event.get("event") == "slot"
            and isinstance(event.get("name"), str)
            and "value" in event
            and event.get("timestamp") is None
            for event in events
        )
    )


def _validate(action: RemoteAction, result: Any) -> bool:
    if _usual(result):
        return True
    error = jsonschema.exceptions.best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += (
            ". Failed to validate Action server response from API, make sure your response from the Action endpoint "
            f"is valid. For more information about the format visit {DOCS_BASE_URL}/custom-actions"
        )
        raise error
    return True


def install() -> None:
    """Change RemoteAction in place: Rasa makes it by name in several modules and offers no seam for it."""
    plain_run = RemoteAction.run

    async def run(self: RemoteAction, *args: Any, **kwargs: Any) -> List[Event]:
        if self.action_endpoint is not None:
            self.action_endpoint = kept(self.action_endpoint)
        try:
            return await plain_run(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            if TURN.get() is None:
                raise
            cause = error.__cause__ or error
            status = f" {cause.status}" if isinstance(cause, ClientResponseError) else ""
            failure = f"{self.name()}: {type(cause).__name__}{status}"
            logger.error("action failed: %s", failure)
            raise TurnFailed(failure) from error

    RemoteAction.run = run
    RemoteAction._validate_action_result = _validate
