"""Articles from a site: one page, all that a sitemap lists, or a list of addresses."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from knowledge.readers import Seen, markdown_file
from knowledge.readers.convert.document import Document, Unreadable
from knowledge.readers.converter import Converter
from knowledge.readers.document_file import fields
from knowledge.readers.fetch import FetchError, Limits, Page, Site, clean
from knowledge.readers.identity import LANGUAGES, Translation, id_of, translations, without_ending
from knowledge.readers.reading import Reading, gather
from knowledge.readers.record import Problem, Record
from knowledge.readers.sitemap import Robots, is_sitemap, pages_of

DOCUMENTS: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
TEXTS: Final = ("text/markdown", "text/x-markdown", "text/plain")


def is_address(name: str) -> bool:
    """Whether an argument is the address of a site rather than a path."""
    return name.lower().startswith(("http://", "https://"))


def addresses_in(path: Path) -> list[str] | None:
    """The addresses a text file lists, one a line; None when it is anything else."""
    if path.suffix.lower() not in (".txt", ".urls") or not path.is_file() or path.stat().st_size > 2**20:
        return None
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeError):
        return None
    lines = [line for line in lines if line and not line.startswith("#")]
    return lines if lines and all(map(is_address, lines)) else None


def read_site(
    addresses: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    lang: str | None = None,
    limits: Limits | None = None,
    private: bool = False,
    seen: Seen = lambda done, total, name: None,
) -> Reading:
    """Reads the pages of one site: of a sitemap, those it lists; of its bare host, those of the sitemap it names.

    Others are single pages. What robots.txt forbids and what lies on another host is refused, each with a problem.
    """
    first = addresses[0]
    try:
        with Site(clean(first), limits, private) as site, Converter() as converter:
            return gather(_Pages(site, converter, seen).records([clean(one) for one in addresses]), mapping or {}, lang)
    except FetchError as error:
        return Reading((), (Problem(first, 0, str(error)),))


class _Pages:
    """One walk through a site."""

    def __init__(self, site: Site, converter: Converter, seen: Seen) -> None:
        self._site, self._converter, self._seen = site, converter, seen
        self._fetched: dict[str, Page] = {}
        self._done: set[str] = set()

    def records(self, addresses: list[str]) -> Iterator[Record | Problem]:
        robots = Robots(self._site, addresses[0])
        listed: list[str] = []
        for address in addresses:
            try:
                listed += self._listed(address, robots)
            except FetchError as error:
                yield Problem(address, 0, str(error))
        listed = list(dict.fromkeys(listed))
        most = self._site.limits.pages
        if len(listed) > most:
            yield Problem(addresses[0], 0, f"there are {len(listed):,} pages; only the first {most:,} are read")
            listed = listed[:most]
        spoken = translations(_path(url) for url in listed)
        for number, url in enumerate(listed):
            self._seen(number, len(listed), url)
            yield from self._page(url, robots, spoken)

    def _listed(self, address: str, robots: Robots) -> Iterable[str]:
        """The pages an address stands for."""
        if urlsplit(address).path in ("", "/") and not urlsplit(address).query:
            for sitemap in [*robots.sitemaps, urljoin(address, "/sitemap.xml")]:
                try:
                    page = self._site.get(clean(sitemap, address))
                except FetchError:
                    continue
                if is_sitemap(page):
                    return list(pages_of(self._site, page))
        if not robots.allow(address):
            return [address]  # refused below, with the others
        page = self._site.get(address)
        if is_sitemap(page):
            return list(pages_of(self._site, page))
        self._fetched[address] = page
        return [address]

    def _page(self, url: str, robots: Robots, spoken: Mapping[str, Translation]) -> Iterator[Record | Problem]:
        try:
            if not self._site.holds(url):
                raise FetchError("it belongs to another site")
            if not robots.allow(url):
                raise FetchError("the site's robots.txt asks to leave it alone")
            page = self._fetched.pop(url, None)
            if page is None:
                time.sleep(robots.delay)
                page = self._site.get(url)
            if page.url not in self._done:  # several addresses may lead to one page
                self._done.add(page.url)
                yield self._record(page, spoken.get(_path(url)))
        except (FetchError, Unreadable) as error:
            yield Problem(url, 0, str(error))

    def _record(self, page: Page, translation: Translation | None) -> Record | Problem:
        path = id_of(_path(page.url)) or "home"
        if page.kind in TEXTS or _path(page.url, ending=True).endswith((".md", ".markdown")):
            try:
                text = page.content.decode(page.charset or "utf-8-sig")
            except (UnicodeError, LookupError):
                raise Unreadable("this isn't text in the encoding it is said to be") from None
            found = markdown_file.parse(text, page.url)
            if isinstance(found, Problem):
                return found
            named = {"url": page.url} | dict(found.fields)
            return Record(page.url, 0, named, path_id=path, translation=translation, whole=found.whole)
        if page.kind not in DOCUMENTS:
            raise Unreadable(f"a page of the type {page.kind or 'nobody stated'} isn't read")
        document = self._converter.convert(DOCUMENTS[page.kind], page.content, page.charset, page.url)
        title = document.title or path.rpartition("/")[2].replace("-", " ")
        return Record(
            page.url,
            0,
            {**fields(document, title), "url": page.url},
            path_id=path,
            spoken=document.lang,
            translation=self._declared(page, document) or translation,
            whole=True,
        )

    def _declared(self, page: Page, document: Document) -> Translation | None:
        """What the page says are its translations: all of them take the id of the first by language."""
        here = {
            lang.split("-")[0]: clean(url)
            for lang, url in sorted(document.alternates.items(), reverse=True)
            if lang.split("-")[0] in LANGUAGES and self._site.holds(url)
        }
        own = [lang for lang, url in here.items() if url == page.url]
        if len(here) < 2 or len(own) != 1:
            return None
        path = _path(here[min(here)])
        named = translations([path]).get(path)
        return Translation(named.id if named else id_of(path) or "home", own[0], True)


def _path(url: str, ending: bool = False) -> str:
    """The path of an address as an id is made of it; pages told apart by their query keep it."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    if ending:
        return path.lower()
    path = without_ending(path).removesuffix("/index")
    path = "" if path == "index" else path
    return f"{path}-{unquote(parts.query)}" if parts.query else path
