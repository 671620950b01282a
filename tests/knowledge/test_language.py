from __future__ import annotations

import pytest

from knowledge.language import detect, surely_none_of, tell


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dov'è il mio ordine?", "it"),
        ("vorrei restituire un libro", "it"),
        ("QUANDO ARRIVA IL PACCO", "it"),
        ("Where is my order?", "en"),
        ("I want to return a book", "en"),
        ("quanto costa https://example.com/where-is-the-order-of-the-book", "it"),
    ],
)
def test_a_sentence_tells_its_language(text, language):
    assert detect(text, default="it" if language == "en" else "en") == language


@pytest.mark.parametrize("text", ["ok", "no", "", "123 456", "a@b.example", "🙂", "si no"])
@pytest.mark.parametrize("default", ["it", "en"])
def test_a_text_too_short_keeps_the_conversations_language(text, default):
    assert detect(text, default) == default


def test_a_guess_is_no_reason_to_change_language() -> None:
    assert detect("fate pacchetti regalo?", "it") == "it"


def test_only_the_given_languages_are_considered():
    assert detect("Où est ma commande, s'il vous plaît ?", "it", ("it", "en")) in {"it", "en"}


def test_an_article_may_be_in_any_language():
    assert tell("Wo ist meine Bestellung, und wann kommt sie an?") == "de"
    assert tell("ok") is None


@pytest.mark.parametrize("text", ["wher is my oder plz", "e se lo voglio rendere", "e con la carta giovani?", "ciao"])
def test_what_is_misspelt_or_short_may_be_ours(text: str) -> None:
    assert not surely_none_of(text, ("it", "en"))


@pytest.mark.parametrize("text", ["wo ist mein Paket bitte", "donde esta mi pedido", "où est ma commande"])
def test_what_is_surely_in_another_language_is_told(text: str) -> None:
    assert surely_none_of(text, ("it", "en"))
