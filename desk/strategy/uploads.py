"""Files between upload and confirmation: in memory only, for their uploader alone, and not for long."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from desk.errors import NotFound
from desk.strategy.sheet import Sheet

KEPT: Final = timedelta(minutes=30)
MOST: Final = 24
LARGEST: Final = 900_000
"""Bytes of a file; what is larger goes through the command line."""


@dataclass
class Upload:
    """A file to be confirmed. `mapping` is the field of each column, by its place."""

    what: str
    name: str
    owner: str
    at: datetime
    sheet: Sheet
    mapping: dict[int, str]


@dataclass
class Uploads:
    """The newest files; the oldest make room."""

    held: OrderedDict[str, Upload] = field(default_factory=OrderedDict)

    def keep(self, upload: Upload) -> str:
        """Keeps a file and returns the token it is found by."""
        token = secrets.token_urlsafe(16)
        self.held[token] = upload
        while len(self.held) > MOST:
            self.held.popitem(last=False)
        return token

    def find(self, token: str, owner: str, now: datetime) -> Upload:
        """The file of this person. Raises NotFound, also when it was kept long enough."""
        found = self.held.get(token)
        if found is None or found.owner != owner or now - found.at > KEPT:
            self.held.pop(token, None) if found is not None and found.owner == owner else None
            raise NotFound("that file is not kept any more: upload it again", code="upload_gone")
        return found

    def drop(self, token: str) -> None:
        self.held.pop(token, None)
