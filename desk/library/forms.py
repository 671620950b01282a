"""What a person wrote in the draft's form, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from desk.errors import BadRequest
from desk.library.proposal import LONGEST_TITLE, MOST_ALTERNATIVES, slug
from desk.store.drafts import Content
from touchpoints.vocabulary import STAGES

LONGEST_BODY: Final = 20_000
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID: Final = 80


def content(sent: Mapping[str, Any], before: Content, languages: Collection[str], reasons: Collection[str]) -> Content:
    """The content as it was sent; `replaces` can't be sent, and what replaces an article stays that article.

    `alternatives` is a list, or a text with one on each line. Raises BadRequest naming the field.
    """

    def text(name: str, longest: int) -> str:
        value = sent.get(name, getattr(before, name))
        if not isinstance(value, str):
            raise _wrong(name, "must be a text")
        value = value.encode("utf-8", "replace").decode().replace("\x00", "").replace("\r\n", "\n").strip()
        if len(value) > longest:
            raise _wrong(name, f"at most {longest} characters")
        return value

    title = " ".join(text("title", LONGEST_TITLE).split())
    lang = text("lang", 16)
    if lang not in languages:
        raise _wrong("lang", f"one of {', '.join(languages)}")
    article_id = text("article_id", _LONGEST_ID).lower() or slug(title)
    if before.replaces:
        article_id, lang = before.article_id, before.lang
    elif article_id and not _ID.fullmatch(article_id):
        raise _wrong("article_id", "letters, digits and single hyphens")
    reason, stage = text("reason", 100), text("stage", 40)
    if reason and reason not in reasons and reason != before.reason:
        raise _wrong("reason", "not in the configuration")
    if stage and stage not in STAGES and stage != before.stage:
        raise _wrong("stage", "no such stage")
    return Content(
        article_id, lang, title, text("body", LONGEST_BODY), _alternatives(sent, before), reason, stage, before.replaces
    )


def _alternatives(sent: Mapping[str, Any], before: Content) -> tuple[str, ...]:
    value = sent.get("alternatives", before.alternatives)
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list | tuple) or not all(isinstance(one, str) for one in lines):
        raise _wrong("alternatives", "must be a list of texts")
    cleaned = [" ".join(one.encode("utf-8", "replace").decode().replace("\x00", "").split()) for one in lines]
    kept = tuple(dict.fromkeys(one for one in cleaned if one))
    if len(kept) > MOST_ALTERNATIVES:
        raise _wrong("alternatives", f"at most {MOST_ALTERNATIVES}")
    if any(len(one) > LONGEST_TITLE for one in kept):
        raise _wrong("alternatives", f"at most {LONGEST_TITLE} characters each")
    return kept


def _wrong(field: str, why: str) -> BadRequest:
    return BadRequest(f"{field}: {why}", code="invalid_value", field=field)
