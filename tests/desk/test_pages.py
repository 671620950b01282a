"""The pages' words: every text a page or its script asks for exists, in every language alike."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest

from desk import catalogue, labels
from desk.pages import HERE
from knowledge.article import Article
from tests.desk.conftest import Served
from touchpoints.metrics import METRICS

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
SCRIPTS = sorted((HERE / "static" / "desk").glob("*.js"))
ASKED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z_.0-9]+[a-z0-9])["']""")
ASKED_BY_SCRIPT = re.compile(r"""\b(t|count)\(\s*"([a-z_]+)"(?!\s*\+)""")


def test_every_language_has_the_same_texts() -> None:
    first, *others = (catalogue.keys(language) for language in catalogue.languages())
    assert all(first == other for other in others)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_asks_for_is_in_the_catalogue(template: object) -> None:
    asked = set(ASKED.findall(template.read_text(encoding="utf-8")))  # type: ignore[attr-defined]
    assert asked <= catalogue.keys("en")


def test_what_the_desks_script_asks_for_is_in_the_catalogue() -> None:
    known, asked = catalogue.keys("en"), set()
    for script in SCRIPTS:
        for function, key in ASKED_BY_SCRIPT.findall(script.read_text(encoding="utf-8")):
            asked |= {f"desk.{key}"} if function == "t" else {f"desk.{key}_one", f"desk.{key}_many"}
    assert len(asked) > 40
    assert asked <= known


def test_every_metric_says_what_it_cannot_tell() -> None:
    assert {f"dashboard.limits.{one}" for one in METRICS} <= catalogue.keys("en")


def test_no_template_and_no_script_writes_inline_styles_or_handlers() -> None:
    for file in [*TEMPLATES, *SCRIPTS]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\.style\b|\son[a-z]+=\"|innerHTML|<script>", text), file


def test_a_reason_a_brand_adds_stands_for_itself_and_comes_after_those_with_a_name() -> None:
    listed = labels.options("en", "reason", ["zoo.feeding", "delivery.late", "praise"])
    assert listed == [("delivery.late", "Late delivery"), ("praise", "Praise"), ("zoo.feeding", "zoo.feeding")]


async def test_an_article_from_a_folder_has_a_page_under_its_path(served: Served) -> None:
    article = Article(id="guide/città d'arte", lang="it", title="Mappe", body="Al primo piano.")
    served.desk.parts.retriever.base.publish([article], source="test")
    async with httpx.AsyncClient(base_url=served.url) as client:
        for path in (quote(article.id), quote(article.id, safe="")):
            assert "Al primo piano." in (await client.get(f"/help/it/{path}")).text, path
