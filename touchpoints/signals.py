"""What the customer let us know about the outcome, in order, and which of it still stands.

The last signal that nothing has set aside counts. A substantive answer sets aside the weak negatives before it; an
agent's sets aside a no as well, because a person has taken it up, while a bot's answer after a no does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from touchpoints.facts import Standing
from touchpoints.instant import Instant

FAILING: Final = frozenset({"fallback", "clarify", "failure"})
ANSWERING: Final = frozenset({"answer", "greeting", "agent"})


@dataclass(slots=True)
class _Signal:
    kind: Standing
    at: Instant
    replies: set[str] | None = None
    """Of a customer message, which is a weak negative as long as nothing answered it."""
    courtesy: bool = False

    @property
    def counts(self) -> bool:
        if self.replies is None:
            return True
        if self.courtesy or self.replies & ANSWERING:
            return False
        return not self.replies or bool(self.replies & FAILING)


@dataclass(slots=True)
class Signals:
    """The signals of one interaction, fed in the order of events."""

    _signals: list[_Signal] = field(default_factory=list)
    _message: _Signal | None = None

    def message(self, at: Instant, courtesy: bool) -> None:
        """The customer wrote: a weak negative until something answers it."""
        self._message = _Signal("weak", at, replies=set(), courtesy=courtesy)
        self._signals.append(self._message)

    def reply(self, kind: str) -> None:
        """Something answered the customer's latest message: a kind of bot message, or "agent"."""
        if self._message is not None and self._message.replies is not None:
            self._message.replies.add(kind)

    def social(self) -> None:
        """The customer's latest message asked nothing."""
        if self._message is not None:
            self._message.courtesy = True

    def add(self, kind: Standing, at: Instant) -> None:
        """The customer asked for a person, repeated, answered or left the queue."""
        self._signals.append(_Signal(kind, at))

    def substantive(self, by_agent: bool) -> None:
        """An answer of substance was given."""
        aside = {"weak", "no"} if by_agent else {"weak"}
        self._signals = [signal for signal in self._signals if signal.kind not in aside]

    def standing(self) -> tuple[Standing | None, Instant | None]:
        """The signal that counts and, for a yes, since when it has stood."""
        counting = [signal for signal in self._signals if signal.counts]
        if not counting:
            return None, None
        last = counting[-1].kind
        since: Instant | None = None
        for signal in reversed(counting):
            if signal.kind != last:
                break
            since = signal.at
        return last, since
