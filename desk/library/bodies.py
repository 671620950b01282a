"""What machines send about drafts."""

from __future__ import annotations

from typing import Annotated

import msgspec

Words = Annotated[str, msgspec.Meta(max_length=400)]


class Proposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to make a draft of: a gap of the period asked about, a conversation a person ended, or nothing."""

    gap: Words | None = None
    article: Words | None = None
    lang: Words | None = None
    conversation: Words | None = None


class DraftEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a draft should say; what is left out stays. `revision` is the one that was read."""

    revision: int
    title: str | None = None
    body: str | None = None
    alternatives: list[str] | None = None
    article_id: str | None = None
    lang: str | None = None
    reason: str | None = None
    stage: str | None = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision on the draft as it was read; `checked` says that what looks like personal data is none."""

    revision: int
    checked: bool = False
