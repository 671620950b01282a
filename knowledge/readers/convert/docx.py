"""Word documents to Markdown, by way of HTML: headings by style, lists, tables; pictures are left out."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import mammoth  # type: ignore[import-untyped]
from bs4 import BeautifulSoup
from defusedxml import ElementTree  # type: ignore[import-untyped]

from knowledge.readers.convert.document import Document, Unreadable
from knowledge.readers.convert.html import markdown

OLE: Final = b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED: Final = 150 * 2**20
LARGEST_TEXT: Final = 40 * 2**20  # of XML, which takes many times as much memory once parsed
STYLES: Final = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        "u => ",
        "p[style-name='Quote'] => blockquote",
    ]
)
PROPERTIES: Final = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "updated": "{http://purl.org/dc/terms/}modified",
}


def convert(content: bytes, charset: str = "", url: str = "") -> Document:
    if content.startswith(OLE):
        raise Unreadable(
            "the document is protected by a password or in Word's old format: save it as .docx without one"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive)
            said = _properties(archive)
        html = mammoth.convert_to_html(
            io.BytesIO(content), style_map=STYLES, convert_image=_no_image, include_embedded_style_map=False
        ).value
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(f"this isn't a Word document, or it is damaged: {error}") from error
    except Exception as error:  # whatever a parser meets in a damaged document
        raise Unreadable(f"the Word document is damaged: {type(error).__name__}") from error
    soup = BeautifulSoup(html, "lxml")
    heading = soup.find("h1")
    first = next(
        (element for element in (soup.body.children if soup.body else ()) if element.get_text(strip=True)), None
    )
    title = heading.get_text(" ", strip=True) if heading else ""
    if heading is not None and heading is first:
        heading.decompose()
    body = markdown(soup, url)
    if not body:
        raise Unreadable("the document holds no text")
    return Document(title or said.get("title", ""), body, updated=said.get("updated", "")[:10])


def _check(archive: zipfile.ZipFile) -> None:
    """Refuses what isn't a Word document, and what would unpack to far more than it should."""
    entries = {entry.filename: entry.file_size for entry in archive.infolist()}
    if "word/document.xml" not in entries:
        raise Unreadable("this isn't a Word document: it is another kind of zip file")
    text = sum(size for name, size in entries.items() if name.endswith((".xml", ".rels")))
    if sum(entries.values()) > LARGEST_UNPACKED or text > LARGEST_TEXT:
        raise Unreadable(f"the document unpacks to {sum(entries.values()) >> 20:,} MB, which is more than is read")


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    if "docProps/core.xml" not in archive.namelist():
        return {}
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except Exception:  # only a title is lost
        return {}
    return {name: (root.findtext(tag) or "").strip() for name, tag in PROPERTIES.items()}


def _no_image(image: Any) -> list[Any]:
    return []
