from __future__ import annotations

import dataclasses
import gc
import os
import threading

import pytest

from knowledge import version as version_module
from knowledge.base import KnowledgeBase
from knowledge.errors import EncoderError, VersionError
from knowledge.retriever import Retriever
from tests.knowledge.conftest import LetterEncoder, article


def test_an_empty_base_has_no_version(base):
    assert base.current() is None
    assert list(base.articles()) == []
    assert base.versions() == []
    assert base.remove(["x"]).version is None


def test_publishing_reports_what_changed(base, shop):
    first = base.publish(shop, source="shop")
    assert (first.added, first.changed, first.unchanged, first.removed) == (10, 0, 0, 0)
    edited = [dataclasses.replace(shop[0], body="Sixty days now."), *shop[1:-1], article("new", "Anything new?")]
    second = base.publish(edited, source="shop", replace=True)
    assert (second.added, second.changed, second.unchanged, second.removed) == (1, 1, 8, 1)
    assert base.article("returns", "en").body == "Sixty days now."
    assert base.article("loyalty", "it") is None


def test_publishing_the_same_again_makes_no_version(base, shop):
    assert base.publish(shop, source="shop").version == base.publish(shop, source="shop").version
    assert len(base.versions()) == 1


def test_a_source_replaces_only_what_came_from_it(base, shop):
    base.publish(shop, source="shop")
    base.publish([article("extra", "Something else?")], source="other", replace=True)
    assert len(base.articles()) == 11


def test_replacing_can_be_narrowed_to_languages(base, shop):
    base.publish(shop, source="shop")
    italian = [one for one in shop if one.lang == "it"][:1]
    assert base.publish(italian, source="shop", replace=True, languages=["it"]).removed == 2
    assert {one.lang for one in base.articles()} == {"en", "it"}


def test_unchanged_texts_are_never_encoded_again(base, shop, encoder):
    base.publish(shop, source="shop")
    again = KnowledgeBase(base.folder, encoder)
    encoder.encoded = 0
    again.publish([dataclasses.replace(shop[0], reason="after.returns")], source="shop")
    assert encoder.encoded == 0
    again.publish([dataclasses.replace(shop[0], body="Sixty days now.")], source="shop")
    assert encoder.encoded == 1  # the passage; its title is known


def test_a_change_gives_the_version_that_building_everything_gives(base, shop, encoder, tmp_path):
    base.publish(shop, source="shop")
    changed = [dataclasses.replace(shop[0], body="Sixty days now."), *shop[2:], article("new", "Anything new?")]
    base.publish(changed, source="shop", replace=True)
    whole = KnowledgeBase(tmp_path / "whole", encoder)
    whole.publish(changed, source="shop")
    for query in ("sixty days", "Anything new", "Come restituisco un libro?", "cards"):
        assert Retriever(base).search(query).matches == Retriever(whole).search(query).matches


def test_texts_that_are_gone_are_forgotten_in_the_end(base, encoder):
    for round in range(20):
        base.publish([article("a", f"Question {round}?", f"Answer {round}")], source="s")
    kept = sum(path.stat().st_size for path in (base._store.current_folder() / "encoded").glob("*.keys")) / 16
    assert kept <= 4  # two serve


def test_a_small_change_keeps_the_calibration(base, encoder, monkeypatch):
    fitted = []
    calibrate = version_module.calibrate
    monkeypatch.setattr(version_module, "calibrate", lambda *given: fitted.append(1) or calibrate(*given))
    base.publish([article(f"a{n}", f"Question {n}?", f"Answer {n}") for n in range(300)], source="s")
    assert len(fitted) == 1
    base.publish([article("a1", "Question 1?", "Another answer"), article("a2", "Question 2?", "Another")], source="s")
    assert len(fitted) == 1  # two of three hundred
    base.publish([article("a3", "Question 3?", "Another answer")], source="s")
    assert len(fitted) == 2  # with the two before, one of a hundred
    base.publish([article("a4", "Question 4?", "Another answer")], source="s")
    assert len(fitted) == 2
    base.rebuild()
    assert len(fitted) == 3
    base.publish([article("b1", "Domanda?", "Risposta", lang="it")], source="s")
    assert len(fitted) == 4  # a new language changes what everything is compared with


def test_one_article_is_read_alone(base, shop):
    base.publish(shop, source="shop")
    assert base.article("loyalty", "it") == next(one for one in shop if one.id == "loyalty")
    assert base.article("loyalty", "en") is None
    assert base.article("zzz", "it") is None


def test_removing_takes_an_article_out_in_every_language(base, shop):
    base.publish(shop, source="shop")
    assert base.remove(["returns"]).removed == 2
    assert all(one.id != "returns" for one in base.articles())


def test_everything_can_be_removed(base, shop):
    base.publish(shop, source="shop")
    base.remove({one.id for one in shop})
    found = Retriever(base).search("How do I return a book?")
    assert (found.decision, found.matches) == ("none", ())


def test_another_process_notices_a_new_version_and_a_rollback(base, shop, encoder):
    other = KnowledgeBase(base.folder, encoder)
    first = base.publish(shop[:2], source="shop").version
    assert other.current().name == first
    second = base.publish(shop, source="shop").version
    assert other.current().name == second
    base.rollback(first)
    assert other.current().name == base.current().name == first
    assert len(other.articles()) == 2
    assert [(one.name, one.current) for one in base.versions()] == [(second, False), (first, True)]


def test_rolling_back_to_nowhere_is_refused(base, shop):
    base.publish(shop, source="shop")
    with pytest.raises(VersionError, match="no version 0099"):
        base.rollback("0099")


def test_a_version_survives_being_read_back(base, shop, encoder):
    base.publish(shop, source="shop")
    kept = base.current()
    read = KnowledgeBase(base.folder, encoder).current()
    assert list(read.entries) == list(kept.entries)
    assert read.calibration == kept.calibration
    ask = "how can I return this book"
    assert Retriever(base).search(ask) == Retriever(KnowledgeBase(base.folder, encoder)).search(ask)


def test_vectors_of_another_encoder_are_refused_until_rebuilt(base, shop):
    base.publish(shop, source="shop")
    other = KnowledgeBase(base.folder, LetterEncoder("letters@2", dimension=64))
    with pytest.raises(EncoderError, match="sportello kb build"):
        other.current()
    changes = other.rebuild()
    assert changes.unchanged == 10
    assert other.current().manifest["encoder"] == "letters@2"
    with pytest.raises(EncoderError):
        other.rollback(base.versions()[-1].name)


def test_changing_needs_an_encoder(base, shop):
    with pytest.raises(EncoderError):
        KnowledgeBase(base.folder, None).publish(shop, source="shop")


def test_searches_go_on_while_versions_are_published(base, shop):
    base.publish(shop, source="shop")
    retriever, failures, done = Retriever(base), [], threading.Event()

    def ask() -> None:
        while not done.is_set():
            found = retriever.search("How do I return a book?", "en")
            if not found.matches or found.matches[0].article_id != "returns":
                failures.append(found)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        for number in range(8):
            unrelated = article(f"x{number}", f"Unrelated {number}")
            KnowledgeBase(base.folder, LetterEncoder()).publish([unrelated], source="x")
    finally:
        done.set()
        for asker in askers:
            asker.join()
    assert failures == []


def test_an_article_that_another_source_brought_before_is_told_of(base, shop):
    base.publish(shop, source="shop")
    said: list[str] = []
    changes = base.publish([shop[0]], source="other", say=said.append)
    assert (changes.unchanged, changes.taken) == (1, 1)
    assert any("another source" in line for line in said)
    assert base.publish([shop[0]], source="other").taken == 0


def test_articles_are_read_once_a_version(base, shop):
    base.publish(shop, source="shop")
    assert base.articles() is base.articles()
    base.publish(shop[:3], source="shop", replace=True)
    assert len(base.articles()) == 3


def test_a_version_no_longer_used_lets_go_of_its_files_at_once(base, shop):
    def opened() -> int:
        base.current().parts["en"].articles[0]
        return len(os.listdir("/proc/self/fd"))

    base.publish(shop, source="shop")
    gc.collect()
    gc.disable()
    try:
        before = opened()
        for number in range(3):
            base.publish([article(f"x{number}", f"Unrelated {number}")], source="x")
            assert opened() <= before + 2
            KnowledgeBase(base.folder, LetterEncoder()).articles()
            KnowledgeBase(base.folder, LetterEncoder()).current().parts["en"].number["returns"]
            assert len(os.listdir("/proc/self/fd")) <= before + 2
    finally:
        gc.enable()
