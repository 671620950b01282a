"""How often somebody may do something: a token bucket per key, in this process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import Final

from desk.errors import TooMany

KEYS_KEPT: Final = 50_000


class Limit:
    """`per_minute` actions a minute per key, in bursts of at most as many."""

    def __init__(self, per_minute: int) -> None:
        self.capacity = float(per_minute)
        self.rate = per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, key: str) -> None:
        """Take one from the key's bucket. Raises TooMany with the seconds until there is one again."""
        at = time.monotonic()
        left, seen = self._buckets.pop(key, (self.capacity, at))
        left = min(self.capacity, left + (at - seen) * self.rate)
        enough = left >= 1
        self._buckets[key] = (left - 1 if enough else left, at)
        if len(self._buckets) > KEYS_KEPT:
            self._buckets.popitem(last=False)
        if not enough:
            raise TooMany("too many in a short time", retry_after=math.ceil((1 - left) / self.rate))
