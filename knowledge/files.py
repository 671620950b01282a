"""How a version's files are written, so that a full disk is noticed, and read, so that processes share their memory."""

from __future__ import annotations

import functools
import mmap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
REMEMBERED: Final = 512  # lines of a file
# numpy parses a file's header as Python; until 3.11.8 two threads that parse at once break each other (gh-106905)
_PARSING: Final = threading.Lock()


def create(path: Path) -> BinaryIO:
    """Opens a new file for writing; everything in a version is written through here. Raises OSError."""
    return path.open("xb")


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes a .npy file. numpy's own `save` doesn't say why it failed when the disk is full."""
    array = np.ascontiguousarray(array)
    with create(path) as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
        if array.size:
            file.write(array.reshape(-1).view(np.uint8).data)


def mapped(path: Path) -> NDArray[Any]:
    """A .npy file as an array that stays on disk until it is looked at."""
    with _PARSING:
        return np.asarray(np.load(path, mmap_mode="r"))


def mapped_bytes(path: Path) -> mmap.mmap | bytes:
    """A file as bytes that stay on disk until they are looked at."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


class Lines(Sequence[T], Generic[T]):
    """The lines of a file, each decoded when it is asked for: a hundred thousand cost no memory.

    What was asked for lately is remembered decoded; it must be immutable.
    """

    def __init__(self, content: mmap.mmap | bytes, ends: NDArray[np.int64], decode: Callable[[bytes], T]) -> None:
        self._content, self._ends, self._decode = content, ends, decode
        # a function of the parts, not a method: remembered by itself, the object and its files would outlive their use
        self._remembered = functools.lru_cache(REMEMBERED)(functools.partial(_line, content, ends, decode))

    @classmethod
    def load(cls, path: Path, decode: Callable[[bytes], T]) -> Lines[T]:
        return cls(mapped_bytes(path), mapped(_ends_of(path)), decode)

    @staticmethod
    def write(path: Path, lines: Iterable[bytes]) -> None:
        """Writes the lines, which mustn't hold a line break, and beside them where each ends."""
        ends, end = [], 0
        with create(path) as file:
            for line in lines:
                end += file.write(line + b"\n")
                ends.append(end)
        write_array(_ends_of(path), np.array(ends, np.int64))

    def decoded_by(self, decode: Callable[[bytes], Any]) -> Lines[Any]:
        """The same lines, looked at in another way."""
        return Lines(self._content, self._ends, decode)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._remembered(place % len(self))

    def __iter__(self) -> Iterator[T]:
        start = 0
        for end in self._ends.tolist():
            yield self._decode(self._content[start : end - 1])
            start = end


class Chosen(Sequence[T], Generic[T]):
    """Some of a sequence's items, by their places in it."""

    def __init__(self, items: Sequence[T], places: NDArray[np.integer[Any]]) -> None:
        self._items, self._places = items, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._items[int(self._places[place])]


def _line(content: mmap.mmap | bytes, ends: NDArray[np.int64], decode: Callable[[bytes], T], place: int) -> T:
    start = int(ends[place - 1]) if place else 0
    return decode(content[start : int(ends[place]) - 1])


def _ends_of(path: Path) -> Path:
    return path.with_suffix(".ends.npy")
