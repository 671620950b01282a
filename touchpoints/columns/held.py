"""The columns of one database in memory, kept between questions: only what changed is read again.

Arrays grow at their end and are never changed before it, so a question that is being answered keeps seeing what it
began with. Rows that no longer hold are not `present`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from touchpoints.columns.layout import NUMBERS, TEXTS
from touchpoints.columns.table import Array, Coded, Table

_SLACK: Final = 50_000
_UNSORTED: Final = 20_000
"""Rows put among the sorted ones for each question; when there are more, all are sorted again."""


@dataclass(frozen=True)
class View:
    """A table as one question sees it, the mask of the rows that hold, and those with a matter in order."""

    table: Table
    present: Array
    order: Array
    held: Held | None = None
    """Where its rows keep their places from question to question."""
    by_matter: tuple[Array, Array, int] | None = None
    """Places sorted by matter, their matters, and how many rows were sorted: those after them come in any order."""

    def of_matters(self, matters: Array) -> Array:
        """The places of rows with one of these matters, present or not."""
        assert self.by_matter is not None
        places, sorted_matters, sorted_rows = self.by_matter
        begins = np.searchsorted(sorted_matters, matters, "left")
        ends = np.searchsorted(sorted_matters, matters, "right")
        found = [places[begin:end] for begin, end in zip(begins, ends, strict=True)]
        recent = np.flatnonzero(np.isin(self.table.numbers["matter"][sorted_rows:], matters))
        return np.concatenate([*found, sorted_rows + recent]).astype(np.int64)


class Held:
    """`change` is the derivation it has caught up with, `rows` how many rows it has, present or not."""

    def __init__(self, table: Table, change: int) -> None:
        self.change = change
        self._table = table
        self._arrays: dict[str, Array] = {}
        self._present = np.ones(len(table), dtype=np.bool_)
        self._sort()

    def __len__(self) -> int:
        return len(self._table)

    @property
    def mostly_gone(self) -> bool:
        """Whether so much of it no longer holds that it is better read anew."""
        return len(self) - int(np.count_nonzero(self._present)) > _SLACK + len(self) // 4

    def catch_up(self, fresh: Table, change: int) -> None:
        """Takes in what was derived up to a change."""
        if len(fresh):
            self._present = self._replaced(fresh)
        if len(self) - self._sorted_rows > _UNSORTED:
            self._sort()
        self.change = change

    def view(self, extra: Table) -> View:
        """What holds, with rows of one question's own in place of those of their conversations."""
        present = self._replaced(extra) if len(extra) else self._present
        if len(extra):
            self._present = np.append(self._present, np.zeros(len(extra), dtype=np.bool_))
        return View(
            self._table, present, self._order(present), self, (self._base, self._base_matter, self._sorted_rows)
        )

    def _replaced(self, fresh: Table) -> Array:
        gone = self._table.places(fresh)
        self._grow(fresh)
        present = np.append(self._present, np.ones(len(fresh), dtype=np.bool_))
        present[gone] = False
        return present

    def _grow(self, fresh: Table) -> None:
        table, length = self._table, len(self._table)
        numbers = {name: self._longer(name, table.numbers[name], fresh.numbers[name]) for name in NUMBERS}
        texts = {name: self._coded(name, table.texts[name], fresh.texts[name]) for name in TEXTS}
        self._table = Table(pl.concat([table.ids, fresh.ids], rechunk=False), numbers, texts)
        assert len(self._table) == length + len(fresh)

    def _longer(self, name: str, before: Array, more: Array) -> Array:
        """The column with more at its end, in place while there is room behind it."""
        length, needed = len(before), len(before) + len(more)
        room = self._arrays.get(name)
        if room is None or len(room) < needed or room.dtype != before.dtype:
            room = np.empty(needed + _SLACK, dtype=before.dtype)
            room[:length] = before
            self._arrays[name] = room
        room[length:needed] = more
        return room[:needed]

    def _coded(self, name: str, before: Coded, more: Coded) -> Coded:
        words = tuple(dict.fromkeys([*before.words, *more.words]))
        codes = before.codes if len(words) <= np.iinfo(before.codes.dtype).max else before.codes.astype(np.int32)
        places = {word: code for code, word in enumerate(words)}
        mapping = np.array([places[word] for word in more.words] or [0])
        return Coded(self._longer(name, codes, mapping[more.codes]), words)

    def _sort(self) -> None:
        """Puts the rows with a matter in order once; those that come later are put among them for each question."""
        matter, started = self._table.numbers["matter"], self._table.numbers["started_at"]
        self._sorted_rows = len(matter)
        same = (matter[1:] == matter[:-1]) & (matter[1:] != 0)
        if np.all(matter[1:] >= matter[:-1]) and not np.any(same & (started[1:] <= started[:-1])):
            begin = int(np.searchsorted(matter, 1))
            self._base = np.arange(begin, len(matter))
        else:
            chained = np.flatnonzero(matter)
            self._base = chained[in_order(self._table, chained)]
        self._base_matter = matter[self._base]

    def _order(self, present: Array) -> Array:
        if len(present) == self._sorted_rows and present.all():
            return self._base
        matter = self._table.numbers["matter"]
        recent = np.arange(self._sorted_rows, len(present))
        recent = recent[present[recent] & (matter[recent] != 0)]
        keep, touched = present[self._base], np.unique(matter[recent])
        begins = np.searchsorted(self._base_matter, touched, "left")
        ends = np.searchsorted(self._base_matter, touched, "right")
        beside = [self._base[begin:end][keep[begin:end]] for begin, end in zip(begins, ends, strict=True)]
        for begin, end in zip(begins, ends, strict=True):
            keep[begin:end] = False
        small = np.concatenate([*beside, recent]).astype(np.int64)
        return np.concatenate([self._base[keep], small[in_order(self._table, small)]])


def in_order(table: Table, rows: Array) -> Array:
    """Places of rows by matter, then start; the id decides between contacts of the same instant."""
    keys: dict[str, Any] = {name: table.numbers[name][rows] for name in ("matter", "started_at", "ordinal")}
    frame = pl.DataFrame({**keys, "id": table.ids.gather(rows), "place": np.arange(len(rows))})
    found: Array = frame.sort(["matter", "started_at", "id", "ordinal"])["place"].to_numpy()
    return found
