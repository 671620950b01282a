"""Contacts that belong together: the same customer with the same matter, coming back.

A contact joins the latest earlier one of its customer, reason and reference when it starts after that one was answered
and within the window of its resolution; it then revokes it. Computed on all history, whatever the period of a report.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from touchpoints.columns.layout import NONE
from touchpoints.columns.table import Array
from touchpoints.configuration import Windows


class Links(NamedTuple):
    """Positions in the table; -1 where there is none.

    `first` is the first contact of the issue, `follower` the one that came back about it, `repeat` whether it is one.
    """

    first: Array
    follower: Array
    repeat: Array


def link(numbers: dict[str, Any], resolved_at: Array, order: Array, windows: Windows) -> Links:
    """Links the contacts of a table. `order` lists those with a matter, by matter and then by start."""
    rows = len(resolved_at)
    first, follower = np.full(rows, -1, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    repeat = np.zeros(rows, dtype=np.bool_)
    if len(order):
        chained = _Chained(numbers, resolved_at, order, windows)
        joined = chained.joined()
        first[order] = order[_firsts(joined)]
        came_back = chained.came_back(joined)
        repeat[order[came_back]] = True
        earlier, later = order[joined[came_back]][::-1], order[came_back][::-1]
        follower[earlier] = later  # from the last to the first: the earliest return is the one that stays
    return Links(first, follower, repeat)


class _Chained:
    """Contacts with a matter, in order; positions here are places in that order."""

    def __init__(self, numbers: dict[str, Any], resolved_at: Array, order: Array, windows: Windows) -> None:
        self.matter, self.start = numbers["matter"][order], numbers["started_at"][order]
        self.ref = numbers["ref"][order]
        answered, settled = numbers["last_substantive_at"][order], resolved_at[order]
        self.answered = np.where(answered == NONE, self.start, answered)
        self.until = np.where(settled == NONE, numbers["last_event_at"][order], settled) + windows.chain

    def joined(self) -> Array:
        """The place of the contact each one joins, -1 for none.

        Where the contacts near each other in time have at most one reference between them, all match and each looks at
        the one before it. Only the others are gone through one by one.
        """
        places = np.arange(len(self.start))
        same = np.zeros(len(self.start), dtype=np.bool_)
        same[1:] = self.matter[1:] == self.matter[:-1]
        before = np.maximum(places - 1, 0)
        joined = np.where(same & (self.start <= self.until[before]), before, -1)
        for begin, end in self._mixed(same):
            self._one_by_one(joined, begin, end)
        return joined

    def _mixed(self, same: Array) -> list[tuple[int, int]]:
        """Stretches of one matter with different references."""
        known = self.ref != 0
        if not known.any():
            return []
        group = np.cumsum(~same) - 1
        low = np.full(int(group[-1]) + 1, np.iinfo(np.uint64).max, dtype=np.uint64)
        high = np.zeros(int(group[-1]) + 1, dtype=np.uint64)
        np.minimum.at(low, group[known], self.ref[known])
        np.maximum.at(high, group[known], self.ref[known])
        begins = np.flatnonzero(~same)
        ends = np.append(begins[1:], len(same))
        return [(int(begins[one]), int(ends[one])) for one in np.flatnonzero(low < high)]

    def _one_by_one(self, joined: Array, begin: int, end: int) -> None:
        """The latest earlier contact whose issue's reference, the first one known, does not differ."""
        start, until = self.start[begin:end].tolist(), self.until[begin:end].tolist()
        refs, reach = self.ref[begin:end].tolist(), np.maximum.accumulate(self.until[begin:end]).tolist()
        issue: list[int] = []
        known: list[int] = []
        for at, ref in enumerate(refs):
            other = at - 1
            while other >= 0 and ref and known[issue[other]] not in (0, ref):
                other = other - 1 if reach[other] >= start[at] else -1  # nobody earlier reaches this far
            if other < 0 or start[at] > until[other]:
                joined[begin + at] = -1
                issue.append(len(known))
                known.append(ref)
            else:
                joined[begin + at] = begin + other
                issue.append(issue[other])
                known[issue[other]] = known[issue[other]] or ref

    def came_back(self, joined: Array) -> Array:
        """The places of contacts that began after the one they join was answered."""
        places = np.flatnonzero(joined >= 0)
        found: Array = places[self.start[places] > self.answered[joined[places]]]
        return found


def _firsts(joined: Array) -> Array:
    """The first place of each issue: following what was joined until nothing is, by ever longer strides."""
    places = np.arange(len(joined))
    above = np.where(joined < 0, places, joined)
    while True:
        further = above[above]
        if np.array_equal(further, above):
            found: Array = above
            return found
        above = further
