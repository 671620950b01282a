"""Markdown, or plain text: one article, its fields in a front matter between two lines of three dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.blocks import outline
from knowledge.readers.record import Problem, Record
from knowledge.readers.text import Lines, is_text, not_utf8

LONGEST_START: Final = 5000  # characters, in which a first heading stands
FRONT_MATTER: Final = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read(file: Path, encoding: str | None = None) -> Iterator[Record | Problem]:
    """The one record; its title is the first heading when the front matter has none. Drafts are left out."""
    lines = Lines(file, encoding)
    if lines.binary:
        yield Problem(file, 0, "this isn't a text file")
        return
    text = []
    for line in lines:
        if not is_text(line):
            yield not_utf8(file, lines.number)
            return
        text.append(line)
    found = parse("".join(text), file)
    if isinstance(found, Problem) or not _is_draft(found):
        yield found


def parse(text: str, file: Path | str) -> Record | Problem:
    """The record of a Markdown text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = FRONT_MATTER.match(text)
    if found:
        return _with_front_matter(file, found[1], text[found.end() :])
    if text.startswith("---\n"):
        return Problem(file, 1, "the front matter isn't closed by a line of three dashes")
    return _record(file, {}, text, whole=True)


def _with_front_matter(file: Path | str, front_matter: str, body: str) -> Record | Problem:
    try:
        fields = yaml.safe_load(front_matter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Problem(file, mark.line + 2 if mark else 1, f"the front matter isn't valid YAML: {_reason(error)}")
    except (ValueError, RecursionError) as error:  # a date that doesn't exist, brackets without end
        return Problem(file, 1, f"the front matter isn't valid YAML: {error}")
    if not isinstance(fields, dict):
        return Problem(file, 1, "the front matter must be a list of names and values")
    return _record(file, fields, body, whole=not fields.get("id"))


def _record(file: Path | str, fields: dict[str, Any], body: str, whole: bool) -> Record:
    if not (fields.get("title") or fields.get("question")):
        title, body = _first_heading(body)
        fields |= {"title": title} if title else {}
    return Record(file, 1, fields | {"body": body.strip()}, whole=whole)


def _first_heading(body: str) -> tuple[str, str]:
    """The heading of the first level the text begins with, and the rest."""
    (_, begin), *more = [*outline(body[:LONGEST_START]), ((), "")][:2]
    path = more[0][0]
    if begin or not path or path[0][0] != 1:
        return "", body
    first, _, rest = body.lstrip().partition("\n")
    return path[0][1], rest if first.startswith("#") else rest.partition("\n")[2]


def _is_draft(record: Record) -> bool:
    return record.fields.get("draft") is True or record.fields.get("published") is False


def _reason(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
