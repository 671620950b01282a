"""What a site lists of itself: sitemaps, indexes of sitemaps, and robots.txt with what it asks to be left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from knowledge.readers.fetch import FetchError, Page, Site, clean, unpacked

ROBOT: Final = "Sportello"
LARGEST_SITEMAP: Final = 50 * 2**20
MOST_SITEMAPS: Final = 100
DEEPEST: Final = 3
LONGEST_DELAY: Final = 10.0
XML: Final = (b"<?xml", b"<urlset", b"<sitemapindex", b"\xef\xbb\xbf<?xml")


class Robots:
    """A site's robots.txt. Without one everything may be read; when it can't be had, nothing may."""

    def __init__(self, site: Site, address: str) -> None:
        self._rules = RobotFileParser()
        try:
            page = site.get(urljoin(address, "/robots.txt"))
            text = page.content.decode("utf-8", "replace")
            text = "" if text.lstrip().startswith("<") else text  # a page that says there is no such page
        except FetchError as error:
            if not str(error).startswith("the site answers 4"):
                raise FetchError(f"its robots.txt can't be read, so nothing is: {error}") from error
            text = ""
        self._rules.parse(text.splitlines())

    def allow(self, url: str) -> bool:
        return self._rules.can_fetch(ROBOT, url)

    @property
    def delay(self) -> float:
        """Seconds the site wants between two pages."""
        return min(float(self._rules.crawl_delay(ROBOT) or 0), LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        return self._rules.site_maps() or []


def is_sitemap(page: Page) -> bool:
    """Whether a page is a sitemap: XML, packed or not."""
    if "html" in page.kind:
        return False
    try:
        start = unpacked(page.content, LARGEST_SITEMAP)[:4096].lstrip()
    except FetchError:
        return False
    return start.startswith(XML) and (b"<urlset" in start or b"<sitemapindex" in start)


def pages_of(site: Site, page: Page) -> Iterator[str]:
    """The addresses a sitemap lists, those of the sitemaps it lists included. Raises FetchError."""
    waiting, seen = [(page, 1)], {page.url}
    while waiting:
        sitemap, depth = waiting.pop(0)
        index, addresses = _listed(sitemap)
        if not index:
            yield from addresses
            continue
        for address in addresses:
            if address in seen or not site.holds(address):
                continue
            seen.add(address)
            if depth >= DEEPEST or len(seen) > MOST_SITEMAPS:
                raise FetchError(
                    f"it lists more than {MOST_SITEMAPS} sitemaps, or sitemaps within sitemaps without end"
                )
            waiting.append((site.get(address), depth + 1))


def _listed(page: Page) -> tuple[bool, list[str]]:
    """Whether it is an index, and the addresses it lists."""
    try:
        root = ElementTree.fromstring(unpacked(page.content, LARGEST_SITEMAP))
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise FetchError(f"the sitemap {page.url} isn't valid XML: {error}") from error
    found = [clean(one.text, page.url) for one in root.findall("{*}*/{*}loc") if one.text]
    return root.tag.rpartition("}")[2] == "sitemapindex", found
