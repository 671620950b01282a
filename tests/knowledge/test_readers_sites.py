"""Sites: pages, sitemaps, what robots.txt forbids, and what stays out of reach."""

from __future__ import annotations

import gzip
import socket

import pytest

from knowledge.readers import fetch
from knowledge.readers.fetch import FetchError, Limits, Site, clean
from knowledge.readers.site import addresses_in, read_site
from tests.knowledge import documents
from tests.knowledge.site_server import Answer, serving

ENGLISH = "You can return a book within thirty days of delivery, provided it is undamaged."
ITALIAN = "Può restituire un libro entro trenta giorni dalla consegna, se non è danneggiato."


@pytest.fixture
def shop(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as site:
        yield site


def said(reading):
    return {str(problem.file): problem.message for problem in reading.problems}


def test_a_page_is_an_article_that_keeps_its_address(shop):
    shop.page("/help/returns.html", "Returns", f'{ENGLISH} <a href="../terms">Terms</a>')
    (found,) = read_site([f"{shop.url}/help/returns.html"]).articles
    assert (found.id, found.title, found.lang) == ("help/returns", "Returns", "en")
    assert found.url == f"{shop.url}/help/returns.html"
    assert found.body == f"{ENGLISH} [Terms]({shop.url}/terms)"
    assert shop.agents == {fetch.AGENT}


def test_a_sitemap_of_packed_sitemaps_is_followed(shop):
    for name in ("a", "b", "c"):
        shop.page(f"/{name}", f"Page {name}", ENGLISH)
    shop.sitemap("/sitemap.xml", "/one.xml.gz", "/two.xml", index=True)
    shop.sitemap("/one.xml.gz", "/a", "/b")
    shop.answers["/one.xml.gz"] = Answer(gzip.compress(shop.answers["/one.xml.gz"].body.encode()))
    shop.sitemap("/two.xml", "/b", "/c")
    reading = read_site([f"{shop.url}/sitemap.xml"])
    assert [one.id for one in reading.articles] == ["a", "b", "c"]
    assert reading.problems == ()
    assert shop.asked.count("/b") == 1


@pytest.mark.parametrize("named_in", ["robots", "usual place"])
def test_a_bare_host_stands_for_its_sitemap(shop, named_in):
    shop.page("/", "Home", ENGLISH)
    shop.page("/a", "A", ENGLISH)
    place = "/sitemap.xml" if named_in == "usual place" else "/elsewhere.xml"
    shop.sitemap(place, "/a")
    shop.answers["/robots.txt"] = Answer(f"Sitemap: {shop.url}{place}\n" if named_in == "robots" else "")
    assert [one.id for one in read_site([shop.url]).articles] == ["a"]


def test_a_bare_host_without_a_sitemap_is_one_page(shop):
    shop.page("/", "Home", ENGLISH)
    assert [one.id for one in read_site([shop.url]).articles] == ["home"]


def test_what_robots_txt_forbids_is_left_alone(shop):
    shop.page("/open", "Open", ENGLISH)
    shop.page("/private/x", "Private", ENGLISH)
    shop.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n")
    reading = read_site([f"{shop.url}/open", f"{shop.url}/private/x"])
    assert [one.id for one in reading.articles] == ["open"]
    assert "robots.txt" in said(reading)[f"{shop.url}/private/x"]
    assert "/private/x" not in shop.asked


def test_a_site_whose_robots_txt_fails_is_left_alone(shop):
    shop.page("/a", "A", ENGLISH)
    shop.answers["/robots.txt"] = Answer("", 500)
    reading = read_site([f"{shop.url}/a"])
    assert reading.articles == ()
    assert "robots.txt can't be read" in said(reading)[f"{shop.url}/a"]


def test_pages_elsewhere_and_missing_ones_are_named_and_the_others_read(shop):
    shop.page("/a", "A", ENGLISH)
    shop.answers["/away"] = Answer("", 302, {"Location": "https://elsewhere.example/x"})
    shop.answers["/inner"] = Answer("", 302, {"Location": "http://127.0.0.1:1/metrics"})
    shop.answers["/round"] = Answer("", 302, {"Location": "/round"})
    shop.answers["/moved"] = Answer("", 301, {"Location": "/a"})
    shop.answers["/picture"] = Answer(b"\x89PNG", headers={"Content-Type": "image/png"})
    names = ["/a", "/away", "/inner", "/round", "/moved", "/picture", "/gone"]
    reading = read_site([*(shop.url + name for name in names), "https://other.example/x"])
    assert [one.id for one in reading.articles] == ["a"]
    found = said(reading)
    assert "another site" in found[f"{shop.url}/away"]
    assert "another site" in found[f"{shop.url}/inner"]
    assert "again and again" in found[f"{shop.url}/round"]
    assert "image/png" in found[f"{shop.url}/picture"]
    assert "404" in found[f"{shop.url}/gone"]
    assert "another site" in found["https://other.example/x"]
    assert f"{shop.url}/moved" not in found


def test_languages_in_addresses_and_declared_translations_pair_pages(shop):
    shop.page("/en/hours", "Hours", "Mon-Sat 9-19", lang="en")
    shop.page("/it/hours", "Orari", "Lun-Sab 9-19", lang="it")
    links = "".join(
        f'<link rel="alternate" hreflang="{lang}" href="{shop.url}/{path}">'
        for lang, path in (("it", "it/resi"), ("en", "en/returns"), ("x-default", "en/returns"))
    )
    shop.page("/en/returns", "Returns", ENGLISH, head=links)
    shop.page("/it/resi", "Resi", ITALIAN, lang="it", head=links)
    addresses = [shop.url + path for path in ("/en/hours", "/it/hours", "/en/returns", "/it/resi")]
    found = sorted((one.id, one.lang) for one in read_site(addresses).articles)
    assert found == [("hours", "en"), ("hours", "it"), ("returns", "en"), ("returns", "it")]


def test_a_pages_wrong_language_attribute_gives_way_to_its_text(shop):
    shop.page("/resi", "Resi", ITALIAN, lang="en-US")
    assert read_site([f"{shop.url}/resi"]).articles[0].lang == "it"


def test_documents_and_markdown_are_read_from_a_site_too(shop):
    shop.answers["/manual.pdf"] = Answer(documents.pdf(), headers={"Content-Type": "application/pdf"})
    shop.answers["/readme.md"] = Answer(
        f"# Read me\n\n{ENGLISH}", headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    reading = read_site([f"{shop.url}/manual.pdf", f"{shop.url}/readme.md"])
    assert [(one.id, one.title) for one in reading.articles] == [("manual", "Returns manual"), ("readme", "Read me")]


def test_the_charset_a_server_states_is_believed(shop):
    html = f"<html><body><h1>Novità</h1><p>{ITALIAN}".encode("cp1252")
    shop.answers["/a"] = Answer(html, headers={"Content-Type": "text/html; charset=windows-1252"})
    shop.answers["/b"] = Answer(html, headers={"Content-Type": "text/html; charset=nonsense"})
    assert [one.title for one in read_site([f"{shop.url}/a", f"{shop.url}/b"]).articles] == ["Novità", "Novità"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(pages=1), "there are 3 pages; only the first 1 are read"),
        (Limits(page_bytes=300), "more than is read"),
        (Limits(all_bytes=700), "more than is read"),
        (Limits(all_seconds=-1.0), "the time for one site"),
    ],
)
def test_a_site_is_read_within_limits(shop, limits, expected):
    for name in ("a", "b", "c"):
        shop.page(f"/{name}", "Page", ENGLISH * 3)
    reading = read_site([f"{shop.url}/{name}" for name in "abc"], limits=limits)
    assert any(expected in message for message in said(reading).values())
    assert len(reading.articles) < 3


def test_a_packed_bomb_and_broken_sitemaps_are_refused(shop, monkeypatch):
    monkeypatch.setattr("knowledge.readers.sitemap.LARGEST_SITEMAP", 2**20)
    shop.answers["/bomb.xml.gz"] = Answer(gzip.compress(b"<?xml version='1.0'?><urlset>" + b" " * 2**22), headers={})
    entities = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>'
    shop.answers["/entities.xml"] = Answer(entities)
    shop.answers["/entities.xml"].headers = {"Content-Type": "text/xml"}
    shop.sitemap("/endless.xml", *(f"/endless{number}.xml" for number in range(120)), index=True)
    for number in range(120):
        shop.sitemap(f"/endless{number}.xml", "/endless.xml", index=True)
    reading = read_site([f"{shop.url}/{name}" for name in ("bomb.xml.gz", "entities.xml", "endless.xml")])
    assert reading.articles == ()
    found = said(reading)
    assert found[f"{shop.url}/bomb.xml.gz"]
    assert "isn't valid XML" in found[f"{shop.url}/entities.xml"]
    assert "sitemaps" in found[f"{shop.url}/endless.xml"]


def leading_to(*addresses):
    return lambda host, port, **more: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in addresses]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1", "0.0.0.0"]
)
def test_a_public_name_that_leads_inside_is_refused(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", leading_to("93.184.216.34", address))
    with Site("https://help.example.com/") as site, pytest.raises(FetchError, match="--private"):
        site.get("https://help.example.com/a")


def test_a_name_is_looked_up_once(shop, monkeypatch):
    port = int(shop.url.rpartition(":")[2])
    shop.page("/a", "A", ENGLISH)
    looked_up = []

    def look_up(host, *more, **options):
        looked_up.append(host)
        return leading_to("127.0.0.1")(host, *more, **options)

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **o: (look_up if host == "shop.test" else real)(host, *more, **o)
    )
    with Site(f"http://shop.test:{port}/") as site:
        for _ in range(3):
            assert site.get(f"http://shop.test:{port}/a").url == f"http://shop.test:{port}/a"
    assert looked_up == ["shop.test"]


def test_an_inner_host_named_outright_is_meant():
    for host in ("localhost", "127.0.0.1", "intranet", "wiki.corp", "10.0.0.1"):
        with Site(f"http://{host}/") as site:
            assert site._private
    for host in ("example.com", "8.8.8.8", "help.shop.it"):
        with Site(f"http://{host}/") as site:
            assert not site._private


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://shop.example/x", True),
        ("http://shop.example/x", True),
        ("https://www.shop.example/x", True),
        ("https://shop.example:8443/x", False),
        ("https://shop.example.evil.org/x", False),
        ("https://blog.shop.example/x", False),
        ("https://user@evil.org/shop.example", False),
        ("file:///etc/passwd", False),
        ("https://shop.example:x/", False),
    ],
)
def test_a_site_is_one_host(url, inside):
    with Site("https://shop.example/") as site:
        assert site.holds(url) is inside


def test_addresses_are_written_one_way():
    assert clean(" HTTPS://me:secret@Shop.Example/perché?q=a b#part ") == "https://shop.example/perch%C3%A9?q=a%20b"


@pytest.mark.parametrize("address", ["http://[", "https://", "http://shop.test:x/", "http://[::1"])
def test_what_is_no_address_is_one_problem(address):
    assert "address" in said(read_site([address]))[address]


def test_broken_addresses_on_a_site_harm_nobody_else(shop):
    shop.page("/a", "A", ENGLISH, head='<link rel="alternate" hreflang="it" href="http://[">')
    shop.answers["/b"] = Answer("", 302, {"Location": "http://["})
    reading = read_site([f"{shop.url}/a", f"{shop.url}/b"])
    assert [one.id for one in reading.articles] == ["a"]
    assert "isn't an address" in said(reading)[f"{shop.url}/b"]


def test_a_site_that_cannot_be_reached_is_one_problem():
    reading = read_site(["http://127.0.0.1:9/"])
    assert len(reading.problems) == 1
    assert reading.articles == ()


def test_a_text_file_of_addresses(tmp_path):
    file = tmp_path / "pages.txt"
    file.write_text("# our help centre\nhttps://a.example/1\n\nhttps://a.example/2\n")
    assert addresses_in(file) == ["https://a.example/1", "https://a.example/2"]
    file.write_text("https://a.example/1\nis our address\n")
    assert addresses_in(file) is None
    assert addresses_in(tmp_path / "missing.txt") is None
