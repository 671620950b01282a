"""Reads articles from files, folders and sites: Markdown, HTML, PDF, Word, CSV, JSON Lines.

A reader yields a `Record` for each entry it finds and a `Problem` for each it can't read; `read` turns the records
into articles. One bad entry never hides the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from knowledge.readers import csv_file, document_file, jsonl_file, markdown_file
from knowledge.readers.converter import Converter
from knowledge.readers.files import files
from knowledge.readers.identity import Translation, id_of, translations, without_ending
from knowledge.readers.reading import Reading, gather
from knowledge.readers.record import Problem, Record

__all__ = ["READERS", "Problem", "Reading", "Record", "Seen", "read"]

TABLES: Final = {".csv": csv_file.read, ".jsonl": jsonl_file.read, ".ndjson": jsonl_file.read}
TEXTS: Final = {".md": markdown_file.read, ".markdown": markdown_file.read, ".txt": markdown_file.read}
READERS: Final = frozenset({*TABLES, *TEXTS, *document_file.KINDS})
IN_FOLDERS: Final = READERS - {".txt"}  # beside documents that is a licence, a list of packages, robots.txt
MEGABYTE: Final = 2**20
LARGEST_TABLE, LARGEST_TEXT, LARGEST_DOCUMENT = 128 * MEGABYTE, 16 * MEGABYTE, 64 * MEGABYTE

Seen = Callable[[int, int, str], None]  # how many files are done, of how many, and which is next


def read(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    lang: str | None = None,
    encoding: str | None = None,
    seen: Seen = lambda done, total, name: None,
) -> Reading:
    """Reads a file or, with everything below it, a folder.

    `mapping` names, for a field of an article, the key it is found under instead. `lang` is the language of entries
    that don't state theirs; without it, it is detected. `encoding` is that of text files that aren't UTF-8.
    """
    with Converter() as converter:
        return gather(_records(path, encoding, converter, seen), mapping or {}, lang)


def _records(path: Path, encoding: str | None, converter: Converter, seen: Seen) -> Iterator[Record | Problem]:
    known = ", ".join(sorted(READERS))
    if not path.exists():
        yield Problem(path, 0, "there is no such file or folder")
    elif path.is_dir():
        found = list(files(path, IN_FOLDERS))
        if not found:
            yield Problem(path, 0, f"the folder holds no {', '.join(sorted(IN_FOLDERS))} file")
        yield from _folder(path, found, encoding, converter, seen)
    elif path.suffix.lower() not in READERS:
        yield Problem(path, 0, f"files of this kind can't be read; these can: {known}")
    else:
        yield from _folder(path.parent, [path], encoding, converter, seen)


def _folder(
    root: Path, found: list[Path | Problem], encoding: str | None, converter: Converter, seen: Seen
) -> Iterator[Record | Problem]:
    names = {one: without_ending(one.relative_to(root).as_posix()) for one in found if isinstance(one, Path)}
    spoken = translations(names.values())
    for number, one in enumerate(found):
        if isinstance(one, Problem):
            yield one
            continue
        seen(number, len(found), one.name)
        name = names[one]
        for record in _file(one, encoding, converter):
            yield _identified(record, name, spoken.get(name))


def _identified(record: Record | Problem, name: str, translation: Translation | None) -> Record | Problem:
    """Only a document has an id from its path; an entry of a table must state its own."""
    if isinstance(record, Problem) or Path(record.file).suffix.lower() in TABLES:
        return record
    return dataclasses.replace(record, path_id=id_of(name), translation=translation)


def _file(file: Path, encoding: str | None, converter: Converter) -> Iterator[Record | Problem]:
    ending = file.suffix.lower()
    largest = LARGEST_TABLE if ending in TABLES else LARGEST_TEXT if ending in TEXTS else LARGEST_DOCUMENT
    try:
        size = file.stat().st_size
        if not file.is_file():
            yield Problem(file, 0, "this isn't a file")
        elif size > largest:
            yield Problem(
                file, 0, f"the file has {size // MEGABYTE:,} MB, at most {largest // MEGABYTE} are read of this kind"
            )
        elif size == 0:
            yield Problem(file, 0, "the file is empty")
        elif ending in document_file.KINDS:
            yield document_file.read(file, converter)
        else:
            yield from (TABLES | TEXTS)[ending](file, encoding)
    except OSError as error:
        yield Problem(file, 0, f"the file can't be read: {error.strerror}")
    except UnicodeError:
        yield Problem(file, 0, "this isn't text in the encoding it begins with")
    except RuntimeError as error:  # a link that leads to itself, before Python 3.13
        yield Problem(file, 0, f"the file can't be read: {error}")
