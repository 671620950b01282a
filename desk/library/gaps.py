"""Knowledge gaps: the questions the assistant failed in a period, grouped by meaning, the most asked first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import structlog

from desk.library.vectors import QuestionVectors
from desk.redaction import redact
from knowledge import gaps
from knowledge.encoded import Vectors
from knowledge.errors import KnowledgeError
from knowledge.retriever import Decision, Retriever
from knowledge.version import Version
from touchpoints.display import FEWEST
from touchpoints.instant import Instant
from touchpoints.period import Span
from touchpoints.questions import Asked

log = structlog.get_logger()
MOST_QUESTIONS: Final = 2000
"""Different wordings grouped at once, the latest; a second or so of arithmetic, and 16 MB."""
SLICES: Final = 8
UNKNOWN: Final = "und"
Ref = tuple[str, int]


@dataclass(frozen=True)
class Wording:
    """A question as customers put it, without what identifies them; how often, and where it was asked first."""

    text: str
    language: str
    times: int
    ref: Ref


@dataclass(frozen=True)
class Nearest:
    """The article nearest to a gap today. `decision` is what the assistant would do with the typical wording."""

    article_id: str
    title: str
    lang: str
    confidence: float
    decision: Decision


@dataclass(frozen=True)
class Gap:
    """Questions that mean the same and failed. `trend` counts them over equal slices of the period, oldest first.

    `asked` is the typical wording as it was written: for searching with, never to be shown.
    """

    ref: str
    wordings: tuple[Wording, ...]
    questions: int
    contacts: int
    customers: int
    unanswered: int
    rejected: int
    people: int
    languages: tuple[tuple[str, int], ...]
    first_at: Instant
    last_at: Instant
    trend: tuple[int, ...]
    refs: tuple[Ref, ...]
    asked: str = field(repr=False)
    answered_by: tuple[str, ...] = ()
    nearest: Nearest | None = None
    draft: str | None = None

    @property
    def few(self) -> bool:
        """Fewer than five customers stand behind it: shown only to those who read the conversations anyway."""
        return self.customers < FEWEST

    @property
    def language(self) -> str:
        return self.languages[0][0]

    @property
    def covered(self) -> bool:
        """It had no answer then; today the assistant would give one."""
        return self.rejected == 0 and self.nearest is not None and self.nearest.decision == "answer"


def find(asked: Sequence[Asked], vectors: QuestionVectors, retriever: Retriever, span: Span) -> list[Gap]:
    """The gaps behind these failed questions, most contacts first. Encodes: call it from a thread."""
    by_text: dict[tuple[str, str], list[Asked]] = {}
    for one in reversed(asked):
        by_text.setdefault((" ".join(one.text.split()).casefold(), one.language or UNKNOWN), []).append(one)
    latest = list(by_text.values())[:MOST_QUESTIONS]
    if not latest:
        return []
    known = vectors.of([same[0].text for same in latest])
    languages = [same[0].language or UNKNOWN for same in latest]
    version = retriever.base.current()
    groups = gaps.group(gaps.centred(known, languages, _ordinary(vectors, version, languages)))
    found = [_gap([latest[row] for row in rows], span) for rows in groups]
    return sorted(found, key=lambda gap: (-gap.contacts, -gap.last_at, gap.ref))


def with_nearest(gap: Gap, vectors: QuestionVectors, retriever: Retriever) -> Gap:
    """The gap with the article nearest to its most typical wording."""
    vector: Vectors = vectors.of([gap.asked])[0]
    language = None if gap.language == UNKNOWN else gap.language
    try:
        result = retriever.search(gap.asked, language, k=1, vector=vector)
    except KnowledgeError as error:
        log.warning("nearest_article_unknown", error=str(error))
        return gap
    if not result.matches:
        return gap
    best = result.matches[0]
    return replace(gap, nearest=Nearest(best.article_id, best.title, best.lang, best.confidence, result.decision))


def with_draft(gap: Gap, written: Mapping[Ref, str]) -> Gap:
    """The gap with the open draft that was made of its words, if there is one."""
    return replace(gap, draft=next((written[ref] for ref in gap.refs if ref in written), None))


def _ordinary(vectors: QuestionVectors, version: Version | None, languages: Sequence[str]) -> dict[str, Vectors]:
    """Ordinary questions of each language; of one without articles, those of all the others."""
    known = {one: vectors.ordinary(version, one) for one in version.languages} if version else {}
    every = np.concatenate(list(known.values())) if known else np.empty((0, 0), np.float32)
    return {one: known.get(one, every) for one in dict.fromkeys(languages)}


def _gap(wordings: Sequence[Sequence[Asked]], span: Span) -> Gap:
    every = sorted((one for same in wordings for one in same), key=lambda one: one.at)
    spoken = Counter(one.language or UNKNOWN for one in every)
    rejected = [one for one in every if one.failed == "rejected"]
    cited = Counter(article for one in rejected for article in one.articles)
    typical = wordings[0][0]
    return Gap(
        ref=f"{typical.conversation_id}:{typical.seq}",
        wordings=tuple(
            Wording(
                redact(" ".join(same[0].text.split()), same[0].language or "en"),
                same[0].language or UNKNOWN,
                len(same),
                (same[0].conversation_id, same[0].seq),
            )
            for same in wordings
        ),
        questions=len(every),
        contacts=len({one.conversation_id for one in every}),
        customers=len({one.customer_key or one.conversation_id for one in every}),
        unanswered=len(every) - len(rejected),
        rejected=len(rejected),
        people=sum(one.person for one in every),
        languages=tuple(spoken.most_common()),
        first_at=every[0].at,
        last_at=every[-1].at,
        trend=_trend([one.at for one in every], span),
        refs=tuple((one.conversation_id, one.seq) for one in every),
        asked=typical.text,
        answered_by=tuple(article for article, _ in cited.most_common(3)),
    )


def _trend(moments: Sequence[Instant], span: Span) -> tuple[int, ...]:
    counts = [0] * SLICES
    for at in moments:
        counts[min(SLICES - 1, (at - span.start) * SLICES // max(1, span.end - span.start))] += 1
    return tuple(counts)
