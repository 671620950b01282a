"""The knowledge base: articles, versioned, and the version that serves."""

from __future__ import annotations

import bisect
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from knowledge.article import Article
from knowledge.encoded import FOLDER as ENCODED
from knowledge.encoded import EncodedTexts, Say, TextEncoder
from knowledge.entry import ARTICLES, Entry, decode_entry, encode_entry, read_entries
from knowledge.errors import EncoderError, VersionError
from knowledge.files import Lines
from knowledge.manifest import read_manifest
from knowledge.seal import verify
from knowledge.serving import Serving
from knowledge.store import VersionStore
from knowledge.version import Basis, Version

Key = tuple[str, str]
Entries = dict[Key, Entry]

REMEMBERED: Final = 20_000  # articles, some 30 MB; a larger base is read from disk each time it is listed


@dataclass(frozen=True)
class Changes:
    """What a change did, counted in articles of one language each, and the version that serves now.

    `unchanged` counts the given articles that were there already, just so; `taken` those of the given ones that
    another source had brought before and that are this one's now.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    version: str | None
    taken: int = 0


@dataclass(frozen=True)
class VersionSummary:
    """A line of the list of versions; `problem` says why one can't be served."""

    name: str
    created_at: str
    encoder: str
    articles: int
    passages: int
    current: bool
    problem: str | None = None


def _silent(_: str) -> None:
    return None


class KnowledgeBase:
    """Articles and their index, versioned in a folder. Searching needs the encoder, listing doesn't."""

    def __init__(self, folder: Path, encoder: TextEncoder | None) -> None:
        self.folder = folder
        self.encoder = encoder
        self._store = VersionStore(folder)
        # of the encoder, not a method: a base that is dropped must let go of its version's files at once
        self._check = partial(_check_encoder, encoder)
        self._serving = Serving(self._store, self._check)
        self._remembered: tuple[str, tuple[Article, ...]] = ("", ())

    # reading

    def current(self) -> Version | None:
        """The serving version, None before the first; one `stat` when nothing changed.

        When another process has published, a thread loads the new version while searches go on with the old. Raises
        VersionError when no version can be read, EncoderError when it was built with another encoder than this one.
        """
        return self._serving.current()

    @property
    def trouble(self) -> str | None:
        """Why another version serves than the one that should, and what to do; None when all is well."""
        return self._serving.trouble

    def current_name(self) -> str | None:
        """Name of the serving version, without loading it."""
        return self._store.current_name()

    def articles(self) -> Sequence[Article]:
        """Every article of the serving version, by id and language; up to REMEMBERED are read once a version."""
        folder = self._store.current_folder()
        if folder is None:
            return ()
        name, found = self._remembered
        if name != folder.name:
            found = tuple(entry.article for entry in self._read(folder))
            self._remembered = (folder.name, found) if len(found) <= REMEMBERED else ("", ())
        return found

    def article(self, id: str, lang: str) -> Article | None:
        """One article of the serving version."""
        folder = self._store.current_folder()
        if folder is None:
            return None
        if not (folder / "articles.ends.npy").exists():  # written by an older release
            return next((one for one in self.articles() if (one.id, one.lang) == (id, lang)), None)
        entries = Lines.load(folder / ARTICLES, decode_entry)
        place = bisect.bisect_left(entries, (id, lang), key=lambda entry: entry.key)
        found = entries[place] if place < len(entries) else None
        return found.article if found and found.key == (id, lang) else None

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

    def rollback(self, name: str, say: Say = _silent) -> None:
        """Serves an older version again. Raises VersionError when there is none of that name, or it is damaged."""
        with self._store.writing(say):
            if name not in {folder.name for folder in self._store.folders()}:
                raise VersionError(f"There is no version {name}; `sportello kb versions` lists them")
            version = Version.load(self._store.folder_of(name))
            self._check(version)
            self._store.point_to(name)
            self._serving.adopt(version)

    def _write(
        self, change: Callable[[Entries], Entries], say: Say, given: Collection[Key] | None = None, always: bool = False
    ) -> Changes:
        with self._store.writing(say):
            self._check_articles()
            before = self._entries()
            after = change(dict(before))
            kept = before.keys() & after.keys()
            changed = {key for key in kept if before[key].article != after[key].article}
            same = (kept if given is None else kept & set(given)) - changed
            nothing = after == before and not (always and after)
            added, removed = len(after) - len(kept), len(before) - len(kept)
            differing = None if always else added + len(changed) + removed
            taken = sum(before[key].source != after[key].source for key in kept)
            if taken:
                say(f"Articles that another source brought before, with the same id and language, replaced: {taken:,}")
            name = self.current_name() if nothing else self._build(after, differing, say)
            return Changes(added, len(changed), len(same), removed, name, taken)

    def _build(self, entries: Entries, differing: int | None, say: Say) -> str:
        """Builds and serves a version. None as the number of `differing` articles: take nothing over but vectors."""
        if self.encoder is None:
            raise EncoderError("The knowledge base can't be changed without an encoder")
        before = self._before(say)
        texts = EncodedTexts.load(before.folder, _workers()) if before else EncodedTexts(_workers())
        basis = Basis(before.folder, differing) if before and differing is not None else None
        name = self._store.next_name(_fingerprint(entries))
        built = Version.build(name, entries.values(), self.encoder, texts, _workers(), say, basis)
        self._store.add(name, lambda folder: built.save(folder, texts, before.manifest["files"] if before else {}))
        try:
            version = Version.load(self._store.folder_of(name))  # what can't be read back isn't announced
            self._store.point_to(name)
        except BaseException:
            if self.current_name() != name:
                self._store.remove(name)
            raise
        self._serving.adopt(version)
        self._store.forget_oldest()
        say(f"Published version {name}: {len(entries):,} articles, {texts.encoded:,} texts encoded")
        return name

    def _entries(self) -> Entries:
        """The serving version's articles, without loading its indexes."""
        folder = self._store.current_folder()
        return {entry.key: entry for entry in self._read(folder)} if folder else {}

    def _check_articles(self) -> None:
        """Raises VersionError when the articles aren't as they were written: a new version would make that last."""
        folder = self._store.current_folder()
        if folder is None:
            return
        try:
            manifest = read_manifest(folder)
        except (OSError, VersionError):
            return  # of an older release, or damaged itself: the articles alone are enough to build it again
        verify(folder, manifest["files"], [ARTICLES])

    def _read(self, folder: Path) -> list[Entry]:
        try:
            return read_entries(folder)
        except (OSError, ValueError) as error:
            raise VersionError(f"The articles of version {folder.name} can't be read: {error}") from error

    def _before(self, say: Say) -> _Before | None:
        """The serving version, if what a new one would take over from it is whole and made by the present encoder."""
        folder = self._store.current_folder()
        if folder is None or self.encoder is None:
            return None
        try:
            manifest = read_manifest(folder)
            reused = (name for name in manifest["files"] if name.startswith(f"{ENCODED}/") or "/lexical/" in name)
            verify(folder, manifest["files"], reused)
        except (OSError, VersionError) as error:
            say(f"Everything is encoded again: {error}")
            return None
        return _Before(folder, manifest) if manifest["encoder"] == self.encoder.identity else None


@dataclass(frozen=True)
class _Before:
    folder: Path
    manifest: Mapping[str, Any]


def _summary(folder: Path, current: bool) -> VersionSummary:
    try:
        manifest = read_manifest(folder)
    except (OSError, VersionError) as error:
        return VersionSummary(folder.name, "", "", 0, 0, current, str(error))
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
    digest = hashlib.sha256()
    for key in sorted(entries):
        digest.update(encode_entry(entries[key]) + b"\n")
    return digest.hexdigest()[:8]


def _workers() -> int:
    """Texts encoded at once while building: every core, since nothing else can be done meanwhile."""
    return os.cpu_count() or 1


def _check_encoder(encoder: TextEncoder | None, version: Version) -> None:
    """Vectors of two encoders can't be compared. Raises EncoderError when the version's isn't the present one."""
    made_by = version.manifest["encoder"]
    if encoder is not None and version.parts and made_by != encoder.identity:
        raise EncoderError(
            f"Version {version.name} of the knowledge base was built with the encoder {made_by}, "
            f"the present one is {encoder.identity}: `sportello kb build` rebuilds it"
        )
