"""Imports in the browser: upload, see what was understood, correct the columns, confirm. All of a file or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from sanic import Request
from sanic.response import HTTPResponse, raw, redirect
from sqlalchemy import Connection

from desk import catalogue
from desk.errors import BadRequest, NotFound
from desk.guard import needs
from desk.pages import HERE, language_of
from desk.parts import App, parts_of
from desk.strategy import refusals, sheet
from desk.strategy.field import clean
from desk.strategy.request import blueprint, render, sent, spend
from desk.strategy.uploads import LARGEST, Upload, Uploads
from touchpoints.cx import observation, observations, orders
from touchpoints.errors import ImportRefused

SAMPLES: Final = HERE / "strategy" / "samples"
FIELDS: Final = {"observations": observation.FIELDS, "orders": orders.FIELDS}
REQUIRED: Final = {"observations": observation.REQUIRED, "orders": orders.FIELDS}
SAMPLE_FILES: Final = {"observations": ("observations.csv", "osservazioni.csv"), "orders": ("orders.csv",)}
REJECTS_SHOWN: Final = 50
COUNTS: Final = ("rows", "new", "revised", "unchanged", "known")


@dataclass(frozen=True)
class Trial:
    """What an import would do, or why it can't."""

    counts: dict[str, int]
    unattached: dict[str, int]
    rejects: tuple[tuple[int, str], ...] = ()
    refused: int = 0


class _Undone(Exception):
    """Carries a trial's outcome out of a transaction that must leave nothing."""

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self.trial = trial


@blueprint.before_server_start
async def open_uploads(app: App) -> None:
    app.ctx.uploads = Uploads()


@blueprint.get("/strategy/imports")
@needs("lead", page=True)
async def imports(request: Request) -> HTTPResponse:
    """What can be brought in, with samples; and what the last one did."""
    _, observed = await parts_of(request).database.read(lambda conn: observations.page(conn, 1))
    return _front(request, observed=observed)


def _front(request: Request, *, observed: int = 0, status: int = 200, problem: str = "") -> HTTPResponse:
    done = request.args.get("done") or ""
    given = {name: request.args.get(name) or "" for name in COUNTS}
    return render(
        request,
        "imports.html",
        status=status,
        columns={what: [(one, one in REQUIRED[what]) for one in fields] for what, fields in FIELDS.items()},
        samples=SAMPLE_FILES,
        largest=LARGEST // 1000,
        done=done if done in FIELDS else "",
        counts={name: value for name, value in given.items() if value.isdecimal()},
        observed=observed,
        problem=problem,
    )


@blueprint.get("/strategy/imports/samples/<name:str>")
@needs("lead", page=True)
async def sample(request: Request, name: str) -> HTTPResponse:
    """A file to start from."""
    if not any(name in names for names in SAMPLE_FILES.values()):
        raise NotFound("no such sample")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return raw((SAMPLES / name).read_bytes(), content_type="text/csv", headers=headers)


@blueprint.post("/strategy/imports/<what:str>")
@needs("lead", page=True)
async def upload(request: Request, what: str) -> HTTPResponse:
    """Takes a file and shows what was understood of it."""
    spend(request)
    _check(what)
    given = request.files.get("file") if request.files else None
    body, name = (given.body, given.name) if given else (b"", "")
    if not body:
        return _front(request, status=400, problem="no_file")
    if len(body) > LARGEST:
        return _front(request, status=413, problem="too_large")
    try:
        found = sheet.opened(body)
    except ImportRefused as refusal:
        return _front(request, status=400, problem=_unreadable(refusal))
    mapping = sheet.guessed(found.columns, FIELDS[what])
    now, owner = parts_of(request).conversations.now(), str(request.ctx.agent.id)
    kept = Upload(what, clean(name or "")[:120] or "CSV", owner, now, found, mapping)
    token = request.app.ctx.uploads.keep(kept)
    return redirect(f"/strategy/imports/{what}/{token}", status=303)


def _unreadable(refusal: ImportRefused) -> str:
    why = refusal.rejects[0][1]
    return "empty" if "empty" in why else "too_wide" if "columns" in why else "unreadable"


@blueprint.get("/strategy/imports/<what:str>/<token:str>")
@needs("lead", page=True)
async def examine(request: Request, what: str, token: str) -> HTTPResponse:
    """The file's first rows, its columns, and what importing it would do."""
    return await _shown(request, what, token)


@blueprint.post("/strategy/imports/<what:str>/<token:str>")
@needs("lead", page=True)
async def confirm(request: Request, what: str, token: str) -> HTTPResponse:
    """Takes the columns as corrected; imports when asked to and nothing is refused."""
    spend(request)
    kept = _find(request, what, token)
    form = sent(request)
    kept.mapping = _mapping(kept, form)
    action = (form.get("action") or [""])[0]
    if action == "discard":
        request.app.ctx.uploads.drop(token)
        return redirect("/strategy/imports", status=303)
    if action != "import":
        return redirect(f"/strategy/imports/{what}/{token}", status=303)
    if twice_or_missing(kept):
        return await _shown(request, what, token, status=400)
    try:
        trial = await _run(request, kept, keep=True)
    except ImportRefused:
        return await _shown(request, what, token, status=400)
    request.app.ctx.uploads.drop(token)
    return redirect(f"/strategy/imports?{urlencode({'done': what, **trial.counts})}", status=303)


def _mapping(kept: Upload, form: Any) -> dict[int, str]:
    chosen = {}
    for place in range(len(kept.sheet.columns)):
        name = (form.get(f"column.{place}") or [""])[0]
        if name in FIELDS[kept.what]:
            chosen[place] = name
        elif name:
            raise BadRequest("no such column", code="invalid_value", field=f"column.{place}")
    return chosen


def twice_or_missing(kept: Upload) -> list[tuple[str, str]]:
    """Fields that two columns claim, and needed ones that none does, each with why."""
    names = list(kept.mapping.values())
    twice = [(name, "twice") for name in dict.fromkeys(names) if names.count(name) > 1]
    return twice + [(name, "lacking") for name in REQUIRED[kept.what] if name not in names]


async def _shown(request: Request, what: str, token: str, status: int = 200) -> HTTPResponse:
    kept = _find(request, what, token)
    wrong = twice_or_missing(kept)
    trial = None
    if not wrong:
        try:
            trial = await _run(request, kept, keep=False)
        except ImportRefused as refusal:
            trial = Trial({}, {}, refusal.rejects, refusal.total)
    try:
        rows = kept.sheet.preview()
    except ImportRefused as refusal:
        rows, trial = [], Trial({}, {}, refusal.rejects, refusal.total)
    return render(
        request,
        "upload.html",
        status=status,
        what=what,
        kept=kept,
        rows=rows,
        fields=_named(language_of(request), FIELDS[what], REQUIRED[what]),
        wrong=wrong,
        trial=trial,
        rejects=[_said(language_of(request), what, one) for one in (trial.rejects if trial else ())[:REJECTS_SHOWN]],
        rejects_shown=REJECTS_SHOWN,
    )


def _said(language: str, what: str, reject: tuple[int, str]) -> tuple[int, str, str]:
    """A refused line: its number, the column in the reader's words, and why; no why for a value that is missing."""
    line, said = reject
    field, _, why = said.partition(": ")
    if field not in FIELDS[what]:
        return line, "", refusals.said(language, said)
    column = catalogue.text(language, f"strategy.column.{field}")
    return line, column, "" if why == "missing" else refusals.said(language, why)


def _named(language: str, fields: tuple[str, ...], required: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    return [(one, catalogue.text(language, f"strategy.column.{one}"), one in required) for one in fields]


async def _run(request: Request, kept: Upload, *, keep: bool) -> Trial:
    """Imports the file; unless it is to be kept, the transaction is undone. Raises ImportRefused."""
    parts = parts_of(request)
    at, by, configuration = parts.conversations.now(), str(request.ctx.agent.name), parts.configuration
    source = io.BytesIO(kept.sheet.renamed(kept.mapping))

    def observed(conn: Connection) -> Trial:
        done = observations.import_csv(conn, source, at, by)
        counts = {"rows": done.rows, "new": done.new, "revised": done.revised, "unchanged": done.unchanged}
        return Trial(counts, dict(done.unattached))

    def ordered(conn: Connection) -> Trial:
        done = orders.import_csv(conn, source, configuration)
        return Trial({"rows": done.rows, "new": done.new, "known": done.known}, {})

    work: Callable[[Connection], Trial] = observed if kept.what == "observations" else ordered

    def tried(conn: Connection) -> Trial:
        raise _Undone(work(conn))

    try:
        return await parts.database.write(work if keep else tried)
    except _Undone as outcome:
        return outcome.trial


def _check(what: str) -> None:
    if what not in FIELDS:
        raise NotFound("nothing of that name can be imported")


def _find(request: Request, what: str, token: str) -> Upload:
    _check(what)
    found: Upload = request.app.ctx.uploads.find(
        token, str(request.ctx.agent.id), parts_of(request).conversations.now()
    )
    if found.what != what:
        raise NotFound("no such upload")
    return found
