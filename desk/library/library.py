"""The library: what customers asked in vain, how the articles do, and the drafts people make of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from desk import clock
from desk.brand import Brand
from desk.errors import BadRequest, Conflict, NotFound
from desk.library import gaps, proposal
from desk.library.gaps import Gap
from desk.library.health import Health, health
from desk.library.vectors import QuestionVectors
from desk.store import accounts, drafts, tickets
from desk.store.accounts import Agent
from desk.store.database import Database
from desk.store.drafts import Content, Draft, DraftTaken, Ref
from knowledge.article import Article
from knowledge.errors import ArticleError
from knowledge.retriever import CLARIFY_FROM, Match, Retriever
from touchpoints.configuration import Configuration
from touchpoints.period import Span
from touchpoints.questions import Questions, questions
from touchpoints.solved import Solved, lately_solved, solved

SOURCE: Final = "drafts"
"""Where the knowledge base says these articles came from."""
MOST_OPEN: Final = 500
"""Drafts that may be open at once: a stuck script shouldn't fill the disk."""


@dataclass
class Library:
    """What a signed-in person can see of the knowledge and do to it."""

    database: Database
    retriever: Retriever
    vectors: QuestionVectors
    configuration: Configuration
    brand: Brand
    now: Callable[[], datetime] = clock.now
    _publishing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def gaps(self, span: Span) -> list[Gap]:
        """The gaps of a period, each with its draft where there is one."""
        asked, written = await self.database.read(lambda conn: (self._questions(conn, span), drafts.written_from(conn)))
        found = await asyncio.to_thread(gaps.find, asked.failed, self.vectors, self.retriever, span)
        return [gaps.with_draft(one, written) for one in found]

    async def nearest(self, found: Sequence[Gap]) -> list[Gap]:
        """The same gaps with the article nearest to each today."""
        return await asyncio.to_thread(lambda: [gaps.with_nearest(one, self.vectors, self.retriever) for one in found])

    async def health(self, span: Span) -> list[Health]:
        """Every article with its use in the period."""
        asked = await self.database.read(lambda conn: self._questions(conn, span))
        today = self.now().astimezone(self.brand.zone).date()
        return await asyncio.to_thread(
            lambda: health(self.retriever.base.articles(), asked.given, self.brand.languages, today)
        )

    def _questions(self, conn: Connection, span: Span) -> Questions:
        return questions(conn, self.configuration, span)

    async def lately_solved(self, since: datetime, limit: int = 10) -> list[tuple[Solved, Content]]:
        """What people answered lately, as drafts could be made of it; the latest first."""

        def read(conn: Connection) -> list[tuple[Solved, Content]]:
            names, written = tuple(accounts.names(conn).values()), drafts.sources(conn)
            found = lately_solved(conn, self.configuration, clock.micros(since), limit * 2)
            fresh = [one for one in found if one.conversation_id not in written]
            return [(one, proposal.from_conversation(one, self.brand.languages, names)) for one in fresh[:limit]]

        return await self.database.read(read)

    async def propose_blank(self, language: str, agent: Agent) -> str:
        """An empty draft; returns its id."""
        return await self._propose(proposal.blank(language), "blank", (), agent)

    async def propose_from_gap(self, gap: Gap, agent: Agent, article: tuple[str, str] | None = None) -> str:
        """A draft with the gap's wordings, or the named article with them added; the one there is, if there is one."""
        if gap.draft:
            return gap.draft
        if article is None:
            return await self._propose(proposal.from_gap(gap, self.brand.languages), "gap", gap.refs, agent)
        known = await asyncio.to_thread(self.retriever.base.article, *article)
        if known is None:
            raise NotFound("no such article")
        return await self._propose(proposal.from_article(known, gap), "gap", gap.refs, agent)

    async def propose_from_conversation(self, conversation_id: str, agent: Agent) -> str:
        """A draft of what was asked and what a person answered. Raises NotFound, or Conflict where nothing was."""

        def read(conn: Connection) -> tuple[Solved | None, list[str]]:
            left = [one.name for one in tickets.of_thread(conn, conversation_id[:40]) if one.name]
            return solved(conn, self.configuration, conversation_id), [*accounts.names(conn).values(), *left]

        found, names = await self.database.read(read)
        if found is None:
            raise NotFound("no such conversation")
        if not found.usable:
            raise Conflict("no person has answered and closed this conversation", code="not_solved")
        content = proposal.from_conversation(found, self.brand.languages, names)
        return await self._propose(
            content, "conversation", [(found.conversation_id, seq) for seq, _ in found.asked], agent
        )

    async def _propose(self, content: Content, origin: str, sources: Sequence[Ref], agent: Agent) -> str:
        def write(conn: Connection) -> str:
            written = drafts.written_from(conn)
            known = next((written[ref] for ref in sources if ref in written), None)
            if known:
                return known
            if drafts.count_open(conn) >= MOST_OPEN:
                raise Conflict("too many drafts are open: decide some first", code="too_many_drafts")
            return drafts.propose(conn, content, origin, sources, agent.name, self.now())

        return await self.database.write(write)

    async def draft(self, draft_id: str) -> Draft:
        """Raises NotFound."""
        return await self.database.read(lambda conn: _get(conn, draft_id))

    async def similar(self, content: Content) -> list[Match]:
        """Articles the assistant would give, or offer, to somebody asking the draft's title: it may be one of them."""
        if not content.title:
            return []
        result = await asyncio.to_thread(self.retriever.search, content.title, content.lang, 4)
        own = content.article_id if content.replaces else None
        return [one for one in result.matches if one.confidence >= CLARIFY_FROM and one.article_id != own][:3]

    async def save(self, draft_id: str, revision: int, content: Content, agent: Agent) -> None:
        """Raises Conflict when somebody else changed the draft meanwhile."""
        await self._write(lambda conn: drafts.save(conn, draft_id, revision, content, agent.name, self.now()))

    async def reject(self, draft_id: str, revision: int, agent: Agent) -> None:
        """Sets it aside. Raises Conflict."""
        await self._write(lambda conn: drafts.reject(conn, draft_id, revision, agent.name, self.now()))

    async def reopen(self, draft_id: str, revision: int, agent: Agent) -> None:
        """Takes it up again. Raises Conflict."""
        await self._write(lambda conn: drafts.reopen(conn, draft_id, revision, agent.name, self.now()))

    async def approve(self, draft_id: str, revision: int, agent: Agent, *, checked: bool = False) -> str:
        """Publishes the draft as it was last saved and returns the version it is served in.

        Refused while it is incomplete, while something in it looks like personal data and nobody says they checked,
        or when the article is there already in another state than the one it was written from. Of two people who
        approve, the second comes too late.
        """
        async with self._publishing:  # or two new articles of one id would both find its place free
            return await self._approve(draft_id, revision, agent, checked)

    async def _approve(self, draft_id: str, revision: int, agent: Agent, checked: bool) -> str:
        content = (await self.draft(draft_id)).content
        if proposal.findings(content) and not checked:
            raise BadRequest("something in it looks like personal data", code="not_checked", field="checked")
        known = await asyncio.to_thread(self.retriever.base.article, content.article_id, content.lang)
        _check_place(content, known)
        article = self._article(content, known)
        await self._write(lambda conn: drafts.claim(conn, draft_id, revision, self.now()))
        try:
            changes = await asyncio.to_thread(self.retriever.base.publish, [article], source=SOURCE)
        except BaseException:
            await self.database.write(lambda conn: drafts.release(conn, draft_id, self.now()))
            raise
        version = changes.version or ""
        await self.database.write(lambda conn: drafts.approved(conn, draft_id, version, agent.name, self.now()))
        return version

    def _article(self, content: Content, known: Article | None) -> Article:
        """The article as it will be published; what the form doesn't hold stays as it was."""
        today = self.now().astimezone(self.brand.zone).date().isoformat()
        named = {name: getattr(content, name) for name in ("lang", "title", "body", "reason", "stage")}
        try:
            made = Article.from_fields({**named, "id": content.article_id, "alternatives": list(content.alternatives)})
        except ArticleError as error:
            raise BadRequest(str(error), code="incomplete") from error
        if not made.title:
            raise BadRequest("the article has no title", code="incomplete", field="title")
        made = replace(made, updated=today)
        return replace(made, url=known.url, tags=known.tags) if known else made

    async def _write(self, work: Callable[[Connection], None]) -> None:
        try:
            await self.database.write(work)
        except DraftTaken:
            raise Conflict("somebody else changed or decided this draft first", code="draft_changed") from None


def _get(conn: Connection, draft_id: str) -> Draft:
    try:
        return drafts.get(conn, draft_id)
    except KeyError:
        raise NotFound("no such draft") from None


def _check_place(content: Content, known: Article | None) -> None:
    if content.replaces is None and known is not None:
        raise Conflict("there is an article with this id in this language", code="article_exists", field="article_id")
    if content.replaces is not None and (known is None or proposal.digest(known) != content.replaces):
        raise Conflict("the article changed since this draft was made of it", code="article_changed")
