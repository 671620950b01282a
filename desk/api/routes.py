"""The HTTP interface as one closed list: what each route does, for whom, with what. openapi.py renders it.

A test holds the list to the routes the app really has.
"""

from __future__ import annotations

from typing import Final

from desk.agents import Reply
from desk.api.cx_routes import CX
from desk.api.library_routes import LIBRARY
from desk.api.route import DAY, FILTER, LIMIT, OFFSET, TEXT, Parameter, Route
from desk.counter import WrapUp
from desk.widget import SessionRequest
from desk.wire import Answer, Choose, End, LeaveQueue, Message, Read, Typing

_AFTER: Final = Parameter("after", "Messages after this number.", {"type": "integer", "minimum": 0, "default": 0})
_WAIT: Final = Parameter("wait", "Seconds to wait for the first.", {"type": "integer", "maximum": 25, "default": 0})
_K: Final = Parameter("k", "How many matches.", {"type": "integer", "minimum": 1, "maximum": 20, "default": 5})
_COMPARE: Final = (
    Parameter("compare_from", "First day of an earlier period to compare with; then compare_to as well.", DAY),
    Parameter("compare_to", "Last day of that period, included.", DAY),
)
_BEHIND: Final = (
    Parameter("metric", "Only the contacts behind a number: a metric, or a part such as fcr.eventually.", TEXT),
    Parameter("part", "Which number: n (default), numerator, denominator, or a count beside it.", TEXT),
    Parameter("value", "Which value, of a metric that counts values.", TEXT),
)
_KNOWLEDGE: Final = (
    Route(
        "get",
        "/api/v1/knowledge/search",
        "anyone",
        "Articles that answer a question, best first, with a confidence each; decision says answer, clarify or none.",
        query=(
            Parameter("q", "The question, at most 500 characters.", TEXT),
            Parameter(
                "lang", "Language of the question; detected when left out.", {"type": "string", "examples": ["it"]}
            ),
            _K,
        ),
        refusals=(400, 429),
    ),
)
_RECORD: Final = (
    Route(
        "get",
        "/api/v1/metrics",
        "lead",
        "Every metric of the service touchpoint with scope, population, period, n, interval, version and method. "
        "It is about service, one part of the experience, and holds no score of the whole.",
        query=(*FILTER, Parameter("by", "A field to break the metrics down by.", TEXT), *_COMPARE),
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/waits",
        "lead",
        "How long customers waited for an answer, an agent, a resolution: contacts by length, and the median.",
        query=FILTER,
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/interactions",
        "lead",
        "The interactions of a period, one page at a time: {interactions, total, limit, offset, cursor}. With metric "
        "exactly those behind one number of the report. A cursor leads to the next page whatever arrives meanwhile.",
        query=(*FILTER, *_BEHIND, LIMIT, OFFSET, Parameter("cursor", "That of the page before.", TEXT)),
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/interactions.csv",
        "lead",
        "The interactions of a period as CSV, one a row.",
        gives="CSV",
        query=(*FILTER, *_BEHIND),
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/interactions/dictionary.csv",
        "lead",
        "What each column of an exported interaction holds.",
        gives="CSV",
        refusals=(401, 403),
    ),
)
_DESK: Final = (
    Route("get", "/api/v1/conversations", "agent", "Who waits, what agents hold, open tickets.", refusals=(401, 403)),
    Route(
        "get",
        "/api/v1/conversations/{thread_id}",
        "agent",
        "The handoff card: what was asked, answered and tried, the facts given, and the transcript.",
        refusals=(401, 403, 404),
    ),
    Route(
        "post",
        "/api/v1/conversations/{thread_id}/take",
        "agent",
        "Hold this conversation from now on; refused when a colleague holds it.",
        refusals=(401, 403, 404, 409),
    ),
    Route(
        "post",
        "/api/v1/conversations/{thread_id}/messages",
        "agent",
        "Say something to the customer. A repeated client_id is said once.",
        takes=(Reply,),
        refusals=(400, 401, 403, 404, 409, 413),
    ),
    Route(
        "post",
        "/api/v1/conversations/{thread_id}/return",
        "agent",
        "Give the conversation back to the assistant.",
        refusals=(401, 403, 404, 409),
    ),
    Route(
        "post",
        "/api/v1/conversations/{thread_id}/wrap-up",
        "agent",
        "End the contact with what the agent knows of it; what is left out stays unknown.",
        takes=(WrapUp,),
        refusals=(400, 401, 403, 404, 409),
    ),
    Route(
        "get",
        "/api/v1/desk/ws",
        "agent",
        "Live news of the desk. Send {type: open, thread} for one conversation's frames, {type: typing} while writing.",
        gives="WebSocket",
    ),
)
_WIDGET: Final = (
    Route(
        "post",
        "/api/v1/widget/session",
        "anyone",
        "Open the conversation this browser or this customer has, or a new one: {token, expires_at, brand, last_seq}.",
        takes=(SessionRequest,),
        refusals=(400, 403, 429),
    ),
    Route(
        "post",
        "/api/v1/widget/messages",
        "customer",
        "One frame of the customer's; {client_id, text} alone is a message. Acknowledged once it is stored.",
        takes=(Message, Choose, Answer, Typing, Read, LeaveQueue, End),
        refusals=(400, 401, 403, 413, 429),
    ),
    Route(
        "get",
        "/api/v1/widget/messages",
        "customer",
        "Messages after a number, and how the conversation stands.",
        query=(_AFTER, _WAIT),
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/widget/ws",
        "customer",
        "The same frames both ways; the first is {type: hello, token, after}.",
        gives="WebSocket",
    ),
)
_HOUSE: Final = (
    Route("get", "/widget.js", "anyone", "The chat, as one tag on any page.", gives="JavaScript"),
    Route("get", "/health/live", "anyone", "Answers while the process runs."),
    Route("get", "/health/ready", "anyone", "Tests what the desk depends on and names what fails.", refusals=(503,)),
    Route("get", "/openapi.json", "anyone", "This interface, as OpenAPI 3.1."),
)
GROUPS: Final[dict[str, tuple[Route, ...]]] = {
    "knowledge": (*_KNOWLEDGE, *LIBRARY),
    "record": _RECORD,
    "cx": CX,
    "desk": _DESK,
    "widget": _WIDGET,
    "house": _HOUSE,
}
ROUTES: Final = tuple(route for group in GROUPS.values() for route in group)
