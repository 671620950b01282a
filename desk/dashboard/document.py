"""A document of the record as a page reads it: every part knows where it stands, so that a number can say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """A value of a JSON document; `document` names which, `path` is its JSON pointer (RFC 6901).

    >>> Part({"metrics": {"contacts": {"n": 12}}})["metrics"]["contacts"]["n"].path
    '/metrics/contacts/n'
    """

    plain: Any
    document: str = "metrics"
    path: str = ""

    def __getitem__(self, key: str | int) -> Part:
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        return Part(self.plain[key], self.document, f"{self.path}/{escaped}")

    def __contains__(self, key: object) -> bool:
        return key in self.plain

    def __iter__(self) -> Iterator[Part]:
        """The members of a list."""
        return (self[place] for place in range(len(self.plain)))

    def __bool__(self) -> bool:
        return bool(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def items(self) -> Iterator[tuple[str, Part]]:
        return ((key, self[key]) for key in self.plain)

    def get(self, key: str) -> Any:
        """The bare value under a key, None where there is none."""
        return self.plain.get(key)
