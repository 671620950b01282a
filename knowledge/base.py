"""The knowledge base: articles, versioned, and the version that serves."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.article import Article
from knowledge.encoded import EncodedTexts, Say, TextEncoder
from knowledge.errors import EncoderError, VersionError
from knowledge.store import VersionStore
from knowledge.version import Entry, Version, read_entries, read_manifest

Key = tuple[str, str]
Entries = dict[Key, Entry]


@dataclass(frozen=True)
class Changes:
    """What a change did, counted in articles of one language each, and the version that serves now.

    `unchanged` counts the given articles that were there already, just so.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    version: str | None


@dataclass(frozen=True)
class VersionSummary:
    """A line of the list of versions."""

    name: str
    created_at: str
    encoder: str
    articles: int
    passages: int
    current: bool


def _silent(_: str) -> None:
    return None


class KnowledgeBase:
    """Articles and their index, versioned in a folder. Searching needs the encoder, listing doesn't."""

    def __init__(self, folder: Path, encoder: TextEncoder | None) -> None:
        self.folder = folder
        self.encoder = encoder
        self._store = VersionStore(folder)
        self._loading = threading.Lock()
        self._loaded: tuple[tuple[int, int], Version] | None = None

    # reading

    def current(self) -> Version | None:
        """The serving version, None before the first; one `stat` when nothing changed.

        When another process has published, the first caller loads the new version and the others go on with the old.
        Raises VersionError when it can't be read and no older one is in memory, EncoderError when it was built with
        another encoder than this one.
        """
        stamp = self._store.stamp()
        loaded = self._loaded
        if stamp is None:
            return None
        if loaded and loaded[0] == stamp:
            return loaded[1]
        if not self._loading.acquire(blocking=loaded is None):
            assert loaded is not None
            return loaded[1]
        try:
            return self._load(stamp)
        finally:
            self._loading.release()

    def _load(self, stamp: tuple[int, int]) -> Version:
        loaded = self._loaded
        if loaded and loaded[0] == stamp:
            return loaded[1]
        try:
            version = Version.load(self._store.folder_of(self._store.current_name() or ""))
        except VersionError:
            if loaded is None:
                raise
            return loaded[1]
        self._check_encoder(version)
        self._loaded = stamp, version
        return version

    def current_name(self) -> str | None:
        """Name of the serving version, without loading it."""
        return self._store.current_name()

    def _check_encoder(self, version: Version) -> None:
        """Vectors of two encoders can't be compared. Raises EncoderError when the version's isn't the present one."""
        made_by = version.manifest["encoder"]
        if self.encoder is not None and version.entries and made_by != self.encoder.identity:
            raise EncoderError(
                f"Version {version.name} of the knowledge base was built with the encoder {made_by}, "
                f"the present one is {self.encoder.identity}: `sportello kb build` rebuilds it"
            )

    def articles(self) -> list[Article]:
        """Every article of the serving version, by id and language."""
        return [entry.article for entry in self._entries().values()]

    def article(self, id: str, lang: str) -> Article | None:
        entry = self._entries().get((id, lang))
        return entry.article if entry else None

    def versions(self) -> list[VersionSummary]:
        """The versions that can still be served, newest first."""
        current = self.current_name()
        return [_summary(folder, folder.name == current) for folder in reversed(self._store.folders())]

    # writing

    def publish(
        self,
        articles: Iterable[Article],
        *,
        source: str,
        replace: bool = False,
        languages: Collection[str] | None = None,
        say: Say = _silent,
    ) -> Changes:
        """Adds the articles, or puts them in the place of those with the same id and language.

        With `replace`, articles that came from the same source before and aren't among the given ones are removed;
        `languages` narrows that to some languages. Publishes nothing when nothing changes. `say` receives progress.
        """
        given = {(article.id, article.lang): Entry(article, source) for article in articles}

        def change(entries: Entries) -> Entries:
            def replaced(entry: Entry) -> bool:
                return (
                    replace
                    and entry.source == source
                    and entry.key not in given
                    and (languages is None or entry.article.lang in languages)
                )

            return {key: entry for key, entry in entries.items() if not replaced(entry)} | given

        return self._write(change, say, given)

    def remove(self, ids: Iterable[str], say: Say = _silent) -> Changes:
        """Removes articles in all their languages. Ids that aren't there are ignored."""
        gone = frozenset(ids)
        return self._write(lambda entries: {key: entry for key, entry in entries.items() if key[0] not in gone}, say)

    def rebuild(self, say: Say = _silent) -> Changes:
        """Builds the serving version's articles again, with the present encoder and rules."""
        return self._write(lambda entries: entries, say, always=True)

    def rollback(self, name: str) -> None:
        """Serves an older version again. Raises VersionError when there is none of that name, or it is damaged."""
        with self._store.writing():
            if name not in {folder.name for folder in self._store.folders()}:
                raise VersionError(f"There is no version {name}; `sportello kb versions` lists them")
            version = Version.load(self._store.folder_of(name))
            self._check_encoder(version)
            self._store.point_to(name)

    def _write(
        self, change: Callable[[Entries], Entries], say: Say, given: Collection[Key] | None = None, always: bool = False
    ) -> Changes:
        with self._store.writing():
            before = self._entries()
            after = change(dict(before))
            kept = before.keys() & after.keys()
            changed = {key for key in kept if before[key].article != after[key].article}
            same = (kept if given is None else kept & set(given)) - changed
            nothing = after == before and not (always and after)
            name = self.current_name() if nothing else self._build(after, say)
            return Changes(len(after) - len(kept), len(changed), len(same), len(before) - len(kept), name)

    def _build(self, entries: Entries, say: Say) -> str:
        if self.encoder is None:
            raise EncoderError("The knowledge base can't be changed without an encoder")
        texts = self._known_texts()
        name = self._store.next_name(_fingerprint(entries))
        version = Version.build(name, entries.values(), self.encoder, texts, _workers(), say)
        self._store.add(name, lambda folder: version.save(folder, texts))
        self._store.point_to(name)
        stamp = self._store.stamp()
        if stamp:
            self._loaded = stamp, version
        self._store.forget_oldest()
        say(f"Published version {name}: {len(entries):,} articles, {texts.encoded:,} texts encoded")
        return name

    def _entries(self) -> Entries:
        """The serving version's articles, without loading its indexes."""
        folder = self._store.current_folder()
        return {entry.key: entry for entry in read_entries(folder)} if folder else {}

    def _known_texts(self) -> EncodedTexts:
        """Vectors of the serving version, when they were made by the present encoder."""
        folder = self._store.current_folder()
        if folder is None or self.encoder is None or read_manifest(folder)["encoder"] != self.encoder.identity:
            return EncodedTexts()
        return EncodedTexts.load(folder)


def _summary(folder: Path, current: bool) -> VersionSummary:
    manifest = read_manifest(folder)
    counts = manifest["languages"].values()
    return VersionSummary(
        folder.name,
        manifest["created_at"],
        manifest["encoder"],
        sum(count["articles"] for count in counts),
        sum(count["passages"] for count in counts),
        current,
    )


def _fingerprint(entries: Entries) -> str:
    return hashlib.sha256(repr(sorted(entries.items())).encode()).hexdigest()[:8]


def _workers() -> int:
    """Texts encoded at once while building: every core, since nothing else can be done meanwhile."""
    return os.cpu_count() or 1
