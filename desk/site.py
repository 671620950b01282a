"""Public pages: the widget's files, the help centre, the demo shop, privacy. Nothing here needs a sign-in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, file, raw, redirect, validate_file

from desk.errors import NotFound
from desk.pages import HERE, language_of, page
from desk.parts import Parts, parts_of
from knowledge.article import Article

STAGES: Final = ("awareness", "familiarity", "consideration", "purchase", "post_purchase", "loyalty")
blueprint = Blueprint("site")
_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


def rendered(body: str) -> str:
    """An article's Markdown as safe HTML: no raw HTML passes, no script is ever served."""
    return nh3.clean(_markdown.render(body), link_rel="noopener noreferrer nofollow")


@blueprint.get("/widget.js")
async def widget_script(request: Request) -> HTTPResponse:
    return await _shared(request, HERE / "static" / "widget" / "widget.js")


@blueprint.get("/widget/<name:path>")
async def widget_file(request: Request, name: str) -> HTTPResponse:
    folder = (HERE / "static" / "widget").resolve()
    try:
        wanted = (folder / name).resolve()
        found = wanted.is_relative_to(folder) and wanted.is_file()
    except (OSError, ValueError):  # a name no file system takes
        found = False
    if not found:
        raise NotFound("no such file")
    return await _shared(request, wanted)


async def _shared(request: Request, path: Path) -> HTTPResponse:
    """A file of the widget: any site may load it."""
    kinds = {".js": "text/javascript; charset=utf-8", ".json": "application/json", ".css": "text/css; charset=utf-8"}
    # asked for again each time: loader and chat of one release belong together
    response = await validate_file(request.headers, path.stat().st_mtime)
    response = response or await file(path, mime_type=kinds.get(path.suffix))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/brand.css")
async def brand_style(request: Request) -> HTTPResponse:
    """The brand's accent, as the tokens every page is drawn with."""
    brand = parts_of(request).brand
    rule = f":root {{ --accent: {brand.accent}; --on-accent: {brand.on_accent}; }}\n"
    return raw(rule.encode(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=300"})


@blueprint.get("/")
async def front(request: Request) -> HTTPResponse:
    """The bookshop's demo opens its shop; a real desk, or a demo without one, its help centre."""
    return redirect("/shop" if _has_shop(parts_of(request)) else "/help")


def _has_shop(parts: Parts) -> bool:
    return parts.settings.demo and all("promise" in parts.brand.texts.get(one, {}) for one in parts.brand.languages)


@blueprint.get("/shop")
async def shop(request: Request) -> HTTPResponse:
    parts = parts_of(request)
    if not _has_shop(parts):
        raise NotFound("there is no shop here: the shop page belongs to the demo")
    return page(request, "shop/index.html", shop=parts.brand.texts[language_of(request)])


@blueprint.get("/help")
async def help_index(request: Request) -> HTTPResponse:
    """Every article in the reader's language by stage, or those that fit a question."""
    parts, language = parts_of(request), language_of(request)
    query = (request.args.get("q") or "").strip()[:500]
    articles = [one for one in parts.retriever.base.articles() if one.lang == language]
    groups: list[tuple[str, list[Article]]] = []
    if query:
        parts.session_limit.spend(f"search:{request.remote_addr or request.ip}")
        found = await parts.encoding.search(query, language, 8)
        by_id = {one.id: one for one in articles}
        groups = [("found", [by_id[match.article_id] for match in found.matches if match.article_id in by_id])]
    else:
        for stage in (*STAGES, ""):
            chosen = [
                one for one in articles if (one.stage or "") == stage or (stage == "" and one.stage not in STAGES)
            ]
            if chosen:
                groups.append((stage or "other", sorted(chosen, key=lambda one: one.title or one.id)))
    return page(request, "help/index.html", groups=groups, query=query)


@blueprint.get("/help/<lang:str>/<article_id:path>")  # ids of folders and sites have slashes
async def help_article(request: Request, lang: str, article_id: str) -> HTTPResponse:
    parts = parts_of(request)
    article_id = unquote(article_id)
    found = parts.retriever.base.article(article_id, lang)
    if found is None:
        raise NotFound("no such article")
    return page(
        request,
        "help/article.html",
        article=found,
        body=rendered(found.body),
        related=_related(parts, found),
        other_languages=[
            one for one in parts.brand.languages if one != lang and parts.retriever.base.article(article_id, one)
        ],
    )


def _related(parts: Parts, one: Article) -> list[Article]:
    """Articles of the same area in the same language, the nearest by tags first."""
    area = (one.reason or "").split(".")[0]
    near = [
        other
        for other in parts.retriever.base.articles()
        if other.lang == one.lang and other.id != one.id and area and (other.reason or "").startswith(f"{area}.")
    ]
    return sorted(near, key=lambda other: -len(set(other.tags) & set(one.tags)))[:4]


@blueprint.get("/privacy")
async def privacy(request: Request) -> HTTPResponse:
    return page(request, "help/privacy.html")


def add_static(app: Any) -> None:
    """Style sheets and scripts of the desk's own pages."""
    app.static("/static", HERE / "static", name="static")
