from __future__ import annotations

import dataclasses
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from knowledge import store as store_module
from knowledge.base import KnowledgeBase
from knowledge.errors import EncoderError, KnowledgeError, VersionError
from knowledge.retriever import Retriever
from knowledge.version import Version
from tests.knowledge.conftest import LetterEncoder, article

ROOT = Path(__file__).resolve().parents[2]


def test_an_empty_base_has_no_version(base):
    assert base.current() is None
    assert base.articles() == []
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
    assert read.entries == kept.entries
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


def test_a_damaged_version_is_named(base, shop, encoder):
    name = base.publish(shop, source="shop").version
    (base.folder / "versions" / name / "en" / "dense.faiss").write_bytes(b"half")
    with pytest.raises(VersionError, match=name):
        KnowledgeBase(base.folder, encoder).current()
    assert base.current().name == name  # it is in memory already


def test_changing_needs_an_encoder(base, shop):
    with pytest.raises(EncoderError):
        KnowledgeBase(base.folder, None).publish(shop, source="shop")


@pytest.mark.parametrize("failing", ["save", "point"])
def test_a_full_disk_leaves_the_old_version_serving(base, shop, encoder, monkeypatch, failing):
    first = base.publish(shop[:3], source="shop").version

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if failing == "save":
        monkeypatch.setattr(Version, "save", full)
    else:
        monkeypatch.setattr(store_module.VersionStore, "point_to", full)
    with pytest.raises((KnowledgeError, OSError)):
        base.publish(shop, source="shop")
    monkeypatch.undo()
    assert KnowledgeBase(base.folder, encoder).current().name == first
    assert base.current().name == first
    assert base.publish(shop, source="shop").added == 7


def test_one_writer_at_a_time(base, shop, monkeypatch):
    base.publish(shop[:2], source="shop")
    monkeypatch.setattr(store_module, "LOCK_WAIT_S", 0.05)
    with base._store.writing():
        waiting = threading.Thread(target=lambda: pytest.raises(KnowledgeError, base.publish, shop, source="shop"))
        waiting.start()
        waiting.join()
    assert len(base.articles()) == 2


def test_only_the_latest_versions_are_kept(base):
    for number in range(store_module.KEPT_VERSIONS + 3):
        base.publish([article(f"a{number}", f"Question {number}?")], source="shop")
    assert len(base.versions()) == store_module.KEPT_VERSIONS
    assert base.versions()[0].current


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
    for number in range(8):
        KnowledgeBase(base.folder, LetterEncoder()).publish([article(f"x{number}", f"Unrelated {number}")], source="x")
    done.set()
    for asker in askers:
        asker.join()
    assert failures == []


PUBLISH_FOREVER = """
import itertools, sys
from pathlib import Path
from knowledge.base import KnowledgeBase
from tests.knowledge.conftest import LetterEncoder, article
base = KnowledgeBase(Path(sys.argv[1]), LetterEncoder())
for round in itertools.count():
    base.publish([article(f"a{n}", f"Question {n}?", f"Answer {n} of round {round}") for n in range(30)], source="s")
    print(round, flush=True)
"""


def test_a_killed_writer_leaves_a_whole_version(tmp_path):
    folder = tmp_path / "knowledge"
    for delay in (0.0, 0.031, 0.072):
        writer = subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOREVER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        base = KnowledgeBase(folder, LetterEncoder())
        rounds = {one.body.rsplit(" ", 1)[1] for one in base.articles()}
        assert len(base.articles()) == 30
        assert len(rounds) == 1
        assert Retriever(base).search("Question 7?", "en").matches[0].article_id == "a7"
    base.publish([article("last", "The last one?")], source="t")
    assert not list((folder / "versions").glob(".*"))
