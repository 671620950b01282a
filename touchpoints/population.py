"""The contacts and issues a set of metrics is about."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np

from touchpoints.columns.contacts import Contacts
from touchpoints.columns.table import Array, Coded

_LOOKED_AT_FIRST: Final = 64


class Population:
    """Interactions that started in the period and passed the filter, as columns; chains have seen all history before.

    `rows` are their positions among the contacts. A condition on them is a mask, true or false for each.
    """

    def __init__(self, contacts: Contacts, rows: Array) -> None:
        self.contacts = contacts
        self.rows = rows
        self._whole = len(rows) == len(contacts)  # then nothing need be gathered
        self._numbers: dict[str, Array] = {}
        self._texts: dict[str, Coded] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, name: str) -> Array:
        """A column of numbers (columns/layout.py and columns/contacts.py) for these interactions."""
        if name not in self._numbers:
            column = self.contacts.number(name)
            self._numbers[name] = column if self._whole else column[self.rows]
        return self._numbers[name]

    def text(self, name: str) -> Coded:
        """A column of words for these interactions."""
        if name not in self._texts:
            column = self.contacts.text(name)
            self._texts[name] = column if self._whole else column.take(self.rows)
        return self._texts[name]

    def is_(self, name: str, word: str) -> Array:
        """Those that say a word in a field."""
        coded = self.text(name)
        found: Array = coded.codes == coded.code(word)
        return found

    @cached_property
    def everybody(self) -> Array:
        """All of them, eligible or not: the sessions."""
        return np.ones(len(self), dtype=np.bool_)

    @property
    def eligible(self) -> Array:
        """E of every metric."""
        return self.number("eligible")

    @cached_property
    def mature(self) -> Array:
        """Those old enough for what is said to last."""
        found: Array = self.eligible & self.number("mature")
        return found

    @cached_property
    def sustained(self) -> Array:
        """Those resolved, without a return."""
        found: Array = self.number("resolved") & ~self.number("followed")
        return found

    @property
    def handoff(self) -> Array:
        """Those an agent was asked for or came to; an offer is neither."""
        return self.number("handoff")

    @cached_property
    def issues(self) -> Array:
        """First contacts of issues, each standing for its own."""
        found: Array = self.eligible & self.number("first_of_issue")
        return found

    @cached_property
    def mature_issues(self) -> Array:
        found: Array = self.issues & self.number("mature")
        return found

    def customers(self, members: Array, at_most: int) -> int:
        """How many customers are behind members, counted up to a bound; an anonymous contact counts as one."""
        places = np.flatnonzero(members)
        for part in (places[:_LOOKED_AT_FIRST], places):
            found = len(np.unique(self.number("customer")[part]))
            if found >= at_most:
                return at_most
        return found
