"""The pages of what a lead writes down: everything at a glance, a list for each kind, an entry to read and change."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import quote, unquote

from sanic import Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from desk import catalogue
from desk.errors import BadRequest, NotFound
from desk.guard import needs
from desk.pages import language_of
from desk.parts import parts_of
from desk.strategy import adoption, form, writing
from desk.strategy.form import Form
from desk.strategy.kinds import KINDS, Kind
from desk.strategy.options import Options
from desk.strategy.request import blueprint, render, sent, spend, today
from desk.strategy.views import Writer
from desk.strategy.writing import NEW, Change, Overtaken
from touchpoints.configuration import Configuration
from touchpoints.cx import ledger, observations, reasons
from touchpoints.cx.errors import EntryError
from touchpoints.cx.ledger import BEGINNING, Book, Entry
from touchpoints.metrics import METRICS

LATELY: Final = 12
CARDS: Final = ("loyalty", "talk", "phygital", "marketing", "knowledge", "flexibility", "figures", "readers")
DONE: Final = ("saved", "withdrawn", "unchanged")


@blueprint.get("/strategy")
@needs("lead", page=True)
async def overview(request: Request) -> HTTPResponse:
    """How much is written down of each kind, what was changed lately, and where to begin while nothing is."""
    day = today(request)
    book, lately = await parts_of(request).database.read(
        lambda conn: (ledger.book(conn, day), ledger.changes(conn, LATELY))
    )
    writer, configuration = _writer(request, book), parts_of(request).configuration
    counts = {plural: len(book.of(kind.name)) for plural, kind in KINDS.items()}
    counts["reasons"] = len(configuration.reasons)
    return render(
        request,
        "overview.html",
        counts=counts,
        empty=not book.of("promise"),
        lately=[writer.change(one) for one in lately],
    )


@blueprint.get("/strategy/sources")
@needs("lead", page=True)
async def sources(request: Request) -> HTTPResponse:
    """What the sources say and no number here carries: hypotheses, cautions, readers' comments."""
    return render(request, "sources.html", cards=CARDS)


@blueprint.get("/strategy/<plural:str>")
@needs("lead", page=True)
async def listing(request: Request, plural: str) -> HTTPResponse:
    """What is in force of one kind, and what will be."""
    kind, book = _kind(plural), await _book(request)
    writer = _writer(request, book)
    entries = _entries(kind, book, parts_of(request).configuration)
    rows = [writer.row(kind, one) for one in entries]
    rows.sort(key=lambda row: str(row["title"]).casefold())
    grid = [(row, set(one.value.stages)) for row, one in _paired(rows, entries)] if kind.name == "touchpoint" else []
    return render(
        request, "listing.html", kind=kind, rows=rows, grid=grid, stages=writer.options.of("stage"), done=_done(request)
    )


@blueprint.get("/strategy/<plural:str>/new")
@needs("lead", page=True)
async def begin(request: Request, plural: str) -> HTTPResponse:
    """An empty form, or one with what the address says already in it."""
    kind, book = _kind(plural), await _book(request)
    if not kind.naming:
        raise NotFound("nothing new can be written here: it is all there already")
    given = {name: request.args.getlist(name) or [] for name in request.args}
    return _page(request, book, form.prefilled(kind, given), None, [])


@blueprint.get("/strategy/<plural:str>/<name:str>")
@needs("lead", page=True)
async def entry(request: Request, plural: str, name: str) -> HTTPResponse:
    """One entry in its form, with its history."""
    kind, name = _kind(plural), unquote(name)
    book, known = await _known(request, kind, name)
    unheard = await _unheard(request, kind, known[-1])
    return _page(request, book, form.of_entry(kind, known[-1].value), name, known, unheard=unheard)


@blueprint.post("/strategy/<plural:str>/new")
@needs("lead", page=True)
async def write_new(request: Request, plural: str) -> HTTPResponse:
    """Writes something new down."""
    kind = _kind(plural)
    if not kind.naming:
        raise NotFound("nothing new can be written here: it is all there already")
    return await _save(request, kind, None, await _book(request), [])


@blueprint.post("/strategy/<plural:str>/<name:str>")
@needs("lead", page=True)
async def change(request: Request, plural: str, name: str) -> HTTPResponse:
    """Saves a new revision, or takes the entry out of force, as the pressed button says."""
    kind, name = _kind(plural), unquote(name)
    book, known = await _known(request, kind, name)
    return await _save(request, kind, name, book, known)


async def _save(request: Request, kind: Kind, name: str | None, book: Book, known: list[Entry]) -> HTTPResponse:
    spend(request)
    given, options = sent(request), _writer(request, book).options
    filled = form.read(kind, given, options, name)
    withdrawing = name is not None and filled.value("action") == "withdraw"
    made_up = name is None and not filled.value("id").strip()
    day = _valid_from(request, kind, filled)
    if filled.wrong and not withdrawing:
        return _page(request, book, filled, name, known, status=400)
    at, by, revision = parts_of(request).conversations.now(), str(request.ctx.agent.name), _revision(filled, name)

    def work(conn: Connection) -> tuple[Entry, Configuration | None]:
        if made_up:
            filled.document["id"] = writing.free_name(conn, kind.name, filled.document["id"])
        asked = Change(kind.name, filled.document["id"], revision, at, by, day)
        found = writing.withdraw(conn, asked) if withdrawing else writing.write(conn, asked, filled.document)
        return found, adoption.decide(conn, parts_of(request).brand, at) if kind.name == "reason" else None

    try:
        found, wanted = await parts_of(request).database.write(work)
    except EntryError as error:
        filled.wrong[_field(kind, error)] = _why(kind, error)
        return _page(request, book, filled, name, known, status=400, said=error.why)
    except (Overtaken, IntegrityError):
        book, known = await _known(request, kind, str(filled.document["id"]))
        return _page(request, book, filled, name, known, status=409, overtaken=True)
    if wanted is not None:
        adoption.adopt(request, wanted)
    done = "withdrawn" if withdrawing else "unchanged" if known and found.revision == known[-1].revision else "saved"
    place = f"/strategy/{kind.plural}" if withdrawing else f"/strategy/{kind.plural}/{quote(found.id, safe='')}"
    return redirect(f"{place}?done={done}", status=303)


def _page(
    request: Request,
    book: Book,
    filled: Form,
    name: str | None,
    known: list[Entry],
    *,
    status: int = 200,
    overtaken: bool = False,
    said: str = "",
    unheard: str = "",
) -> HTTPResponse:
    writer, kind = _writer(request, book), filled.kind
    latest = known[-1] if known else None
    day = filled.value("valid_from") or (today(request) if latest is None else max(latest.valid_from, today(request)))
    return render(
        request,
        "entry.html",
        status=status,
        kind=kind,
        name=name,
        title=writer.title(kind, latest.value) if latest and name else "",
        form=filled,
        choices={one.name: _choices(one.options, filled.typed.get(one.name, []), writer) for one in kind.fields},
        valid_from=str(day),
        revision=NEW if latest is None or name is None else latest.revision,
        known=latest is not None and latest.recorded_at is not None and not latest.withdrawn,
        withdrawn=latest is not None and latest.withdrawn,
        overtaken=latest if overtaken else None,
        overtaken_when=writer.moment(latest.recorded_at) if overtaken and latest and latest.recorded_at else "",
        signs=writer.row(kind, latest)["signs"] if latest and name else [],
        history=writer.history(kind, known),
        said=said,
        unheard=unheard,
        done=_done(request) if status == 200 else "",
        metrics=writer.options.of("metric") if any(one.options == "metric" for one in kind.fields) else [],
    )


def _choices(options: str, typed: list[str], writer: Writer) -> list[tuple[str, str]]:
    """The options, and what an earlier revision chose that is no option any more."""
    if not options or options == "metric":
        return []
    listed = writer.options.of(options)
    lost = [(one, one) for one in typed if one and one not in {value for value, _ in listed}]
    return [*listed, *lost]


def _kind(plural: str) -> Kind:
    if plural not in KINDS:
        raise NotFound("no such page")
    return KINDS[plural]


async def _book(request: Request) -> Book:
    day = today(request)
    return await parts_of(request).database.read(lambda conn: ledger.book(conn, day))


async def _known(request: Request, kind: Kind, name: str) -> tuple[Book, list[Entry]]:
    """The book of today and every revision of one entry. Raises NotFound."""
    day = today(request)
    book, known = await parts_of(request).database.read(
        lambda conn: (ledger.book(conn, day), ledger.history(conn, kind.name, name))
    )
    own = parts_of(request).configuration.reasons
    if kind.name == "reason" and not known and name in own:
        known = [_of_the_brand(name, own[name])]
    if not known:
        raise NotFound("no such entry")
    return book, known


async def _unheard(request: Request, kind: Kind, latest: Entry) -> str:
    """A promise's measure that nothing has come in under yet: it may be meant so, or be a slip of the pen."""
    metric = latest.value.metric if kind.name == "promise" else ""
    if not metric or metric in METRICS:
        return ""
    return "" if await parts_of(request).database.read(lambda conn: observations.heard_of(conn, metric)) else metric


def _entries(kind: Kind, book: Book, configuration: Configuration) -> list[Entry]:
    if kind.name != "reason":
        return book.of(kind.name)
    written = book.entries.get("reason", {})
    return [written.get(name) or _of_the_brand(name, one) for name, one in configuration.reasons.items()]


def _of_the_brand(name: str, one: Any) -> Entry:
    return Entry("reason", name, NEW, BEGINNING, None, ledger.DEFAULT, False, reasons.described(name, one))


def _paired(rows: list[dict[str, Any]], entries: list[Entry]) -> list[tuple[dict[str, Any], Entry]]:
    by_id = {one.id: one for one in entries}
    return [(row, by_id[row["id"]]) for row in rows]


def _writer(request: Request, book: Book) -> Writer:
    parts = parts_of(request)
    return Writer(Options(language_of(request), book, parts.configuration), parts.brand.zone, today(request))


def _valid_from(request: Request, kind: Kind, filled: Form) -> date | None:
    given = filled.value("valid_from").strip()
    if not given or not kind.dated:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        filled.wrong["valid_from"] = "not_a_day"
        return None


def _revision(filled: Form, name: str | None) -> int:
    given = filled.value("revision")
    if name is None:
        return NEW
    if not given.lstrip("-").isdecimal() or len(given) > 9:
        raise BadRequest("revision: the entry's number", code="invalid_value", field="revision")
    return int(given)


def _field(kind: Kind, error: EntryError) -> str:
    """The form's field an error is about; "id" for what concerns the whole."""
    first = error.field.partition(".")[0].partition("[")[0]
    return first if kind.field(first) or first == "id" else "id"


def _why(kind: Kind, error: EntryError) -> str:
    key = f"{kind.name}_{_field(kind, error)}"
    if error.why == "taken":
        return "taken"
    return key if f"strategy.wrong.{key}" in catalogue.keys("en") else "refused"


def _done(request: Request) -> str:
    given = request.args.get("done") or ""
    return given if given in DONE else ""
