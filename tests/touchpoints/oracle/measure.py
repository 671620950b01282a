"""What a metric says: its numbers, and the contacts it says them of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Literal

from tests.touchpoints.oracle.record import Record
from touchpoints.interval import median_interval, wilson

Kind = Literal["proportion", "distribution", "number", "counts", "range", "pair", "not_measured"]


@dataclass(frozen=True)
class Measure:
    """Numbers by name, the contacts behind them, and further measures that are read with them.

    `n` is how many things were counted, which can be issues rather than contacts.
    """

    kind: Kind
    n: int
    values: Mapping[str, Any]
    members: Sequence[Record] = ()
    parts: Mapping[str, Measure] = field(default_factory=dict)
    by_value: Mapping[str, Sequence[Record]] = field(default_factory=dict)

    @property
    def customers(self) -> int:
        """Distinct customers behind the numbers; an anonymous contact counts as one."""
        return len({record.customer for record in self.members})


def proportion(good: int, members: Sequence[Record], of: int | None = None, **more: Any) -> Measure:
    """A share of `of` things (the members, when not given), with Wilson's interval; Measures among `more` are parts."""
    total = len(members) if of is None else of
    low, high = wilson(good, total) or (None, None)
    values = {
        "numerator": good,
        "denominator": total,
        "value": good / total if total else None,
        "low": low,
        "high": high,
    }
    values |= {name: value for name, value in more.items() if not isinstance(value, Measure)}
    parts = {name: value for name, value in more.items() if isinstance(value, Measure)}
    return Measure("proportion", total, values, members, parts)


def share(members: Sequence[Record], good: Callable[[Record], Any], **more: Any) -> Measure:
    """The share of the members a condition holds for."""
    return proportion(sum(1 for record in members if good(record)), members, **more)


def distribution(found: Iterable[tuple[float | None, Record]], **more: Any) -> Measure:
    """Median with its interval, and mean, of the values that are known."""
    known = [(value, record) for value, record in found if value is not None]
    ordered = sorted(value for value, _ in known)
    low, high = median_interval(ordered) or (None, None)
    values = {
        "median": median(ordered) if ordered else None,
        "mean": fmean(ordered) if ordered else None,
        "low": low,
        "high": high,
        **more,
    }
    return Measure("distribution", len(ordered), values, [record for _, record in known])


def number(n: int, members: Sequence[Record], **more: Any) -> Measure:
    """A plain count, with other counts beside it."""
    parts = {name: value for name, value in more.items() if isinstance(value, Measure)}
    values = {name: value for name, value in more.items() if not isinstance(value, Measure)}
    return Measure("number", n, values, members, parts)


def counts(members: Sequence[Record], value_of: Callable[[Record], str]) -> Measure:
    """How many members have each value, the commonest first."""
    by_value: dict[str, list[Record]] = {}
    for record in members:
        by_value.setdefault(value_of(record), []).append(record)
    ranked = dict(sorted(by_value.items(), key=lambda item: (-len(item[1]), item[0])))
    return Measure("counts", len(members), {}, members, by_value=ranked)


NOT_MEASURED = Measure("not_measured", 0, {"value": None, "measured": False})
