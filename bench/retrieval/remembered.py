"""An encoder whose vectors are kept on disk between runs: the samples don't change, so only the first run encodes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from desk.launch.home import ROOT
from knowledge.encoded import TextEncoder, Vectors

FOLDER: Final = ROOT / "var" / "bench" / "retrieval"


class Remembered:
    """A TextEncoder that asks the real one, loaded when first needed, only for texts it has never seen."""

    def __init__(self, identity: str, dimension: int, load: Callable[[], TextEncoder]) -> None:
        self.identity, self.dimension, self._load = identity, dimension, load
        self._file = FOLDER / f"{hashlib.sha256(identity.encode()).hexdigest()[:12]}.npz"
        self._encoder: TextEncoder | None = None
        self._known = _read(self._file)
        self._fresh = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._get("query", texts, lambda encoder, missing: encoder.queries(missing))

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        return self._get("passage", texts, lambda encoder, missing: encoder.passages(missing, workers))

    def keep(self) -> None:
        """Writes what is new to disk."""
        if self._fresh:
            FOLDER.mkdir(parents=True, exist_ok=True)
            np.savez(self._file, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
            self._fresh = 0

    def _get(self, kind: str, texts: Sequence[str], encode: Callable[[TextEncoder, Sequence[str]], Vectors]) -> Vectors:
        keys = [hashlib.sha256(f"{kind}\0{text}".encode()).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._encoder = self._encoder or self._load()
            vectors = encode(self._encoder, list(missing.values()))
            self._known.update(zip(missing, vectors, strict=True))
            self._fresh += len(missing)
        if not keys:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([self._known[key] for key in keys])


def _read(file: Path) -> dict[str, Vectors]:
    if not file.exists():
        return {}
    with np.load(file) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
