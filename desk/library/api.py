"""The same for machines: gaps, health and drafts as JSON, under the same rights as the pages."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sanic import Request
from sanic.response import JSONResponse, json

from desk import body, clock
from desk.api.filters import number
from desk.errors import BadRequest
from desk.guard import needs
from desk.library import forms, proposal
from desk.library.bodies import Decision, DraftEdit, Proposal
from desk.library.drafting import proposed
from desk.library.gaps import Gap
from desk.library.health import Health
from desk.library.request import blueprint, library_of, span_of, spend
from desk.library.views import visible
from desk.parts import parts_of
from desk.store import drafts
from desk.store.drafts import Draft
from knowledge.retriever import Match
from touchpoints.instant import isoformat

STATES: Final = ("open", "publishing", "approved", "rejected")
_proposal: Final = msgspec.json.Decoder(Proposal)
_edit: Final = msgspec.json.Decoder(DraftEdit)
_decision: Final = msgspec.json.Decoder(Decision)


@blueprint.get("/api/v1/knowledge/gaps")
@needs("agent", "lead")
async def gaps_json(request: Request) -> JSONResponse:
    """The gaps of a period, most contacts first; those of fewer than five customers for agents only."""
    asked, span = span_of(request)
    every = await library_of(request).gaps(span)
    seen = visible(every, request.ctx.agent)
    found = await library_of(request).nearest(seen[: number(request, "limit", 50, 1, 200)])
    return json(
        {
            "period": {"from": asked.start.isoformat(), "to": asked.end.isoformat()},
            "questions": sum(one.questions for one in every),
            "gaps": [gap_fields(one) for one in found],
            "total": len(seen),
            "hidden": {"questions": sum(one.questions for one in every) - sum(one.questions for one in seen)},
        }
    )


def gap_fields(one: Gap) -> dict[str, Any]:
    """One gap as JSON; words without personal data."""
    near = one.nearest
    return {
        "gap": one.ref,
        "question": one.wordings[0].text,
        "language": one.language,
        **{name: getattr(one, name) for name in ("questions", "contacts", "customers", "unanswered", "rejected")},
        "asked_for_a_person": one.people,
        "languages": dict(one.languages),
        "first_at": isoformat(one.first_at),
        "last_at": isoformat(one.last_at),
        "trend": list(one.trend),
        "wordings": [{"text": said.text, "language": said.language, "times": said.times} for said in one.wordings],
        "rejected_answers": list(one.answered_by),
        "nearest": near and {
            "article_id": near.article_id, "title": near.title, "lang": near.lang,
            "confidence": near.confidence, "decision": near.decision,
        },
        "draft": one.draft,
    }  # fmt: skip


@blueprint.get("/api/v1/knowledge/articles")
@needs("agent", "lead")
async def articles_json(request: Request) -> JSONResponse:
    """Every article with its age, languages and use in the period."""
    asked, span = span_of(request)
    found = await library_of(request).health(span)
    days = {"from": asked.start.isoformat(), "to": asked.end.isoformat()}
    return json({"period": days, "articles": [health_fields(one) for one in found]})


def health_fields(one: Health) -> dict[str, Any]:
    """One article as JSON; counts behind which there are fewer than five customers are null."""
    use = one.use
    counts = {"answers": use.answers, "accepted": use.accepted, "rejected": use.rejected}
    return {
        "article_id": one.article_id,
        "titles": one.titles,
        "missing": list(one.missing),
        "updated": one.updated.isoformat() if one.updated else None,
        "age_days": one.age_days,
        **(dict.fromkeys(counts) if use.few else counts),
        "last_at": None if use.few else isoformat(use.last_at),
        "few": use.few,
        "signs": list(one.signs),
    }


@blueprint.get("/api/v1/knowledge/drafts")
@needs("agent", "lead")
async def drafts_json(request: Request) -> JSONResponse:
    """Drafts in one state, the one touched last first."""
    state = request.args.get("state") or "open"
    if state not in STATES:
        raise BadRequest(f"state must be one of {', '.join(STATES)}", code="invalid_value", field="state")
    found = await parts_of(request).database.read(lambda conn: drafts.listed(conn, (state,)))
    return json({"drafts": [draft_fields(one) for one in found]})


@blueprint.post("/api/v1/knowledge/drafts")
@needs("agent", "lead")
async def propose_json(request: Request) -> JSONResponse:
    """Make a draft; the one there is already where the same words were used before."""
    spend(request)
    wish = msgspec.to_builtins(body.decode(request.body or b"{}", _proposal))
    return await _one(request, await proposed(request, {name: value or "" for name, value in wish.items()}))


@blueprint.get("/api/v1/knowledge/drafts/<draft_id:str>")
@needs("agent", "lead")
async def draft_json(request: Request, draft_id: str) -> JSONResponse:
    return await _one(request, draft_id)


@blueprint.put("/api/v1/knowledge/drafts/<draft_id:str>")
@needs("agent", "lead")
async def save_json(request: Request, draft_id: str) -> JSONResponse:
    """Write an open draft anew."""
    spend(request)
    edit, parts = body.decode(request.body or b"{}", _edit), parts_of(request)
    one = await library_of(request).draft(draft_id)
    given = {name: value for name, value in msgspec.to_builtins(edit).items() if value is not None}
    content = forms.content(given, one.content, parts.brand.languages, parts.configuration.reasons)
    await library_of(request).save(draft_id, edit.revision, content, request.ctx.agent)
    return await _one(request, draft_id)


@blueprint.post("/api/v1/knowledge/drafts/<draft_id:str>/approve")
@needs("lead")
async def approve_json(request: Request, draft_id: str) -> JSONResponse:
    """Publish the draft as it was read."""
    spend(request)
    decided = body.decode(request.body or b"{}", _decision)
    await library_of(request).approve(draft_id, decided.revision, request.ctx.agent, checked=decided.checked)
    return await _one(request, draft_id)


@blueprint.post("/api/v1/knowledge/drafts/<draft_id:str>/reject")
@needs("lead")
async def reject_json(request: Request, draft_id: str) -> JSONResponse:
    """Set the draft aside."""
    spend(request)
    decided = body.decode(request.body or b"{}", _decision)
    await library_of(request).draft(draft_id)
    await library_of(request).reject(draft_id, decided.revision, request.ctx.agent)
    return await _one(request, draft_id)


async def _one(request: Request, draft_id: str) -> JSONResponse:
    held = library_of(request)
    one = await held.draft(draft_id)
    similar = await held.similar(one.content) if one.state == "open" else []
    return json(draft_fields(one) | _beside(one, similar))


def draft_fields(one: Draft) -> dict[str, Any]:
    """A draft as JSON."""
    content = one.content
    names = ("article_id", "lang", "title", "body", "reason", "stage")
    return {
        **{name: getattr(one, name) for name in ("id", "state", "revision", "origin", "author", "version")},
        "created_at": clock.iso(one.created_at),
        "updated_at": clock.iso(one.updated_at),
        **{name: getattr(content, name) for name in names},
        "alternatives": list(content.alternatives),
        "replaces": content.replaces is not None,
    }


def _beside(one: Draft, similar: list[Match]) -> dict[str, Any]:
    """What a person who decides should know of it."""
    return {
        "personal_data": proposal.findings(one.content) if one.state == "open" else [],
        "similar": [
            {"article_id": match.article_id, "title": match.title, "lang": match.lang, "confidence": match.confidence}
            for match in similar
        ],
        "history": [{"at": clock.iso(step.at), "actor": step.actor, "action": step.action} for step in one.steps],
    }
