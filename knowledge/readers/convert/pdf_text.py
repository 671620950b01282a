"""Markdown from the lines of a PDF's pages: headings, lists, paragraphs put together again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from knowledge.readers.convert.pdf_layout import Line

LARGER: Final = 1.12  # times the size of the text, from which on a line is a heading
LONGEST_HEADING: Final = 160
DEEPEST: Final = 5
BULLET: Final = re.compile(r"^[•◦▪▫●○■□‣⁃∙·–*\-\uf0b7\uf0a7]\s+")
NUMBERED: Final = re.compile(r"^(\d{1,2})[.)]\s+(?=\S)")
NUMBERS: Final = re.compile(r"\d+")
PAGE_NUMBER: Final = re.compile(
    r"^(?:(?:page|pagina|pag\.?|seite|p\.)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|of|di|von)\s*\d{1,4})?$", re.I
)
SPECIAL: Final = re.compile(r"^(#{1,6}\s|>|\||~~~|```|\d+[.)]\s|[-+]\s|\*\s)")
FEWEST_PAGES: Final = 3
TITLE_AMONG: Final = 3  # blocks: a logo or a running header may stand above it


def without_repeats(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of all pages in a row, without page numbers, running headers and footers."""
    seen = Counter(key for page in pages for key in {_key(line) for line in page if line.edge})
    often = max(FEWEST_PAGES, len(pages) // 3)
    return [
        line
        for page in pages
        for line in page
        if not (line.edge and (PAGE_NUMBER.match(line.text) or seen[_key(line)] >= often))
    ]


def _key(line: Line) -> str:
    return NUMBERS.sub("0", line.text)


def written(lines: Sequence[Line]) -> tuple[str, str]:
    """The title, when the document begins with the one heading of the largest type, and the Markdown of the rest."""
    levels = _levels(lines)
    blocks: list[tuple[int, str]] = []
    for _, group in groupby(lines, key=lambda line: (line.box, levels.get(_look(line), 0), line.table)):
        together = list(group)
        level = levels.get(_look(together[0]), 0)
        text = _joined(together)
        if together[0].table:
            blocks.append((0, together[0].text))
        elif level and len(text) <= LONGEST_HEADING and any(letter.isalpha() for letter in text):
            blocks.append((level, text))
        else:
            blocks += [(0, paragraph) for paragraph in _paragraphs(together)]
    largest = [place for place, (level, _) in enumerate(blocks) if level == 1]
    title = blocks.pop(largest[0])[1] if len(largest) == 1 and largest[0] < TITLE_AMONG and len(blocks) > 1 else ""
    return title, "\n\n".join("#" * level + " " + text if level else text for level, text in _run_on(blocks))


def _look(line: Line) -> tuple[float, bool]:
    return line.size, line.bold


def _levels(lines: Sequence[Line]) -> dict[tuple[float, bool], int]:
    """The heading level of each look of type that is one: larger than the text, or bold where the text isn't."""
    amount: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        if not line.table:
            amount[_look(line)] += len(line.text)
    if not amount:
        return {}
    text = amount.most_common(1)[0][0]
    headings = [
        look for look in amount if look[0] >= text[0] * LARGER or (look[1] and not text[1] and look[0] >= text[0])
    ]
    return {look: min(place, DEEPEST) for place, look in enumerate(sorted(headings, reverse=True), start=1)}


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """The paragraph of a box, or its list items, each in one line."""
    items: list[list[Line]] = []
    listed = False
    for line in lines:
        begins = bool(BULLET.match(line.text) or NUMBERED.match(line.text))
        if begins or not items:
            items.append([line])
        else:
            items[-1].append(line)
        listed |= begins
    if listed:
        yield "\n".join(_item(_joined(item)) for item in items)
    else:
        text = _joined(lines)
        yield "\\" + text if SPECIAL.match(text) else text


def _item(text: str) -> str:
    return "- " + BULLET.sub("", text) if BULLET.match(text) else text


def _joined(lines: Sequence[Line]) -> str:
    """Lines as one, a word divided at their ends put together again."""
    text = ""
    for line in lines:
        divided = re.search(r"[^\W\d_]-$", text) and line.text[:1].islower()
        text = text[:-1] + line.text if divided else f"{text} {line.text}".strip()
    return text


def _run_on(blocks: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Paragraphs that a page's end cut in two, and lists whose items were set apart, in one piece."""
    joined: list[tuple[int, str]] = []
    for level, text in blocks:
        if joined and not level and not joined[-1][0]:
            before = joined[-1][1]
            if _is_list(before) and _is_list(text):
                joined[-1] = (0, f"{before}\n{text}")
                continue
            if text[:1].islower() and before[-1:] not in ".!?:;|" and not _is_list(before):
                joined[-1] = (0, f"{before[:-1]}{text}" if before.endswith("-") else f"{before} {text}")
                continue
        joined.append((level, text))
    return joined


def _is_list(text: str) -> bool:
    return text.startswith("- ") or bool(NUMBERED.match(text))
