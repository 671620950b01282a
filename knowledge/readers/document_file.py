"""HTML, PDF and Word documents: each is one record, converted to Markdown in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from knowledge.readers.convert.document import Document, Unreadable
from knowledge.readers.converter import Converter
from knowledge.readers.record import Problem, Record

KINDS: Final = {".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx"}


def read(file: Path, converter: Converter) -> Record | Problem:
    """The record, titled by the document itself, or else by the name of the file."""
    try:
        document = converter.convert(KINDS[file.suffix.lower()], file.read_bytes())
    except Unreadable as error:
        return Problem(file, 0, str(error))
    title = document.title or file.stem.replace("_", " ").replace("-", " ")
    return Record(file, 0, fields(document, title), spoken=document.lang, whole=True)


def fields(document: Document, title: str) -> Mapping[str, Any]:
    """An article's fields from a converted document."""
    return {"title": title, "body": document.body, "updated": document.updated}
