from __future__ import annotations

import numpy as np
import pytest

from knowledge.base import KnowledgeBase
from knowledge.errors import EncoderError
from knowledge.ranking import rank
from knowledge.retriever import Match, Retriever, _decide
from tests.knowledge.conftest import LetterEncoder, article


@pytest.fixture
def retriever(base, shop):
    base.publish(shop, source="shop")
    return Retriever(base)


def test_a_question_finds_its_article(retriever):
    found = retriever.search("How do I return a book?")
    assert found.decision == "answer"
    assert found.matches[0].article_id == "returns"
    assert found.matches[0].lang == found.lang == "en"
    assert found.matches[0].confidence == found.confidence
    assert found.version == retriever.base.current().name


def test_the_customers_language_is_preferred(retriever):
    assert retriever.search("Come restituisco un libro?").matches[0].lang == "it"


def test_an_article_is_shown_in_the_customers_language_however_it_was_found(retriever):
    found = retriever.search("How do I return a book?", lang="it").matches[0]
    assert (found.article_id, found.lang) == ("returns", "it")


def test_an_article_of_the_other_language_is_found_when_there_is_no_translation(retriever):
    found = retriever.search("Avete una tessera fedeltà?", lang="en").matches[0]
    assert (found.article_id, found.lang) == ("loyalty", "it")


def test_an_article_appears_once_and_the_order_is_by_score(retriever):
    matches = retriever.search("How do I return a book?", k=10).matches
    assert len({match.article_id for match in matches}) == len(matches) == 8
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


def test_k_limits_the_matches(retriever):
    assert len(retriever.search("book", k=2).matches) == 2


def test_a_given_vector_spares_encoding(retriever):
    vector = LetterEncoder().queries(["How do I return a book?"])[0]
    retriever.base.encoder.encoded = 0
    assert retriever.search("How do I return a book?", vector=vector).matches[0].article_id == "returns"
    assert retriever.base.encoder.encoded == 0


def test_without_encoder_a_vector_is_needed(retriever):
    bare = Retriever(KnowledgeBase(retriever.base.folder, None))
    with pytest.raises(EncoderError):
        bare.search("How do I return a book?")


@pytest.mark.parametrize("query", ["", "   ", "?!…", "🙂", "\udce9"])
def test_nothing_to_search_for_finds_nothing(retriever, query):
    assert retriever.search(query).decision == "none"


def test_a_huge_or_broken_question_is_no_error(retriever):
    assert retriever.search("return " * 20_000, "en").matches
    assert retriever.search("return \udce9 a book\x00", "en").query == "return ? a book\x00"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_tiny_base_answers(base, shop, count):
    base.publish(shop[:count], source="shop")
    found = Retriever(base).search("How do I return a book?", "en")
    assert found.matches[0].article_id == "returns"
    assert 0 <= found.confidence <= 1


def test_words_lift_the_article_that_holds_them(base, shop):
    manual = article("e4711", "What does the reader say?", "Message E4711 means the file is locked.")
    base.publish([*shop, manual], source="s")
    query = "I see E4711"
    version = base.current()
    vector, place = base.encoder.queries([query])[0], version.parts["en"].number["e4711"]

    def behind_the_first(words: str | None) -> float:
        hits = rank(version.parts, vector, "en", words=words)
        return hits[0].score - next(hit.score for hit in hits if (hit.lang, hit.article) == ("en", place))

    assert behind_the_first(query) < behind_the_first(None)


def test_alternatives_find_their_article(base, shop):
    base.publish([*shop, article("stairs", "How do I get in?", alternatives=["wheelchair ramp"])], source="s")
    assert Retriever(base).search("wheelchair ramp", "en").matches[0].article_id == "stairs"


def test_the_similarity_is_the_mean_over_question_and_answer(base):
    base.publish([article("a", "Question of mine?", "Some answer."), article("b", "Other?")], source="s")
    encoder = base.encoder
    query, title, content = encoder.queries(["Question here", "Question of mine?", "Question of mine?\nSome answer."])
    hits = rank(base.current().parts, query, "en")
    assert np.isclose(hits[0].top, (query @ title + query @ content) / 2, atol=1e-5)


def test_a_long_article_shows_the_passage_that_matches(base, shop):
    filler = "Plain words about nothing in particular. " * 30
    body = f"# Shelves\n{filler}\n# Zebras\n{filler}Zebras zigzag. Zebras zigzag.\n# Lamps\n{filler}"
    base.publish([*shop, article("long", "Everything", body)], source="s")
    matches = Retriever(base).search("Zebras zigzag", "en", k=10).matches
    assert "zigzag" in next(match.passage for match in matches if match.article_id == "long")


@pytest.mark.parametrize(
    ("confidences", "decision"),
    [((0.9, 0.4), "answer"), ((0.8, 0.9), "clarify"), ((0.3, 0.2), "clarify"), ((0.1, 0.1), "none"), ((), "none")],
)
def test_the_best_match_answers_when_no_other_is_surer(confidences, decision):
    matches = [Match("a", "A", "it", "", 1.0, one, "", "", "", "") for one in confidences]
    assert _decide(matches) == decision
