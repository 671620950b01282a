"""What goes wrong around a knowledge base: damaged files, a full disk, two writers, versions deleted under a reader."""

from __future__ import annotations

import errno
import gc
import json
import threading
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from knowledge import encoded, files, index, manifest, store, version
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError, VersionError
from knowledge.manifest import of_another_release
from knowledge.retriever import Retriever
from tests.knowledge.conftest import LetterEncoder, article
from tests.knowledge.publishing import processes, publish_with_small_files, stamped, start, wait_for_turn

SERVED = ["en/dense.faiss", "en/lexical/weights.npy", "en/passages.jsonl", "en/rows.npy", "articles.jsonl"]


def damage(base: KnowledgeBase, name: str, file: str) -> None:
    """Changes one byte."""
    path = base.folder / "versions" / name / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("file", [*SERVED, "manifest.json"])
def test_a_damaged_file_is_named_with_the_command_that_helps(base, shop, encoder, file):
    name = base.publish(shop, source="shop").version
    damage(base, name, file)
    with pytest.raises(VersionError, match=f"{file}.*kb build.*kb rollback"):
        KnowledgeBase(base.folder, encoder).current()
    assert base.current().name == name  # it is in memory already


def test_a_missing_file_is_named(base, shop, encoder):
    name = base.publish(shop, source="shop").version
    (base.folder / "versions" / name / "en" / "rows.npy").unlink()
    with pytest.raises(VersionError, match="rows.npy is damaged .it is missing"):
        KnowledgeBase(base.folder, encoder).current()


def test_after_a_restart_the_version_before_serves_in_the_place_of_a_damaged_one(base, shop, encoder, caplog):
    first = base.publish(shop[:3], source="shop").version
    second = base.publish(shop, source="shop").version
    damage(base, second, "en/dense.faiss")
    restarted = KnowledgeBase(base.folder, encoder)
    assert restarted.current().name == first
    assert "dense.faiss" in restarted.trouble and first in restarted.trouble
    assert "dense.faiss" in caplog.text
    restarted.rebuild()
    assert restarted.trouble is None
    assert restarted.current().name not in (first, second)
    assert len(KnowledgeBase(base.folder, encoder).current().entries) == 10


def test_a_damaged_version_never_replaces_the_one_in_memory(base, shop, encoder):
    first = base.publish(shop[:3], source="shop").version
    reader = KnowledgeBase(base.folder, encoder)
    assert reader.current().name == first
    second = base.publish(shop, source="shop").version
    damage(base, second, "en/dense.faiss")
    assert [reader.current().name for _ in range(3)] == [first] * 3
    assert "goes on serving" in reader.trouble
    base.rollback(first)
    assert reader.current().name == first
    assert reader.trouble is None


def test_damaged_articles_are_not_published_again(base, shop):
    name = base.publish(shop, source="shop").version
    path = base.folder / "versions" / name / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b"thirty days", b"ninety days"))
    with pytest.raises(VersionError, match="articles.jsonl is damaged"):
        base.publish([article("x", "Another?")], source="x")


def test_damaged_vectors_are_encoded_again(base, shop, encoder):
    name = base.publish(shop, source="shop").version
    damage(base, name, f"encoded/{name}.f32")
    said: list[str] = []
    encoder.encoded = 0
    base.publish([article("x", "Another?")], source="x", say=said.append)
    assert encoder.encoded > 20
    assert any("encoded again" in line for line in said)


def test_a_version_of_another_release_is_built_again(base, shop, encoder):
    name = base.publish(shop, source="shop").version
    path = base.folder / "versions" / name / "manifest.json"
    assert not of_another_release(base.folder)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    assert of_another_release(base.folder)
    again = KnowledgeBase(base.folder, encoder)
    with pytest.raises(VersionError, match="another release: `sportello kb build`"):
        again.current()
    assert [one.problem for one in again.versions()] != [None]
    assert again.rebuild().unchanged == 10
    assert len(again.current().entries) == 10
    assert not of_another_release(base.folder)
    assert not of_another_release(base.folder / "nothing")


class FillingDisk:
    """Opens files on a disk with room for so many more writes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def create(self, path: Path) -> FillingFile:
        return FillingFile(path.open("xb"), self)


class FillingFile:
    def __init__(self, file: BinaryIO, disk: FillingDisk) -> None:
        self.file, self.disk = file, disk

    def write(self, content: bytes) -> int:
        self.disk.room -= 1
        if self.disk.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(content)

    def __enter__(self) -> FillingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def test_a_disk_that_fills_up_at_any_write_leaves_the_old_version_serving(base, shop, encoder, monkeypatch):
    first, writes = base.publish(shop[:3], source="shop").version, 0
    for writes in range(1000):
        disk = FillingDisk(writes)
        for module in (encoded, files, index, manifest, store):
            monkeypatch.setattr(module, "create", disk.create)
        try:
            base.publish(shop, source="shop")
            break
        except KnowledgeError as error:
            assert "disk is full" in str(error)
        assert [path.name for path in (base.folder / "versions").iterdir()] == [first]
        assert base.current().name == KnowledgeBase(base.folder, encoder).current().name == first
    assert writes > 40
    assert len(KnowledgeBase(base.folder, encoder).current().entries) == 10


@pytest.mark.parametrize("most_bytes", [100, 1_000, 20_000])
def test_a_file_cut_short_is_a_full_disk(tmp_path, most_bytes):
    base = KnowledgeBase(tmp_path / "knowledge", LetterEncoder())
    first = base.publish(stamped(1), source="s").version
    said = processes.SimpleQueue()
    writer = start(publish_with_small_files, base.folder, most_bytes, said)
    assert "disk is full" in said.get()
    writer.join()
    said.close()
    assert KnowledgeBase(base.folder, LetterEncoder()).current().name == first
    assert len(base.versions()) == 1


def test_a_version_that_cannot_be_read_back_is_never_announced(base, shop, monkeypatch):
    first = base.publish(shop[:3], source="shop").version

    def unreadable(_: object) -> None:
        raise VersionError("no")

    monkeypatch.setattr(version.Version, "load", unreadable)
    with pytest.raises(VersionError):
        base.publish(shop, source="shop")
    assert base.current_name() == first
    assert [one.name for one in base.versions()] == [first]


def test_ctrl_c_leaves_nothing_behind(base, shop, monkeypatch):
    first = base.publish(shop[:3], source="shop").version

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(version, "seal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        base.publish(shop, source="shop")
    assert [path.name for path in (base.folder / "versions").iterdir()] == [first]
    monkeypatch.undo()
    assert base.publish(shop, source="shop").added == 7


def test_one_writer_at_a_time(base, shop, monkeypatch):
    base.publish(shop[:2], source="shop")
    monkeypatch.setattr(store, "LOCK_WAIT_S", 0.05)
    with (
        base._store.writing(lambda _: None),
        pytest.raises(KnowledgeError, match="Another process .* nothing was changed"),
    ):
        KnowledgeBase(base.folder, LetterEncoder()).publish(shop, source="shop")
    assert len(base.articles()) == 2


def test_a_second_writer_says_that_it_waits_and_then_takes_its_turn(tmp_path):
    base = KnowledgeBase(tmp_path / "knowledge", LetterEncoder())
    base.publish(stamped(1), source="s")
    said = processes.SimpleQueue()
    with base._store.writing(lambda _: None):
        second = start(wait_for_turn, base.folder, said)
        assert "Another process is changing" in said.get()
        assert len(base.versions()) == 1
    assert "Published" in said.get()
    second.join()
    said.close()
    assert len(base.versions()) == 2


def test_only_the_latest_versions_are_kept(base):
    for number in range(store.KEPT_VERSIONS + 3):
        base.publish([article(f"a{number}", f"Question {number}?")], source="shop")
    gc.collect()
    assert len(base.versions()) == store.KEPT_VERSIONS
    assert base.versions()[0].current


def test_the_version_to_go_back_to_and_those_in_use_are_kept(base, monkeypatch):
    monkeypatch.setattr(store, "KEPT_VERSIONS", 2)
    names = [base.publish([article(f"a{number}", f"Question {number}?")], source="s").version for number in range(2)]
    reader = KnowledgeBase(base.folder, LetterEncoder())
    base.rollback(names[0])
    held = reader.current()
    for number in range(2, 6):
        names.append(base.publish([article("b", f"Another {number}?")], source="s").version)
        gc.collect()
        assert names[number - 1 if number > 2 else 0] in [one.name for one in base.versions()]
    assert held.name == names[0]
    assert [one.name for one in base.versions()] == [names[5], names[4], names[0]]
    assert Retriever(base).search("Question 0?", "en").matches  # its own articles are there still
    assert len(held.parts["en"].passages) == 1 and held.parts["en"].passages[0].title == "Question 0?"
    del held
    reader.current()
    gc.collect()
    base.publish([article("b", "Another 6?")], source="s")
    assert names[0] not in [one.name for one in base.versions()]


def test_a_version_deleted_while_it_is_looked_up_is_not_missed(base, shop, encoder, monkeypatch):
    first = base.publish(shop[:3], source="shop").version
    reader, load = KnowledgeBase(base.folder, encoder), version.Version.load

    def too_late(folder):
        monkeypatch.setattr(version.Version, "load", load)
        base.publish(shop, source="shop")
        base._store.remove(first)
        return load(folder)

    monkeypatch.setattr(version.Version, "load", too_late)
    assert len(reader.current().entries) == 10
    assert reader.trouble is None


def test_queries_go_on_while_a_large_version_is_loaded(base, shop, encoder, monkeypatch):
    first = base.publish(shop[:3], source="shop").version
    reader, load, go_on = KnowledgeBase(base.folder, encoder), version.Version.load, threading.Event()
    assert reader.current().name == first
    second = base.publish(shop, source="shop").version

    def slow(folder):
        go_on.wait(10)
        return load(folder)

    monkeypatch.setattr(version.Version, "load", slow)
    assert [reader.current().name for _ in range(5)] == [first] * 5
    go_on.set()
    reader._serving._loader.join()
    assert reader.current().name == second
