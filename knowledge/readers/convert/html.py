"""HTML to Markdown: what the page says, without its scripts, menus and forms."""

from __future__ import annotations

import codecs
import re
import warnings
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Tag, XMLParsedAsHTMLWarning
from bs4.dammit import EncodingDetector
from markdownify import ATX, MarkdownConverter

from knowledge.readers.convert.document import Document, Unreadable

DROPPED: Final = re.compile(
    "^(script|style|noscript|template|iframe|object|embed|applet|svg|canvas|audio|video|form|button|input|select|textarea"
    "|nav|footer|dialog|head|link|meta|base)$"
)
CHROME_ROLES: Final = ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog")
CHROME: Final = re.compile(
    r"(?:^|[-_])(cookies?|consent|gdpr|breadcrumbs?|skip-?(?:link|to-content|nav)|sharing|social-?(?:links|share)|pagination"
    r"|toc|table-of-contents)(?:$|[-_](?:bar|banner|notice|list|links|wrapper|container|nav|modal|popup))",
    re.IGNORECASE,
)
WESTERN: Final = "windows-1252"
DEEPEST: Final = 300
MOST_OF_THE_PAGE: Final = 0.5
MAIN: Final = ("main", "[role=main]", "article", "#main-content", "#content", "#main")
SITE_NAME: Final = re.compile(r"\s+[|–—·»-]\s+")
SAFE_SCHEMES: Final = ("http", "https", "mailto", "tel")
BLANK_LINES: Final = re.compile(r"\n{3,}")


def convert(content: bytes, charset: str = "", url: str = "") -> Document:
    """The page as Markdown. `charset` is what its server said; `url` makes relative links whole."""
    soup = _parsed(content, charset)
    _check_depth(soup)
    title, head = _head(soup, url)
    main = _main(soup)
    _strip(main)
    heading = main.find("h1")
    text = heading.get_text(" ", strip=True) if isinstance(heading, Tag) else ""
    if isinstance(heading, Tag) and text and _comes_first(main, heading):
        heading.decompose()
    body = markdown(main, url)
    if not body:
        raise Unreadable("the page holds no text")
    return Document(" ".join((text or title).split()), body, **head)


def markdown(element: Any, url: str = "") -> str:
    """The Markdown of a parsed element."""
    text: str = _Markdown(base=url).convert_soup(element)
    lines = "\n".join(line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return BLANK_LINES.sub("\n\n", lines).strip()


def _parsed(content: bytes, charset: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(content, "lxml", from_encoding=_charset(content, charset))


def _charset(content: bytes, stated: str) -> str:
    """What the server said, else a byte order mark, else what the page says, else UTF-8 where that fits."""
    declared = EncodingDetector.find_declared_encoding(content, is_html=True) or ""
    mark = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8" if content[:3] == b"\xef\xbb\xbf" else ""
    for name in (stated, mark, declared, "utf-8"):
        try:
            known = codecs.lookup(name).name if name else ""
            if known and (known != "utf-8" or content.decode(known) is not None):
                return WESTERN if known in ("iso8859-1", "ascii") else known
        except (LookupError, UnicodeError):
            continue
    return WESTERN


def _check_depth(soup: BeautifulSoup) -> None:
    """Refuses nesting no page needs: every step from here on takes time with its depth."""
    depth = {id(soup): 0}
    for element in soup.find_all(True):
        depth[id(element)] = depth[id(element.parent)] + 1
        if depth[id(element)] > DEEPEST:
            raise Unreadable("the page is nested too deeply to be read")


def _head(soup: BeautifulSoup, url: str) -> tuple[str, dict[str, Any]]:
    """The title, and what else the page says of itself."""

    def said(selector: str, attribute: str) -> str:
        found = soup.select_one(selector)
        return str(found.get(attribute) or "").strip() if found else ""

    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    parts = SITE_NAME.split(title)
    # "Returns | Shop": the name of the site says nothing about the page
    site = said('meta[property="og:site_name"]', "content")
    if len(parts) > 1 and (" | " in title or parts[-1] == site):
        title = title[: title.rindex(parts[-1])].rstrip(" |–—·»-")
    alternates = {
        str(link.get("hreflang")).lower(): _joined(url, str(link["href"]))
        for link in soup.select("link[rel~=alternate][hreflang][href]")[:100]
    }
    return title or said('meta[property="og:title"]', "content"), {
        "lang": said("html", "lang").lower(),
        "updated": said('meta[property="article:modified_time"]', "content")[:10],
        "alternates": alternates,
    }


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # brackets without a host in them
        return ""


def _main(soup: BeautifulSoup) -> Tag:
    for selector in MAIN:
        found = soup.select(selector)
        if len(found) == 1 and len(found[0].get_text(strip=True)) > 80:
            return found[0]
    return soup.body or soup


def _strip(main: Tag) -> None:
    """Takes out what isn't the page's own text."""
    for element in main.find_all(DROPPED):
        element.decompose()
    for comment in main.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    if main.name in ("body", "[document]"):
        for header in main.find_all(["header", "aside"]):
            if header.find_parent(["main", "article"]) is None and header.find("h1") is None:
                header.decompose()
    whole = len(main.get_text()) or 1
    for element in main.find_all(True):
        if not element.decomposed and _is_chrome(element) and len(element.get_text()) < MOST_OF_THE_PAGE * whole:
            element.decompose()


def _is_chrome(element: Tag) -> bool:
    if element.attrs is None or not element.attrs:
        return False
    if element.get("role") in CHROME_ROLES:
        return True
    names = [*element.get_attribute_list("class"), element.get("id")]
    return any(CHROME.search(str(name)) for name in names if name) and element.find("h1") is None


def _comes_first(main: Tag, heading: Tag) -> bool:
    """Whether no text stands before the heading; only then is it the title and nothing else."""
    before = heading.find_all_previous(string=True)
    return not any(text.strip() for text in before if main in text.parents)


class _Markdown(MarkdownConverter):
    """Markdown the way the rest of the knowledge base writes it; links only where they lead somewhere safe."""

    def __init__(self, base: str) -> None:
        super().__init__(
            heading_style=ATX, bullets="-", table_infer_header=True, escape_misc=False, newline_style="backslash"
        )
        self._base = base

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        target = self._target(str(el.get("href") or ""))
        if not target or not text.strip():
            return text
        el.attrs = {"href": target}
        link: str = super().convert_a(el, text, parent_tags)  # type: ignore[misc]
        return link

    def _target(self, href: str) -> str:
        """The link's address made whole; "" when it leads into the page, to a file beside it, or nowhere safe."""
        href = re.sub(r"[\x00-\x20]", "", href)
        try:
            target = urljoin(self._base, href) if not href.startswith("#") else ""
            scheme = urlsplit(target).scheme.lower()
        except ValueError:
            return ""
        return re.sub(r"[()<>\[\]\\]", lambda sign: f"%{ord(sign[0]):02X}", target) if scheme in SAFE_SCHEMES else ""

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""  # pictures stay where they are: the desk's pages load nothing from elsewhere

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n" if el.next_sibling else ""

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{text.strip()}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        inside = el.find(["h1", "h2", "h3", "h4", "h5", "h6"]) is not None
        return text if inside or not text.strip() else f"\n\n**{text.strip()}**\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = re.sub(r"\s*\n\s*", " ", text.strip()).replace("|", "\\|")
        cell: str = super().convert_td(el, text, parent_tags)  # type: ignore[misc]
        return cell

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_td(el, text, parent_tags)
