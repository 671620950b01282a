"""Splits an article's Markdown into the texts of its passages: along headings, then between blocks; and these into
details, a few sentences each.

Tables, lists and code are cut only when they are longer than a passage, and then between rows, items or lines: each
piece of a table begins with its header, each piece of code stands in fences of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from knowledge.blocks import Block, blocks, sections

PASSAGE_CHARACTERS: Final = (
    1400  # about 350 tokens of prose, so that title and heading still fit into the encoder's 512
)
LONGEST_HEADING: Final = 300
SHORT_SECTION: Final = 200
SYMBOL: Final = re.compile(r"[^\w\s]|\d|_")
SYMBOL_WEIGHT, PROSE_SHARE = 3, 0.8
DETAIL_CHARACTERS: Final = 450  # chosen by `python -m bench.retrieval.fit`; from 250 to 550 the gain is much the same
SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+")
DETAIL_END: Final = re.compile(r"\s*\n\s*|(?<=[.!?…])\s+")


def split(body: str) -> Iterator[tuple[str, str]]:
    """(heading path, text) of each passage. A short body stays whole."""
    if _size(body) <= PASSAGE_CHARACTERS:
        yield "", body
        return
    pending_heading, pending = "", ""
    for path, text in sections(body):
        heading = _heading(path)
        for part in chunks(text):
            # a section of a line or two says little alone: it goes with the one before it
            if pending and (len(pending) < SHORT_SECTION or len(part) < SHORT_SECTION):
                fused = f"{pending}\n\n{heading}\n{part}" if heading != pending_heading else f"{pending}\n\n{part}"
                if _size(fused) <= PASSAGE_CHARACTERS:
                    pending = fused
                    continue
            if pending:
                yield pending_heading, pending
            pending_heading, pending = heading, part
    if pending:
        yield pending_heading, pending


def details(text: str) -> list[str]:
    """A passage's text in parts of a few sentences; none when it is one such part.

    They sharpen what the index knows of a long passage and are never shown, so nothing need stay whole in them.
    """
    if len(text) <= DETAIL_CHARACTERS:
        return []
    parts = [""]
    for sentence in filter(None, DETAIL_END.split(text)):
        joined = f"{parts[-1]} {sentence}".strip()
        if parts[-1] and len(joined) > DETAIL_CHARACTERS:
            parts.append(sentence)
        else:
            parts[-1] = joined
    return parts if len(parts) > 1 else []


def chunks(text: str) -> Iterator[str]:
    """The text in pieces that fit into a passage, cut between blocks, else within one where it hurts least."""
    if _size(text) <= PASSAGE_CHARACTERS:
        yield text
        return
    chunk = ""
    for block in _with_lead_in(blocks(text)):
        joined = f"{chunk}{block.glue}{block.text}" if chunk else block.text
        if _size(joined) <= PASSAGE_CHARACTERS:
            chunk = joined
            continue
        if chunk:
            yield chunk
        *whole, chunk = _pieces(block)
        yield from whole
    if chunk:
        yield chunk


def _with_lead_in(found: Iterable[Block]) -> Iterator[Block]:
    """A line that announces what follows ("You need:") stays with it when both fit into a passage."""
    lead: Block | None = None
    for block in found:
        if lead:
            joined = Block(block.kind, f"{lead.text}{block.glue}{block.text}", lead.glue)
            if _size(joined.text) <= PASSAGE_CHARACTERS:
                block = joined
            else:
                yield lead
            lead = None
        if block.kind == "paragraph" and block.text.endswith(":") and len(block.text) <= SHORT_SECTION:
            lead = block
        else:
            yield block
    if lead:
        yield lead


def _pieces(block: Block) -> list[str]:
    if _size(block.text) <= PASSAGE_CHARACTERS:
        return [block.text]
    lines = block.text.split("\n")
    if block.kind == "table" and len(lines) > 2 and _size("\n".join(lines[:2])) <= PASSAGE_CHARACTERS // 2:
        return _packed(lines[2:], before="\n".join(lines[:2]) + "\n")
    if block.kind == "code" and len(lines) > 2 and len(lines[0]) <= SHORT_SECTION:
        return _packed(lines[1:-1], before=lines[0] + "\n", after="\n" + lines[-1].strip())
    if block.kind == "list":
        return _packed(block.items())
    return _packed(lines) if len(lines) > 1 else _packed(SENTENCE_END.split(block.text), " ")


def _packed(parts: Sequence[str], glue: str = "\n", before: str = "", after: str = "") -> list[str]:
    """The parts joined into as few pieces as fit, each between `before` and `after`."""
    limit = PASSAGE_CHARACTERS - _size(before + after) if before else PASSAGE_CHARACTERS
    packed: list[str] = []
    piece = ""
    for part in parts:
        joined = f"{piece}{glue}{part}" if piece else part
        if _size(joined) <= limit:
            piece = joined
            continue
        if piece:
            packed.append(piece)
        *whole, piece = _cut(part, limit)
        packed += whole
    return [f"{before}{text}{after}" for text in [*packed, piece] if text.strip()] or [before + after]


def _cut(text: str, limit: int) -> list[str]:
    """A part too long by itself: at sentences when there are any, else anywhere."""
    if _size(text) <= limit:
        return [text]
    sentences = SENTENCE_END.split(text)
    if len(sentences) > 1:
        pieces = [""]
        for sentence in sentences:
            joined = f"{pieces[-1]} {sentence}".strip()
            if _size(joined) <= limit:
                pieces[-1] = joined
            else:
                pieces += _cut(sentence, limit)
        return [piece for piece in pieces if piece]
    step = max(1, limit * len(text) // _size(text))
    return [text[start : start + step] for start in range(0, len(text), step)]


def _heading(path: Sequence[str]) -> str:
    """The headings a text stands under, the nearest kept when they are too long together."""
    joined = " › ".join(path)
    while len(joined) > LONGEST_HEADING and len(path) > 1:
        path = path[1:]
        joined = " › ".join(path)
    return joined if len(joined) <= LONGEST_HEADING else joined[: LONGEST_HEADING - 1] + "…"


def _size(text: str) -> int:
    """Characters, or more where the text has many digits and signs, each of which is a token by itself."""
    symbols = len(SYMBOL.findall(text))
    return max(len(text), int(PROSE_SHARE * (len(text) + SYMBOL_WEIGHT * symbols)))
