"""A table of columns: arrays of numbers, coded words, and the ids of the conversations."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import polars as pl

from touchpoints.columns.layout import NUMBERS, TEXTS, number_column, text_column
from touchpoints.facts import Facts

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Coded:
    """Words as codes into a list of distinct ones."""

    codes: Array
    words: tuple[str, ...]

    def code(self, word: str) -> int:
        """The code of a word; -1, which nothing has, for one that does not occur."""
        return self.words.index(word) if word in self.words else -1

    def take(self, rows: Any) -> Coded:
        return Coded(self.codes[rows], self.words)


@dataclass(frozen=True)
class Table:
    """Interactions as columns; all columns have the length of `ids`."""

    ids: pl.Series
    numbers: dict[str, Array]
    texts: dict[str, Coded]

    def __len__(self) -> int:
        return len(self.ids)

    def keep(self, rows: Array) -> Table:
        """The rows a mask keeps, or those at positions, in their order."""
        ids = self.ids.filter(pl.Series(rows)) if rows.dtype == np.bool_ else self.ids.gather(rows)
        numbers = {name: column[rows] for name, column in self.numbers.items()}
        return Table(ids, numbers, {name: coded.take(rows) for name, coded in self.texts.items()})

    def places(self, other: Table) -> Array:
        """The rows of conversations that another table has too."""
        likely = np.flatnonzero(np.isin(self.numbers["conversation"], other.numbers["conversation"]))
        exact = self.ids.gather(likely).is_in(other.ids.unique().implode()).to_numpy()
        found: Array = likely[exact]
        return found

    def without(self, other: Table) -> Table:
        """The rows of conversations that another table does not have."""
        gone = self.places(other)
        if not len(gone):
            return self
        kept = np.ones(len(self), dtype=np.bool_)
        kept[gone] = False
        return self.keep(kept)


def tabulate(found: Sequence[Facts]) -> Table:
    """Facts as a table, in their order."""
    ids = pl.Series("id", [facts.conversation_id for facts in found], dtype=pl.String)
    numbers = {name: number_column(name, found) for name in NUMBERS}
    return Table(ids, numbers, {name: _coded(text_column(name, found)) for name in TEXTS})


def join(parts: Sequence[Table]) -> Table:
    """Tables one below the other."""
    if len(parts) == 1:
        return parts[0]
    ids = pl.concat([part.ids for part in parts])
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in NUMBERS}
    return Table(ids, numbers, {name: _joined([part.texts[name] for part in parts]) for name in TEXTS})


def ordered(table: Table) -> Table:
    """By matter, then by start; the id decides between contacts of the same instant."""
    keys = {name: table.numbers[name] for name in ("matter", "started_at", "ordinal")}
    frame = pl.DataFrame({**keys, "id": table.ids, "row": np.arange(len(table), dtype=np.int64)})
    return table.keep(frame.sort(["matter", "started_at", "id", "ordinal"])["row"].to_numpy())


def pack(table: Table) -> tuple[bytes, str]:
    """The table as an Arrow file, and its words as JSON."""
    codes = {name: coded.codes for name, coded in table.texts.items()}
    buffer = io.BytesIO()
    pl.DataFrame({"id": table.ids, **table.numbers, **codes}).write_ipc(buffer, compression="lz4")
    return buffer.getvalue(), msgspec.json.encode({name: coded.words for name, coded in table.texts.items()}).decode()


def unpack(body: bytes, words: str) -> Table:
    """The table that `pack` wrote."""
    frame, known = pl.read_ipc(body), msgspec.json.decode(words, type=dict[str, tuple[str, ...]])
    numbers = {name: frame[name].to_numpy() for name in NUMBERS}
    return Table(frame["id"], numbers, {name: Coded(frame[name].to_numpy(), known[name]) for name in TEXTS})


def _coded(words: Sequence[str]) -> Coded:
    known: dict[str, int] = {}
    codes = np.fromiter((known.setdefault(word, len(known)) for word in words), dtype=np.int32, count=len(words))
    return Coded(_narrow(codes, len(known)), tuple(known))


def _joined(parts: Sequence[Coded]) -> Coded:
    known: dict[str, int] = {}
    mappings = [np.array([known.setdefault(word, len(known)) for word in part.words] or [0]) for part in parts]
    codes = [_narrow(mapping, len(known))[part.codes] for mapping, part in zip(mappings, parts, strict=True)]
    return Coded(np.concatenate(codes), tuple(known))


def _narrow(codes: Array, words: int) -> Array:
    return codes.astype(np.uint8 if words <= 256 else np.int32)
