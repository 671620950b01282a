"""One immutable state of the knowledge base: articles, passages, indexes, calibration, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from knowledge.calibration import Calibration, calibrate
from knowledge.encoded import FOLDER as ENCODED
from knowledge.encoded import EncodedTexts, Say, TextEncoder
from knowledge.entry import ARTICLES, Entry, decode_article, decode_entry, encode_entry
from knowledge.errors import VersionError
from knowledge.files import Chosen, Lines, mapped, write_array
from knowledge.hold import hold
from knowledge.manifest import read_manifest, write_manifest
from knowledge.part import Part
from knowledge.seal import FileSeal, seal, verify

RECALIBRATE_FROM: Final = 0.01  # share of articles that changed since the last calibration


@dataclass(frozen=True)
class Basis:
    """The version a new one is built upon: what didn't change is taken over from it."""

    folder: Path
    changed: int  # articles that are new, different or gone


@dataclass(frozen=True)
class Version:
    """A version loaded into memory. Immutable, so searches on it are safe from any thread while newer ones appear.

    Read from its folder, it holds a shared lock there for as long as it lives, and its files aren't deleted meanwhile.
    """

    name: str
    entries: Sequence[Entry]
    parts: Mapping[str, Part]
    calibration: Calibration
    manifest: Mapping[str, Any]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.parts)

    @classmethod
    def build(
        cls,
        name: str,
        entries: Iterable[Entry],
        encoder: TextEncoder,
        texts: EncodedTexts,
        workers: int,
        say: Say,
        basis: Basis | None = None,
    ) -> Version:
        """Encodes, indexes and calibrates; nothing is written yet."""
        ordered = sorted(entries, key=lambda entry: entry.key)
        parts = {}
        for lang in sorted({entry.article.lang for entry in ordered}):
            articles = [entry.article for entry in ordered if entry.article.lang == lang]
            before = basis.folder / lang if basis else None
            parts[lang] = Part.build(lang, articles, encoder, texts, workers, say, before)
        calibration, drift = _calibration(parts, encoder, texts, basis)
        if calibration.warning:
            say(calibration.warning)
        manifest = {
            "name": name,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "encoder": encoder.identity,
            "languages": {lang: part.counts for lang, part in parts.items()},
            "calibration": calibration.to_manifest(),
            "changed_since_calibration": drift,
        }
        return cls(name, ordered, parts, calibration, manifest)

    @classmethod
    def load(cls, folder: Path) -> Version:
        """Reads a version after checking its files. Raises VersionError when it doesn't exist or is damaged."""
        with contextlib.ExitStack() as held:
            try:
                held.callback(os.close, hold(folder))
                version = cls._read(folder, read_manifest(folder))
            except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
                raise VersionError(f"Version {folder.name} of the knowledge base can't be read: {error}") from error
            weakref.finalize(version, held.pop_all().close)
        return version

    @classmethod
    def _read(cls, folder: Path, manifest: Mapping[str, Any]) -> Version:
        verify(folder, manifest["files"], (name for name in manifest["files"] if not name.startswith(f"{ENCODED}/")))
        entries = Lines.load(folder / ARTICLES, decode_entry)
        articles = entries.decoded_by(decode_article)
        parts = {
            lang: Part.load(lang, Chosen(articles, mapped(folder / lang / "articles.npy")), folder / lang, counts)
            for lang, counts in manifest["languages"].items()
        }
        calibration = Calibration.from_manifest(manifest["calibration"])
        return cls(folder.name, entries, parts, calibration, manifest)

    def save(self, folder: Path, texts: EncodedTexts, known: Mapping[str, FileSeal]) -> None:
        """Writes everything into the folder, which mustn't exist yet.

        `known` are the seals of the version before, of whose encoded texts some files are shared.
        """
        folder.mkdir()
        Lines.write(folder / ARTICLES, map(encode_entry, self.entries))
        langs = np.array([entry.article.lang for entry in self.entries])
        for lang, part in self.parts.items():
            part.save(folder / lang)
            write_array(folder / lang / "articles.npy", np.flatnonzero(langs == lang))
        texts.save(folder, self.name, forget=self.manifest["changed_since_calibration"] == 0)
        shared = {name: one for name, one in known.items() if name.startswith(f"{ENCODED}/")}
        write_manifest(folder, {**self.manifest, "files": seal(folder, shared)})


def _calibration(
    parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts, basis: Basis | None
) -> tuple[Calibration, int]:
    """The calibration, and how many articles changed since it was fitted: a small change keeps the one before."""
    if basis is not None:
        before = read_manifest(basis.folder)
        drift = before["changed_since_calibration"] + basis.changed
        if (
            drift < RECALIBRATE_FROM * sum(len(part.articles) for part in parts.values())
            and before["encoder"] == encoder.identity
            and before["languages"].keys() == parts.keys()
        ):
            return Calibration.from_manifest(before["calibration"]), drift
    return calibrate(parts, encoder, texts), 0
