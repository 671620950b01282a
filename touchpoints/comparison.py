"""Two periods side by side: what changed, how the mix of reasons moved, and what is left once it hadn't (rule R13).

The rate of the later period is directly standardised on the earlier one's mix: each reason's rate now, weighted by its
share then. Where the overall change and the change within reasons point in different directions, or a reason's share of
the contacts moved by more than 10 points, the overall change alone would mislead, and a warning says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any, Final

import numpy as np

from touchpoints.columns.table import Array
from touchpoints.display import FEWEST, cell, display
from touchpoints.interval import Z
from touchpoints.measure import Measure
from touchpoints.metrics import METRICS
from touchpoints.population import Population

MIX_MOVED: Final = 0.1
STRATA: Final = "contact_reason"
Values = dict[str, Any]


def compared(before: Population, after: Population, names: Iterable[str] = METRICS) -> Values:
    """The mix of both periods; of each of these metrics both values, their difference, and what the mix hides."""
    moved = any(abs(one["change"] or 0) > MIX_MOVED for one in _shares(before, after))
    metrics = {}
    for name in names:
        metric = METRICS[name]
        earlier, later = metric.measure(before), metric.measure(after)
        if earlier.kind != "not_measured":
            metrics[name] = _both(earlier, later, before, after, metric.unit, moved)
    return {"by": STRATA, "mix": mix(before, after), "mix_moved": moved, "metrics": metrics}


def mix(before: Population, after: Population) -> list[Values]:
    """Each reason's share of the contacts then and now; those of fewer than 5 customers are not shown."""
    shares = _shares(before, after)
    for one in shares:
        mask_before, mask_after = (p.eligible & p.is_(STRATA, one["value"]) for p in (before, after))
        few = [p.customers(mask, FEWEST) < FEWEST for p, mask in ((before, mask_before), (after, mask_after))]
        if one["change"] is not None and any(few) and any((mask_before.any(), mask_after.any())):
            one |= {"before": None, "after": None, "change": None, "hidden": True}
    return shares


def _shares(before: Population, after: Population) -> list[Values]:
    words = before.text(STRATA).words
    then, now = (_tally(p, p.eligible).astype(float) for p in (before, after))
    shares = []
    for code in sorted(np.flatnonzero(then + now).tolist(), key=lambda code: (-then[code] - now[code], words[code])):
        parts = [float(n[code] / n.sum()) if n.sum() else None for n in (then, now)]
        change = None if None in parts else parts[1] - parts[0]  # type: ignore[operator]
        shares.append({"value": words[code], "before": parts[0], "after": parts[1], "change": change})
    return shares


def _both(earlier: Measure, later: Measure, before: Population, after: Population, unit: str, moved: bool) -> Values:
    found: Values = {
        "before": cell(earlier, before, in_group=False) | {"display": display(earlier, unit)},
        "after": cell(later, after, in_group=False) | {"display": display(later, unit)},
    }
    if earlier.kind == "proportion":
        found |= _rates(earlier, later, before, after, moved)
    elif earlier.kind == "range":
        found["parts"] = {
            name: _rates(part, later.parts[name], before, after, moved) for name, part in earlier.parts.items()
        }
    elif earlier.kind == "distribution":
        medians = earlier.values["median"], later.values["median"]
        found["difference"] = None if None in medians else {"median": medians[1] - medians[0]}
    return found


def _rates(earlier: Measure, later: Measure, before: Population, after: Population, moved: bool) -> Values:
    """Difference, standardised rate and warning of two proportions."""
    if not earlier.n or not later.n:
        return {"difference": None, "standardised": None, "warning": None}
    difference = later.values["value"] - earlier.values["value"]
    standardised = _standardised(earlier, later, before, after)
    because = ["mix"] if moved else []
    if standardised is not None and difference * standardised["change"] < 0:
        because.insert(0, "direction")
    warning = {"kind": "simpson", "because": because} if because else None
    return {"difference": _newcombe(earlier, later), "standardised": standardised, "warning": warning}


def _standardised(earlier: Measure, later: Measure, before: Population, after: Population) -> Values | None:
    """The later rate had the mix been the earlier one, over the reasons seen in both.

    `covered` is their share of the earlier contacts, `change` the difference from the earlier rate of the same reasons.
    """
    n_then, n_now = _tally(before, earlier.among), _tally(after, later.among)
    good_then, good_now = _tally(before, _good(earlier)), _tally(after, _good(later))
    both = (n_then > 0) & (n_now > 0)
    if not both.any():
        return None
    weights = n_then[both] / n_then[both].sum()
    rates = good_now[both] / n_now[both]
    value = float(weights @ rates)
    spread = Z * sqrt(float(weights**2 @ (rates * (1 - rates) / n_now[both])))
    return {
        "value": value,
        "low": max(value - spread, 0.0),
        "high": min(value + spread, 1.0),
        "change": value - float(good_then[both].sum() / n_then[both].sum()),
        "covered": float(n_then[both].sum() / n_then.sum()),
    }


def _newcombe(earlier: Measure, later: Measure) -> Values:
    """The difference of two proportions with its 95% interval (R. G. Newcombe, 1998, method 10: from Wilson's)."""
    then, now = earlier.values, later.values
    value = now["value"] - then["value"]
    down = sqrt((now["value"] - now["low"]) ** 2 + (then["high"] - then["value"]) ** 2)
    up = sqrt((now["high"] - now["value"]) ** 2 + (then["value"] - then["low"]) ** 2)
    return {"value": value, "low": value - down, "high": value + up}


def _good(measure: Measure) -> Array:
    return np.zeros_like(measure.among) if measure.good is None else measure.good


def _tally(p: Population, members: Array) -> Array:
    """How many members there are of each reason, by code; codes mean the same in both periods."""
    coded = p.text(STRATA)
    found: Array = np.bincount(coded.codes[members], minlength=len(coded.words))
    return found
