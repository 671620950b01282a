"""The pages one works on: the list of drafts, and a draft to edit and decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from sanic import Request
from sanic.response import HTTPResponse, redirect

from desk import labels
from desk.errors import BadRequest, Conflict, DeskError, NotFound
from desk.guard import may, needs
from desk.library import forms, proposal
from desk.library.request import blueprint, check_lead, chosen, library_of, render, sent, span_of, spend, writer_of
from desk.library.views import Writer, visible
from desk.pages import language_of
from desk.parts import parts_of
from desk.site import rendered
from desk.store import drafts
from desk.store.drafts import Content, Draft
from touchpoints.vocabulary import STAGES

LATELY: Final = timedelta(days=28)


@blueprint.get("/knowledge/drafts")
@needs("agent", "lead", page=True)
async def drafts_page(request: Request) -> HTTPResponse:
    """Drafts to decide, those decided, and for agents the latest answers an article could be made of."""
    parts, writer = parts_of(request), writer_of(request)
    waiting, decided = await parts.database.read(
        lambda conn: (drafts.listed(conn, ("open", "publishing")), drafts.listed(conn, ("approved", "rejected"))[:20])
    )
    lately = []
    if may(request.ctx.agent, "agent"):
        found = await library_of(request).lately_solved(parts.conversations.now() - LATELY)
        lately = [
            {
                "id": one.conversation_id,
                "title": content.title,
                "lang": content.lang,
                "body": content.body,
                "when": writer.day(one.at),
                "reason": labels.label(writer.language, "reason", one.reason),
            }
            for one, content in found
        ]
    return await render(
        request,
        "drafts.html",
        refused=chosen(request, "refused", ["not_solved", "too_many_drafts"]),
        waiting=[writer.draft(one) for one in waiting],
        decided=[writer.draft(one) for one in decided],
        lately=lately,
    )


@blueprint.post("/knowledge/drafts")
@needs("agent", "lead", page=True)
async def propose(request: Request) -> HTTPResponse:
    """Make a draft of a gap, of a conversation, or of nothing, and open it."""
    spend(request)
    try:
        wish = {name: sent(request, name) for name in ("gap", "conversation", "article", "lang")}
        made = await proposed(request, wish)
    except Conflict as refusal:
        return redirect(f"/knowledge/drafts?refused={quote(refusal.code)}", status=303)
    return redirect(f"/knowledge/drafts/{quote(made)}", status=303)


async def proposed(request: Request, wish: dict[str, str]) -> str:
    """Stores what was wished for. Who may not read a conversation can't have an article made of it either."""
    held, agent = library_of(request), request.ctx.agent
    if wish.get("conversation"):
        if not may(agent, "agent"):
            raise NotFound("no such conversation")
        return await held.propose_from_conversation(wish["conversation"], agent)
    if not wish.get("gap"):
        return await held.propose_blank(language_of(request), agent)
    _, span = span_of(request)
    found = visible(await held.gaps(span), agent)
    conversation, _, seq = wish["gap"].rpartition(":")
    gap = next((one for one in found if (conversation, seq) in {(name, str(n)) for name, n in one.refs}), None)
    if gap is None:
        raise NotFound("no such gap in this period")
    article = (wish["article"], wish.get("lang") or gap.language) if wish.get("article") else None
    return await held.propose_from_gap(gap, agent, article)


@blueprint.get("/knowledge/drafts/<draft_id:str>")
@needs("agent", "lead", page=True)
async def draft_page(request: Request, draft_id: str) -> HTTPResponse:
    """One draft, to be read, edited and decided."""
    one = await library_of(request).draft(draft_id)
    return await _show(request, one, one.content)


@blueprint.post("/knowledge/drafts/<draft_id:str>")
@needs("agent", "lead", page=True)
async def change(request: Request, draft_id: str) -> HTTPResponse:
    """Save, approve, set aside or take up again, as the pressed button says."""
    spend(request)
    held, action = library_of(request), sent(request, "action")
    one = await held.draft(draft_id)
    content = one.content
    try:
        revision = _revision(request)
        if one.state == "open" and action in ("save", "approve"):
            parts = parts_of(request)
            given = {name: sent(request, name) for name in request.form or {}}
            content = forms.content(given, one.content, parts.brand.languages, parts.configuration.reasons)
        await _ACTIONS.get(action, _unknown)(request, one, revision, content)
    except (BadRequest, Conflict) as refusal:
        return await _show(request, await held.draft(draft_id), content, refusal)
    return redirect(f"/knowledge/drafts/{quote(draft_id)}?done={action}", status=303)


Action = Callable[[Request, Draft, int, Content], Awaitable[None]]


async def _save(request: Request, one: Draft, revision: int, content: Content) -> None:
    if content != one.content or revision != one.revision:
        await library_of(request).save(one.id, revision, content, request.ctx.agent)


async def _approve(request: Request, one: Draft, revision: int, content: Content) -> None:
    check_lead(request)
    if content != one.content:
        await library_of(request).save(one.id, revision, content, request.ctx.agent)
        revision += 1
    await library_of(request).approve(one.id, revision, request.ctx.agent, checked=sent(request, "checked") == "yes")


async def _reject(request: Request, one: Draft, revision: int, content: Content) -> None:
    check_lead(request)
    await library_of(request).reject(one.id, revision, request.ctx.agent)


async def _reopen(request: Request, one: Draft, revision: int, content: Content) -> None:
    check_lead(request)
    await library_of(request).reopen(one.id, revision, request.ctx.agent)


async def _unknown(request: Request, one: Draft, revision: int, content: Content) -> None:
    raise BadRequest("no such action", code="invalid_value", field="action")


_ACTIONS: Final[dict[str, Action]] = {"save": _save, "approve": _approve, "reject": _reject, "reopen": _reopen}


async def _show(request: Request, one: Draft, content: Content, refusal: DeskError | None = None) -> HTTPResponse:
    held, writer, parts = library_of(request), writer_of(request), parts_of(request)
    done = chosen(request, "done", list(_ACTIONS)) if refusal is None else ""
    similar = await held.similar(content) if one.state == "open" else []
    return await render(
        request,
        "draft.html",
        status=refusal.status if refusal else 200,
        refusal=refusal.code if refusal else "",
        wrong=refusal.field if refusal else "",
        refused=_why(writer, refusal),
        done=done,
        draft=writer.draft(one),
        one=one,
        content=content,
        preview=rendered(content.body) if content.body else "",
        findings=proposal.findings(content) if one.state == "open" else [],
        similar=[writer.match(match) for match in similar],
        history=writer.history(one),
        conversations=len({name for name, _ in one.sources}),
        reasons=labels.options(writer.language, "reason", parts.configuration.reasons),
        stages=[(stage, labels.label(writer.language, "stage", stage)) for stage in STAGES if stage != "unknown"],
        spoken=[(code, writer.spoken(code)) for code in parts.brand.languages],
        limits={"title": proposal.LONGEST_TITLE, "body": forms.LONGEST_BODY},
    )


def _why(writer: Writer, refusal: DeskError | None) -> str:
    if refusal is None:
        return ""
    if refusal.code == "invalid_value":
        return writer.t("refused_invalid_value", why=str(refusal))
    known = ("not_checked", "incomplete", "article_exists", "article_changed", "draft_changed")
    return writer.t(f"refused_{refusal.code}" if refusal.code in known else "refused_other")


def _revision(request: Request) -> int:
    given = sent(request, "revision")
    if not given.isdecimal() or len(given) > 9:
        raise BadRequest("revision: the draft's number", code="invalid_value", field="revision")
    return int(given)
