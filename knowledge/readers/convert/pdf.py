"""PDF to Markdown: text in reading order, headings by size of type, lists, ruled tables.

Page numbers and lines that come back on every page are left out. A PDF holds letters at places and no structure, so
all of this is read off the layout.
"""

from __future__ import annotations

import io
import re
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.readers.convert.document import Document, Unreadable
from knowledge.readers.convert.pdf_layout import Line, lines_of
from knowledge.readers.convert.pdf_text import without_repeats, written

MOST_PAGES: Final = 1500
TAIL: Final = 4096  # bytes, in which a whole PDF has its end mark
MADE_BY_PROGRAM: Final = re.compile(
    r"^(microsoft (word|powerpoint)\b.*|untitled.*|.*\.(docx?|indd|odt|rtf|pdf|tmp|xlsx?))$", re.I
)
DATE: Final = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def convert(content: bytes, charset: str = "", url: str = "") -> Document:
    """The document as Markdown; a page that can't be read is named."""
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("this isn't a PDF")
    if b"%%EOF" not in content[-TAIL:]:
        raise Unreadable("the PDF is cut off: its end is missing")
    try:
        document = pdfplumber.open(io.BytesIO(content), laparams={"detect_vertical": False})
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise Unreadable("the PDF is protected by a password") from error
        raise Unreadable(f"the PDF is damaged ({type(cause).__name__})") from error
    with document:
        pages = [_page(document, number) for number in range(1, _count(document) + 1)]
        said = document.metadata
    if not any(pages):
        raise Unreadable(
            f"page 1: no text on {'any' if len(pages) > 1 else 'the'} page: a scan must be made text first (OCR)"
        )
    title, body = written(without_repeats(pages))
    return Document(title or _title(said), body, updated=_date(said.get("ModDate") or said.get("CreationDate")))


def _count(document: Any) -> int:
    try:
        count = len(document.pages)
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable(f"the PDF's list of pages is damaged ({type(error).__name__})") from error
    if not count:
        raise Unreadable("the PDF has no pages")
    if count > MOST_PAGES:
        raise Unreadable(f"the PDF has {count:,} pages, at most {MOST_PAGES:,} are read")
    return count


def _page(document: Any, number: int) -> list[Line]:
    page = document.pages[number - 1]
    try:
        return lines_of(page)
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable(f"page {number}: the page is damaged ({type(error).__name__})") from error
    finally:
        page.close()


def _title(said: dict[str, Any]) -> str:
    title = " ".join(str(said.get("Title") or "").split())
    return "" if MADE_BY_PROGRAM.match(title) else title


def _date(value: Any) -> str:
    found = DATE.match(str(value or ""))
    return "-".join(found.groups()) if found else ""
