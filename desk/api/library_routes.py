"""The library's side of the closed list of routes (routes.py): gaps, health and drafts."""

from __future__ import annotations

from typing import Final

from desk.api.route import DAY, TEXT, Parameter, Route
from desk.library.bodies import Decision, DraftEdit, Proposal

_DAYS: Final = (
    Parameter("from", "First day, in the brand's zone; left out, four weeks up to the last.", DAY),
    Parameter("to", "Last day, included; default: today.", DAY),
)
_MOST: Final = Parameter("limit", "How many gaps.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
_STATE: Final = Parameter(
    "state", "Drafts in this state.", TEXT | {"enum": ["open", "publishing", "approved", "rejected"], "default": "open"}
)
_DRAFTS: Final = "/api/v1/knowledge/drafts"
_ONE: Final = f"{_DRAFTS}/{{draft_id}}"
LIBRARY: Final = (
    Route(
        "get",
        "/api/v1/knowledge/gaps",
        "agent",
        "Questions the assistant failed in a period, grouped by meaning, with counts, wordings without personal data "
        "and the nearest article. Leads may ask too: gaps of fewer than five customers are then left out and counted.",
        query=(*_DAYS, _MOST),
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/knowledge/articles",
        "agent",
        "Every article with its age, languages, use and what customers said of its answers; leads may ask too. Counts "
        "behind which there are fewer than five customers are null.",
        query=_DAYS,
        refusals=(400, 401, 403),
    ),
    Route(
        "get", _DRAFTS, "agent", "Drafts in one state; leads may ask too.", query=(_STATE,), refusals=(400, 401, 403)
    ),
    Route(
        "post",
        _DRAFTS,
        "agent",
        "Make a draft of a gap of the period, of a conversation a person ended (agents), or of nothing. Leads may too.",
        query=_DAYS,
        takes=(Proposal,),
        refusals=(400, 401, 403, 404, 409, 429),
    ),
    Route(
        "get",
        _ONE,
        "agent",
        "One draft with similar articles, what looks like personal data, and its history; leads may ask too.",
        refusals=(401, 403, 404),
    ),
    Route(
        "put",
        _ONE,
        "agent",
        "Write an open draft anew; refused when somebody changed it since it was read. Leads may too.",
        takes=(DraftEdit,),
        refusals=(400, 401, 403, 404, 409, 429),
    ),
    Route(
        "post",
        f"{_ONE}/approve",
        "lead",
        "Publish the draft as it was read: the answer holds the version it is served in.",
        takes=(Decision,),
        refusals=(400, 401, 403, 404, 409, 429),
    ),
    Route(
        "post",
        f"{_ONE}/reject",
        "lead",
        "Set an open draft aside.",
        takes=(Decision,),
        refusals=(400, 401, 403, 404, 409, 429),
    ),
)
