"""The one door to the stored record: open, migrate, append, derive, read, import, erase."""

from touchpoints.append import append
from touchpoints.derivation import recompute, refresh
from touchpoints.engine import checkpoint, migrate, open_engine, reading
from touchpoints.erasure import erase
from touchpoints.history import import_events
from touchpoints.rows import interactions

__all__ = [
    "append",
    "checkpoint",
    "erase",
    "import_events",
    "interactions",
    "migrate",
    "open_engine",
    "reading",
    "recompute",
    "refresh",
]
