"""Pages of one site over HTTP: no other host, no way in to the inner network, bounded in size and time."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import time
import zlib
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx

AGENT: Final = "Sportello/0.1 (knowledge import)"
ACCEPT: Final = "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.5"
MOST_REDIRECTS: Final = 5
LONGEST_WAIT: Final = 30.0
WAITS_FOR: Final = (429, 503)
REDIRECTS: Final = (301, 302, 303, 307, 308)
PORTS: Final = {"http": 80, "https": 443}
INNER_NAME: Final = re.compile(
    r"localhost|[^.:]+|.*\.(?:local|localhost|internal|intranet|lan|home|corp|test)", re.IGNORECASE
)


class FetchError(Exception):
    """A page can't be had; the message says why."""


@dataclass(frozen=True)
class Page:
    """What an address gave, after redirects: `kind` is the media type in small letters, `charset` what was stated."""

    url: str
    content: bytes
    kind: str
    charset: str


@dataclass(frozen=True)
class Limits:
    """How much of a site is read: pages, bytes of one page and of all, seconds for one page and for all."""

    pages: int = 2000
    page_bytes: int = 32 * 2**20
    all_bytes: int = 1024 * 2**20
    page_seconds: float = 60.0
    all_seconds: float = 3600.0


class Site:
    """Fetches pages of the site that `address` belongs to, and of no other.

    A host with a public name must have a public address, unless `private` allows otherwise: a name may lead anywhere.
    Its address is looked up once and kept. A host given by an inner name or address is taken at its word.
    """

    def __init__(self, address: str, limits: Limits | None = None, private: bool = False) -> None:
        self.limits = limits or Limits()
        self._host, self._port = _host_and_port(address)
        self._private = private or _is_inner(self._host)
        self._addresses: dict[str, str] = {}
        self._proxy = None if proxy_bypass(self._host) else getproxies().get(urlsplit(address).scheme)
        self._client = httpx.Client(
            proxy=self._proxy, trust_env=False, timeout=httpx.Timeout(20.0, connect=10.0), headers={"User-Agent": AGENT}
        )
        self._until = time.monotonic() + self.limits.all_seconds
        self._bytes_left = self.limits.all_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def holds(self, url: str) -> bool:
        """Whether the address belongs to this site: same host, `www.` aside, and same port or the protocol's own."""
        try:
            host, port = _host_and_port(url)
        except FetchError:
            return False
        usual = self._port in PORTS.values() and port in PORTS.values()
        return host.removeprefix("www.") == self._host.removeprefix("www.") and (port == self._port or usual)

    def get(self, url: str) -> Page:
        """The page, redirects within the site followed. Raises FetchError."""
        for _ in range(MOST_REDIRECTS + 1):
            if not self.holds(url):
                raise FetchError(f"it leads to another site, {url}")
            found = self._once(url)
            if isinstance(found, Page):
                return found
            url = clean(found, url)
        raise FetchError("it is redirected again and again")

    def _once(self, url: str, again: bool = True) -> Page | str:
        """The page, or the address it redirects to."""
        if time.monotonic() > self._until:
            raise FetchError(f"the time for one site, {self.limits.all_seconds:g} seconds, is over")
        try:
            response = self._client.send(self._request(url), stream=True)
            with contextlib.closing(response):
                if response.status_code in REDIRECTS:
                    return str(response.headers.get("location", ""))
                if response.status_code in WAITS_FOR and again:
                    time.sleep(_asked_wait(response))
                    return self._once(url, again=False)
                if response.status_code != 200:
                    raise FetchError(f"the site answers {response.status_code} {response.reason_phrase}".rstrip())
                kind, charset = _media_type(response)
                return Page(url, self._body(response), kind, charset)
        except httpx.HTTPError as error:
            raise FetchError(f"the site can't be reached: {error or type(error).__name__}") from error
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"this isn't an address: {error}") from error

    def _body(self, response: httpx.Response) -> bytes:
        content = bytearray()
        until = time.monotonic() + self.limits.page_seconds
        for part in response.iter_bytes(2**16):
            content += part
            if len(content) > min(self.limits.page_bytes, self._bytes_left):
                raise FetchError(f"it has more than {len(content) >> 20} MB, more than is read")
            if time.monotonic() > until:
                raise FetchError(f"it takes longer than {self.limits.page_seconds:g} seconds")
        self._bytes_left -= len(content)
        return bytes(content)

    def _request(self, url: str) -> httpx.Request:
        """A request to where the host was looked up, so that no second look-up can lead elsewhere."""
        asked = httpx.URL(url)
        headers = {"Accept": ACCEPT, "Host": asked.netloc.decode()}
        if self._proxy:  # looks names up itself
            return self._client.build_request("GET", asked, headers=headers)
        found = asked.copy_with(host=self._address(asked.host))
        return self._client.build_request("GET", found, headers=headers, extensions={"sni_hostname": asked.host})

    def _address(self, host: str) -> str:
        if host in self._addresses:
            return self._addresses[host]
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"there is no host {host}") from error
        addresses = sorted({str(one[4][0]) for one in found}, key=lambda one: (":" in one, one))
        if not self._private and not all(map(_is_public, addresses)):
            raise FetchError(f"{host} is in a private network: --private allows that")
        self._addresses[host] = addresses[0]
        return addresses[0]


def clean(url: str, base: str = "") -> str:
    """The address, seen from `base`, without fragment, user or password, its path quoted. Raises FetchError."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, url.strip())).url)
    except ValueError as error:
        raise FetchError(f"this isn't an address: {error}") from error
    netloc = parts.netloc.rpartition("@")[2]
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit(
        (parts.scheme.lower(), netloc.lower(), path, quote(parts.query, safe="=&%/?:@!$'()*+,;~-._[]"), "")
    )


def unpacked(content: bytes, most: int) -> bytes:
    """Content, unpacked when it is gzip. Raises FetchError when it is broken or unpacks to more than `most` bytes."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        stream = zlib.decompressobj(wbits=31)
        found = stream.decompress(content, most + 1)
    except zlib.error as error:
        raise FetchError("it isn't valid gzip") from error
    if len(found) > most:
        raise FetchError(f"it unpacks to more than {most >> 20} MB")
    return found


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise FetchError(f"this isn't an address: {error}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise FetchError("an address must begin with https:// or http:// and name a host")
    return parts.hostname, port


def _is_inner(host: str) -> bool:
    try:
        return not _is_public(host)
    except ValueError:
        return INNER_NAME.fullmatch(host) is not None


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return bool(mapped.is_global and not mapped.is_multicast)


def _media_type(response: httpx.Response) -> tuple[str, str]:
    stated = response.headers.get("content-type", "")
    return stated.partition(";")[0].strip().lower(), response.charset_encoding or ""


def _asked_wait(response: httpx.Response) -> float:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), LONGEST_WAIT) if asked.isdigit() else 2.0
