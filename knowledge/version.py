"""One immutable state of the knowledge base: articles, passages, indexes, calibration, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from knowledge.article import Article
from knowledge.calibration import Calibration, calibrate
from knowledge.encoded import EncodedTexts, Say, TextEncoder
from knowledge.errors import VersionError
from knowledge.part import Part

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """An article and where it was imported from."""

    article: Article
    source: str

    @property
    def key(self) -> tuple[str, str]:
        return self.article.id, self.article.lang


@dataclass(frozen=True)
class Version:
    """A version loaded into memory. Immutable, so searches on it are safe from any thread while newer ones appear."""

    name: str
    entries: Mapping[tuple[str, str], Entry]
    parts: Mapping[str, Part]
    calibration: Calibration
    manifest: Mapping[str, Any]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.parts)

    @classmethod
    def build(
        cls, name: str, entries: Iterable[Entry], encoder: TextEncoder, texts: EncodedTexts, workers: int, say: Say
    ) -> Version:
        """Encodes, indexes and calibrates; nothing is written yet."""
        ordered = sorted(entries, key=lambda entry: entry.key)
        parts = {}
        for lang in sorted({entry.article.lang for entry in ordered}):
            articles = [entry.article for entry in ordered if entry.article.lang == lang]
            parts[lang] = Part.build(lang, articles, encoder, texts, workers, say)
        calibration = calibrate(parts, encoder, texts)
        manifest = {
            "format": FORMAT,
            "name": name,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "encoder": encoder.identity,
            "languages": {
                lang: {"articles": len(part.articles), "passages": len(part.passages), "vectors": len(part.dense)}
                for lang, part in parts.items()
            },
            "calibration": calibration.to_manifest(),
        }
        return cls(name, {entry.key: entry for entry in ordered}, parts, calibration, manifest)

    @classmethod
    def load(cls, folder: Path) -> Version:
        """Reads a version. Raises VersionError when it doesn't exist or is damaged."""
        try:
            manifest = read_manifest(folder)
            ordered = read_entries(folder)
            parts = {
                lang: Part.load(lang, [entry.article for entry in ordered if entry.article.lang == lang], folder / lang)
                for lang in manifest["languages"]
            }
            calibration = Calibration.from_manifest(manifest["calibration"])
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise VersionError(f"Version {folder.name} of the knowledge base can't be read: {error}") from error
        return cls(folder.name, {entry.key: entry for entry in ordered}, parts, calibration, manifest)

    def save(self, folder: Path, texts: EncodedTexts) -> None:
        """Writes everything into the folder, which mustn't exist yet."""
        folder.mkdir()
        with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
            for entry in self.entries.values():
                file.write(json.dumps(asdict(entry.article) | {"source": entry.source}, ensure_ascii=False) + "\n")
        for lang, part in self.parts.items():
            part.save(folder / lang)
        texts.save(folder)
        (folder / MANIFEST).write_text(json.dumps(self.manifest, indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """A version's manifest. Raises VersionError when this program can't read the version."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise VersionError(f"Version {folder.name} was written by another release: `sportello kb import` again")
    return manifest


def read_entries(folder: Path) -> list[Entry]:
    """A version's articles alone, by id and language."""
    with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
        return [_read_entry(line) for line in lines]


def _read_entry(line: str) -> Entry:
    fields: dict[str, Any] = json.loads(line)
    source = fields.pop("source")
    lists: Sequence[str] = ("alternatives", "tags")
    return Entry(Article(**fields | {name: tuple(fields[name]) for name in lists}), source)
