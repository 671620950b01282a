"""Vectors of texts already encoded, so that an unchanged text is never encoded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Say = Callable[[str], None]

KEY_BYTES: Final = 16
STEP: Final = 512  # texts between two lines of progress


class TextEncoder(Protocol):
    """What the knowledge base needs of an encoder; `knowledge.encoder.Encoder` is the real one."""

    identity: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> Vectors: ...

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors: ...


class EncodedTexts:
    """A table of vectors keyed by a hash of prompt and text; grows while a version is built, then stays as it is."""

    def __init__(self, keys: Sequence[bytes] = (), vectors: Vectors | None = None) -> None:
        self._known = {key: row for row, key in enumerate(keys)}
        self._vectors = vectors
        self._used: dict[bytes, Vectors] = {}
        self.encoded = 0

    @classmethod
    def load(cls, folder: Path) -> EncodedTexts:
        """The table of a version; the vectors stay on disk until asked for."""
        raw = (folder / "encoded.keys").read_bytes()
        keys = [raw[start : start + KEY_BYTES] for start in range(0, len(raw), KEY_BYTES)]
        return cls(keys, np.load(folder / "encoded.npy", mmap_mode="r") if keys else None)

    def save(self, folder: Path) -> None:
        """Writes what was asked for since the table was made; texts that are gone are forgotten."""
        (folder / "encoded.keys").write_bytes(b"".join(self._used))
        if self._used:
            np.save(folder / "encoded.npy", np.stack(list(self._used.values())))

    def queries(self, texts: Sequence[str], encoder: TextEncoder) -> Vectors:
        return self._get(texts, "query", encoder.queries, encoder.dimension, lambda _: None)

    def passages(self, texts: Sequence[str], encoder: TextEncoder, workers: int, say: Say) -> Vectors:
        return self._get(texts, "passage", lambda missing: encoder.passages(missing, workers), encoder.dimension, say)

    def _get(
        self, texts: Sequence[str], kind: str, encode: Callable[[Sequence[str]], Vectors], dimension: int, say: Say
    ) -> Vectors:
        keys = [hashlib.blake2b(f"{kind}\0{text}".encode(), digest_size=KEY_BYTES).digest() for text in texts]
        missing: dict[bytes, str] = {}
        for key, text in zip(keys, texts, strict=True):
            if key in self._used:
                continue
            if key in self._known and self._vectors is not None:
                self._used[key] = np.array(self._vectors[self._known[key]])
            else:
                missing[key] = text
        waiting = list(missing)
        for start in range(0, len(waiting), STEP):
            part = waiting[start : start + STEP]
            self._used.update(zip(part, encode([missing[key] for key in part]), strict=True))
            self.encoded += len(part)
            if len(waiting) > STEP:
                say(f"Encoded {start + len(part):,} of {len(waiting):,} texts")
        return np.stack([self._used[key] for key in keys]) if keys else np.empty((0, dimension), np.float32)
