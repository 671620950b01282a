"""Vectors of texts already encoded, so that an unchanged text is never encoded again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.files import create

Vectors = NDArray[np.float32]
Places = NDArray[np.int64]
Say = Callable[[str], None]

FOLDER: Final = "encoded"
KEY_BYTES: Final = 16
STEP: Final = 512  # texts between two lines of progress
FEWEST_EACH: Final = 8  # questions a thread takes at once
MOST_SEGMENTS: Final = 16


class TextEncoder(Protocol):
    """What the knowledge base needs of an encoder; `knowledge.encoder.Encoder` is the real one."""

    identity: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> Vectors: ...

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors: ...


class EncodedTexts:
    """A table of vectors keyed by a hash of prompt and text; grows while a version is built, then stays as it is.

    On disk it is a row of segments, each a file of keys and one of vectors. A version adds a segment with what it
    encoded and shares the others with the version before by hard links, so that a small change writes little.
    """

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._segments: list[Path] = []  # without suffix
        self._blocks: list[Vectors] = []
        self._starts: list[int] = []
        self._place: dict[bytes, int] = {}
        self._asked = bytearray()
        self._on_disk = 0
        self.encoded = 0

    @classmethod
    def load(cls, folder: Path, workers: int = 1) -> EncodedTexts:
        """The table of a version; the vectors stay on disk until asked for."""
        table = cls(workers)
        for path in sorted((folder / FOLDER).glob("*.keys")):
            raw = path.read_bytes()
            if not raw:
                continue
            keys = [raw[start : start + KEY_BYTES] for start in range(0, len(raw), KEY_BYTES)]
            vectors = np.asarray(np.memmap(path.with_suffix(".f32"), np.float32, "r")).reshape(len(keys), -1)
            table._segments.append(path.with_suffix(""))
            table._add(keys, vectors)
        table._on_disk = len(table._asked)
        return table

    def save(self, folder: Path, name: str, forget: bool = True) -> None:
        """Writes the table; `name` names its new segment.

        With `forget`, once half of it wasn't asked for since it was loaded, only what was asked for is kept. Without,
        nothing is forgotten: the build didn't ask for everything that it could have.
        """
        target = folder / FOLDER
        target.mkdir()
        used = self._asked.count(1)
        if forget and (used * 2 < len(self._asked) or len(self._segments) >= MOST_SEGMENTS):
            self._write(target / name, [key for key, place in self._place.items() if self._asked[place]])
            return
        for segment in self._segments:
            for suffix in (".keys", ".f32"):
                _share(segment.with_suffix(suffix), target / f"{segment.name}{suffix}")
        fresh = [key for key, place in self._place.items() if place >= self._on_disk]
        if fresh:
            self._write(target / name, fresh)

    def _write(self, path: Path, keys: Sequence[bytes]) -> None:
        with create(path.with_suffix(".keys")) as file:
            file.write(b"".join(keys))
        with create(path.with_suffix(".f32")) as file:
            for start in range(0, len(keys), STEP * 64):
                places = [self._place[key] for key in keys[start : start + STEP * 64]]
                file.write(self.at(np.array(places, np.int64)).data.cast("B"))

    def queries(self, texts: Sequence[str], encoder: TextEncoder) -> Vectors:
        """Vectors of the texts as questions, float32 (texts, dimension). `workers` threads encode."""

        def encode(missing: Sequence[str]) -> Vectors:
            if self._workers == 1 or len(missing) < self._workers * FEWEST_EACH:
                return encoder.queries(missing)
            with ThreadPoolExecutor(self._workers) as pool:
                parts = [missing[start : start + FEWEST_EACH] for start in range(0, len(missing), FEWEST_EACH)]
                return np.concatenate(list(pool.map(encoder.queries, parts)))

        return self._at_or_none(self._places(texts, "query", encode, lambda _: None), encoder)

    def passages(self, texts: Sequence[str], encoder: TextEncoder, workers: int, say: Say) -> Vectors:
        """Vectors of the texts as passages, float32 (texts, dimension)."""
        return self._at_or_none(self.places(texts, encoder, workers, say), encoder)

    def places(self, texts: Iterable[str], encoder: TextEncoder, workers: int, say: Say) -> Places:
        """Where in the table the texts' vectors as passages are, for `at`; encodes those that aren't there yet."""
        return self._places(texts, "passage", lambda missing: encoder.passages(missing, workers), say)

    def at(self, places: Places) -> Vectors:
        """The vectors at these places, float32 (places, dimension)."""
        found = np.empty((len(places), self.dimension), np.float32)
        block_of = np.searchsorted(self._starts, places, side="right") - 1
        for block in np.unique(block_of).tolist():
            mask = block_of == block
            found[mask] = self._blocks[block][places[mask] - self._starts[block]]
        return found

    @property
    def dimension(self) -> int:
        """Of the vectors held, of which there is at least one."""
        return int(self._blocks[0].shape[1])

    def _at_or_none(self, places: Places, encoder: TextEncoder) -> Vectors:
        return self.at(places) if len(places) else np.empty((0, encoder.dimension), np.float32)

    def _places(self, texts: Iterable[str], kind: str, encode: Callable[[Sequence[str]], Vectors], say: Say) -> Places:
        keys = []
        missing: dict[bytes, str] = {}
        for text in texts:
            key = hashlib.blake2b(f"{kind}\0{text}".encode(), digest_size=KEY_BYTES).digest()
            keys.append(key)
            if key not in self._place:
                missing[key] = text
        waiting = list(missing)
        for start in range(0, len(waiting), STEP):
            part = waiting[start : start + STEP]
            self._add(part, encode([missing[key] for key in part]))
            self.encoded += len(part)
            if len(waiting) > STEP:
                say(f"Encoded {start + len(part):,} of {len(waiting):,} texts")
        places = np.array([self._place[key] for key in keys], np.int64)
        np.frombuffer(self._asked, np.uint8)[places] = 1
        return places

    def _add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        start = len(self._asked)
        self._blocks.append(vectors)
        self._starts.append(start)
        self._place.update(zip(keys, range(start, start + len(keys)), strict=True))
        self._asked += bytes(len(keys))


def _share(old: Path, new: Path) -> None:
    """The same file under another name, or a copy where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        with old.open("rb") as source, create(new) as target:
            shutil.copyfileobj(source, target)
