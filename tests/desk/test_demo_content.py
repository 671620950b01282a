"""The demo brand's help centre and brand file: complete in both languages, consistent, with no dead links."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date

import pytest
import yaml

from desk import brand
from desk.demo import BOOKSHOP, configuration
from desk.demo.voices import ARTICLES
from knowledge.article import Article
from touchpoints.vocabulary import STAGES

LANGUAGES = ("it", "en")
FILES = sorted(ARTICLES.glob("*/*.md"))
SHOP = brand.load(BOOKSHOP)
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
LINK = re.compile(r"\]\(([^)]+)\)")


def fields(file) -> dict:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return {**yaml.safe_load(head), "body": body.strip()}


RECORDS = {(file.parent.name, file.stem): fields(file) for file in FILES}


def numbers(text: str) -> Counter:
    """Prices, days and times of a text, whatever the language's separators: 3,50 and 3.50 are one number."""
    text = re.sub(r"\]\([^)]+\)", "]", text)
    return Counter(re.sub(r"[.,:]", "", found) for found in NUMBER.findall(text))


def test_there_are_enough_articles_and_each_has_its_translation():
    ids = {language: {id_ for one, id_ in RECORDS if one == language} for language in LANGUAGES}
    assert len(ids["it"]) >= 44
    assert ids["it"] == ids["en"]


@pytest.mark.parametrize("key", RECORDS, ids="/".join)
def test_front_matter_is_valid(key):
    language, id_ = key
    record = RECORDS[key]
    article = Article.from_fields(record)
    assert (article.id, article.lang, article.url) == (id_, language, f"/help/{language}/{id_}")
    assert set(record) == {
        "id", "lang", "title", "alternatives", "reason", "stage", "tags", "updated", "url", "body",
    }  # fmt: skip
    assert 4 <= len(article.alternatives) <= 8
    assert article.tags
    assert article.reason in configuration().reasons
    assert article.stage in STAGES
    assert date(2026, 1, 1) <= record["updated"] < date(2027, 1, 1)


@pytest.mark.parametrize("key", RECORDS, ids="/".join)
def test_the_body_answers_at_once_and_briefly(key):
    body = RECORDS[key]["body"]
    assert 60 <= len(body.split()) <= 180
    assert len(re.findall(r"[.!?](?:\s|$)", body.split("\n\n")[0])) <= 2, "the answer comes in one or two sentences"


@pytest.mark.parametrize("id_", sorted({id_ for _, id_ in RECORDS}))
def test_translations_agree(id_):
    italian, english = RECORDS["it", id_], RECORDS["en", id_]
    assert numbers(italian["body"]) == numbers(english["body"])
    assert [link.rsplit("/", 1)[-1] for link in LINK.findall(italian["body"])] == [
        link.rsplit("/", 1)[-1] for link in LINK.findall(english["body"])
    ]
    for name in ("reason", "stage", "tags", "updated"):
        assert italian[name] == english[name]


@pytest.mark.parametrize("key", RECORDS, ids="/".join)
def test_links_resolve_in_the_same_language(key):
    language, id_ = key
    for link in LINK.findall(RECORDS[key]["body"]):
        _, root, spoken, target = link.split("/")
        assert (root, spoken) == ("help", language)
        assert (language, target) in RECORDS
        assert target != id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_articles_answer_the_same_question(language):
    asked_by = defaultdict(set)
    for (spoken, id_), record in RECORDS.items():
        if spoken == language:
            for question in (record["title"], *record["alternatives"]):
                asked_by[question.casefold().strip("?! .")].add(id_)
    assert {question: ids for question, ids in asked_by.items() if len(ids) > 1} == {}


def test_italian_addresses_the_customer_formally():
    informal = re.compile(r"\b(puoi|devi|hai|vuoi|tuo|tua|tuoi|tue|clicca|scrivici|contattaci)\b", re.IGNORECASE)
    for (language, id_), record in RECORDS.items():
        if language == "it":
            assert informal.search(record["body"]) is None, id_


def test_the_whole_journey_is_covered():
    stages = {record["stage"] for record in RECORDS.values()}
    assert set(STAGES) - {"unknown"} <= stages


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_accent_is_readable_on_white():
    assert 1.05 / (luminance(SHOP.accent) + 0.05) >= 4.5


def shape(value):
    """The structure of the brand's texts without the words."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else bool(value)


def test_the_brand_says_the_same_in_both_languages():
    assert SHOP.languages == LANGUAGES
    assert shape(SHOP.texts["it"]) == shape(SHOP.texts["en"])
    assert len(SHOP.texts["it"]["shelves"]) == 3
    assert numbers(SHOP.texts["it"]["delivery"]) == numbers(SHOP.texts["en"]["delivery"])


def test_the_brand_promises_what_the_help_centre_says():
    costs = numbers(RECORDS["it", "shipping-costs"]["body"])
    late = numbers(RECORDS["it", "late-order"]["body"])
    assert set(numbers(SHOP.texts["it"]["delivery"])) <= set(costs) | set(late)
