"""A Markdown file: one article, its fields in a front matter between two lines of three dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.readers.record import Problem, Record, not_text

FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
FIRST_HEADING: Final = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")


def read(file: Path, root: Path) -> Iterator[Record | Problem]:
    """The one record. Without front matter the id is the path below the root, the title the first heading."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        yield not_text(file, file.read_bytes()[: error.start].count(b"\n") + 1)
        return
    found = FRONT_MATTER.match(text)
    if found:
        yield _with_front_matter(file, found[1], text[found.end() :])
    elif text.startswith("---\n"):
        yield Problem(file, 1, "the front matter isn't closed by a line of three dashes")
    else:
        relative = file.relative_to(root).with_suffix("").as_posix()
        yield _record(file, 1, {"id": re.sub(r"\s+", "-", relative)}, text)


def _with_front_matter(file: Path, front_matter: str, body: str) -> Record | Problem:
    try:
        fields = yaml.safe_load(front_matter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Problem(file, mark.line + 2 if mark else 1, f"the front matter isn't valid YAML: {_reason(error)}")
    if not isinstance(fields, dict):
        return Problem(file, 1, "the front matter must be a list of names and values")
    return _record(file, 1, fields, body)


def _record(file: Path, line: int, fields: dict[str, Any], body: str) -> Record:
    heading = FIRST_HEADING.match(body)
    if heading and not (fields.get("title") or fields.get("question")):
        fields["title"], body = heading[1], body[heading.end() :]
    return Record(file, line, fields | {"body": body.strip()})


def _reason(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
