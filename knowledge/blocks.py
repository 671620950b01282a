"""The structure of a Markdown text as far as splitting needs it: sections, and the tables, lists and code in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["paragraph", "table", "list", "code"]

HEADING: Final = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
UNDERLINE: Final = re.compile(r"^ {0,3}(=+|-{3,})[ \t]*$")
LONGEST_LINE: Final = 1000  # of a heading; a longer line is text, whatever it begins with
FENCE: Final = re.compile(r"^[ \t]*(`{3,}|~{3,})")
ITEM: Final = re.compile(r"^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\S")


@dataclass(frozen=True)
class Block:
    """A paragraph, table, list or piece of code; `glue` is what stood between it and the block before."""

    kind: Kind
    text: str
    glue: str

    def items(self) -> list[str]:
        """The items of a list, each with what is nested in it."""
        items: list[list[str]] = []
        for line in self.text.split("\n"):
            found = ITEM.match(line)
            if not items or (found and len(found[1].expandtabs(4)) <= 1):
                items.append([line])
            else:
                items[-1].append(line)
        return ["\n".join(lines).strip("\n") for lines in items]


def sections(body: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """(headings it stands under, text) of each stretch of text between two headings; empty ones are left out."""
    for path, text in outline(body):
        if text:
            yield tuple(title for _, title in path), text


def outline(body: str) -> Iterator[tuple[tuple[tuple[int, str], ...], str]]:
    """((level, heading) from the outermost on, text), one for the beginning and one for each heading."""
    path: tuple[tuple[int, str], ...] = ()
    lines: list[str] = []
    fence = ""
    for line in body.splitlines():
        fence = _fence(fence, line)
        level, title = (0, "") if fence else _heading(lines, line)
        if not level:
            lines.append(line)
            continue
        yield path, "\n".join(lines).strip()
        lines = []
        path = (*(one for one in path if one[0] < level), (level, title))
    yield path, "\n".join(lines).strip()


def _heading(before: list[str], line: str) -> tuple[int, str]:
    """The level and text of the heading this line is or, underlined, completes; the latter is taken off `before`."""
    if len(line) <= LONGEST_LINE and (found := HEADING.match(line)):
        return len(found[1]), found[2]
    alone = bool(before) and before[-1].strip() != "" and (len(before) == 1 or not before[-2].strip())
    if alone and (found := UNDERLINE.match(line)) and not ITEM.match(before[-1]) and "|" not in before[-1]:
        return (1 if found[1][0] == "=" else 2), before.pop().strip()
    return 0, ""


def _fence(opened: str, line: str) -> str:
    """The fence that is open after this line; "" outside of code."""
    found = FENCE.match(line)
    if not found:
        return opened
    if not opened:
        return found[1]
    closes = found[1][0] == opened[0] and len(found[1]) >= len(opened) and line.strip() == found[1]
    return "" if closes else opened


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a section, in order."""
    kind: Kind = "paragraph"
    lines: list[str] = []
    glue = "\n"
    fence = ""
    for line in text.split("\n"):
        was_open = fence
        fence = _fence(fence, line)
        begins = _begins(kind, lines, line) if not was_open else None
        if begins:
            if lines and (block := _block(kind, lines, glue)):
                yield block
                glue = "\n\n" if not lines[-1].strip() else "\n"
            kind, lines = begins, []
        lines.append(line)
        if was_open and not fence:  # the code ends here
            yield Block("code", "\n".join(lines), glue)
            kind, lines, glue = "paragraph", [], "\n"
    if block := _block(kind, lines, glue):
        yield block


def _block(kind: Kind, lines: list[str], glue: str) -> Block | None:
    text = "\n".join(lines)
    if not text.strip():
        return None
    if not lines[0].strip():
        glue = "\n\n"
    return Block(kind, text.strip("\n"), glue)


def _begins(kind: Kind, lines: list[str], line: str) -> Kind | None:
    """The kind of the block that begins with this line; None when the line goes on with the present one."""
    if FENCE.match(line):
        return "code"
    if line.lstrip().startswith("|"):
        return None if kind == "table" and lines and lines[-1].strip() else "table"
    if ITEM.match(line):
        return None if kind == "list" and lines else "list"
    if not line.strip() or (lines and not any(one.strip() for one in lines)):
        return None
    after_blank = not lines or not lines[-1].strip()
    if kind == "list":
        return "paragraph" if after_blank and not line.startswith((" ", "\t")) else None
    return "paragraph" if after_blank or kind == "table" else None
