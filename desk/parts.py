"""The running desk's parts, made once at start and found from any request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sanic import Request, Sanic

from desk.announce import Announcer
from desk.assistant import Assistant
from desk.brand import Brand
from desk.conversation import Conversations
from desk.counter import Counter
from desk.encoding import Encoding
from desk.hours import Hours
from desk.limits import Limit
from desk.live import Live
from desk.sessions import Sessions
from desk.settings import Settings
from desk.store.database import Database
from desk.turns import Turns
from desk.wire import Wire
from knowledge.retriever import Retriever
from touchpoints.configuration import Configuration

App = Sanic[Any, Any]


@dataclass
class Parts:
    """Everything a blueprint may call. Only `configuration` is ever replaced: when a lead decides on a reason."""

    settings: Settings
    brand: Brand
    configuration: Configuration
    database: Database
    live: Live
    announce: Announcer
    assistant: Assistant
    turns: Turns
    conversations: Conversations
    counter: Counter
    sessions: Sessions
    wire: Wire
    hours: Hours
    retriever: Retriever
    encoding: Encoding
    session_limit: Limit


def parts_of(request: Request[Any, Any]) -> Parts:
    """The parts of the desk this request came to."""
    return cast(Parts, request.app.ctx.parts)
