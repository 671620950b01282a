"""What the product replied during a run, read from the desk's own messages."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


def kinds(home: Path) -> Counter[str]:
    """How many replies of the assistant of each kind the home holds; `customer` counts the customers' messages."""
    with closing(sqlite3.connect(f"file:{home / 'sportello.sqlite'}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select sender, extras from message").fetchall()
    return Counter(sender if sender == "customer" else str(json.loads(extras).get("kind")) for sender, extras in rows)
