"""The clock of silence: how long since the customer was last answered or last spoke, waiting for us not counted."""

from __future__ import annotations

from touchpoints.instant import Instant


class QuietClock:
    """Runs from the later of the last substantive answer and the last customer message, and stands still when told."""

    def __init__(self, at: Instant) -> None:
        self._spent = 0
        self._since: Instant | None = at

    def restart(self, at: Instant) -> None:
        """The customer spoke, or was given an answer of substance."""
        self._spent = 0
        if self._since is not None:
            self._since = at

    def run(self, running: bool, at: Instant) -> None:
        """Lets the clock run or stand still from this instant on."""
        if running and self._since is None:
            self._since = at
        elif not running and self._since is not None:
            self._spent += max(at - self._since, 0)
            self._since = None

    def reaches(self, window: Instant) -> Instant | None:
        """When it shows the window, if nothing more happens; None while it stands still."""
        return None if self._since is None else self._since + window - self._spent
