"""A circuit breaker: what fails again and again is left alone for a while, then tried by one caller alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FAILURES_TO_OPEN: Final = 3
OPEN_SECONDS: Final = 2.0


@dataclass
class Breaker:
    """Opens after failures in a row. Rested, it lets one caller through; the others wait for what that one finds."""

    now: Callable[[], float] = time.monotonic
    failures: int = 0
    opened_at: float = 0.0
    probing: bool = False

    def open(self) -> bool:
        """Whether a caller would be turned away now."""
        if self.failures < FAILURES_TO_OPEN:
            return False
        return self.probing or self.now() - self.opened_at < OPEN_SECONDS

    def enter(self) -> None:
        """A caller goes through; with the breaker open it is the one that tries."""
        self.probing = self.failures >= FAILURES_TO_OPEN

    def failed(self) -> None:
        self.failures += 1
        self.opened_at, self.probing = self.now(), False

    def worked(self) -> None:
        self.failures, self.probing = 0, False
