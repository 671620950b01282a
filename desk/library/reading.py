"""The pages one reads: the gaps, and the articles' health."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import urlencode

from sanic import Request
from sanic.response import HTTPResponse

from desk.guard import needs
from desk.library.gaps import Gap
from desk.library.health import ORDERS, SIGNS, ordered
from desk.library.request import blueprint, chosen, library_of, period_of, presets, render, writer_of
from desk.library.views import visible
from desk.parts import parts_of

SHOWN: Final = 20
MOST_SHOWN: Final = 200


@blueprint.get("/knowledge")
@needs("agent", "lead", page=True)
async def gaps_page(request: Request) -> HTTPResponse:
    """What customers asked in vain, grouped by meaning."""
    asked, span, problem = period_of(request)
    kind, spoken = chosen(request, "failed", ["unanswered", "rejected"]), (request.args.get("lang_of") or "")[:16]
    every = await library_of(request).gaps(span)
    languages = sorted({code for gap in every for code, _ in gap.languages})
    kept = [one for one in every if _fits(one, kind, spoken)]
    seen = visible(kept, request.ctx.agent)
    shown = seen[: MOST_SHOWN if request.args.get("all") else SHOWN]
    writer, filters = writer_of(request), {"failed": kind, "lang_of": spoken}
    return await render(
        request,
        "gaps.html",
        asked,
        status=400 if problem else 200,
        problem=problem,
        presets=presets(request),
        kept_query=f"{asked.query}&{urlencode(filters)}",
        filters=filters,
        spoken=[(code, writer.spoken(code)) for code in languages],
        found=[writer.gap(one) for one in await library_of(request).nearest(shown)],
        more=len(seen) - len(shown),
        total=sum(one.questions for one in kept),
        unanswered=sum(one.unanswered for one in kept),
        rejected=sum(one.rejected for one in kept),
        groups=len(kept),
        hidden=sum(one.questions for one in kept) - sum(one.questions for one in seen),
    )


def _fits(one: Gap, kind: str, spoken: str) -> bool:
    counts = {"unanswered": one.unanswered, "rejected": one.rejected}
    return (not kind or counts[kind] > 0) and (not spoken or spoken in dict(one.languages))


@blueprint.get("/knowledge/articles")
@needs("agent", "lead", page=True)
async def articles_page(request: Request) -> HTTPResponse:
    """Every article: age, languages, use, what customers said of its answers."""
    asked, span, problem = period_of(request)
    languages = parts_of(request).brand.languages
    sign, spoken = chosen(request, "sign", list(SIGNS)), chosen(request, "lang_of", list(languages))
    order = chosen(request, "sort", list(ORDERS)) or ORDERS[0]
    every = await library_of(request).health(span)
    writer, filters = writer_of(request), {"sign": sign, "lang_of": spoken, "sort": order}
    kept = [one for one in every if (not sign or sign in one.signs) and (not spoken or spoken in one.titles)]
    return await render(
        request,
        "articles.html",
        asked,
        status=400 if problem else 200,
        problem=problem,
        presets=presets(request),
        kept_query=f"{asked.query}&{urlencode(filters)}",
        filters=filters,
        orders=ORDERS,
        signs=[(one, sum(one in article.signs for article in every)) for one in SIGNS],
        spoken=[(code, writer.spoken(code)) for code in languages],
        rows=[writer.article(one, languages) for one in ordered(kept, cast(Any, order), writer.language)],
        total=len(every),
    )
