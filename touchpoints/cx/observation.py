"""One observation of anything that is not this service: a survey, reviews, a delivery log, returns, repurchase.

Its number comes in exactly one form: a share (numerator and denominator), a mean (value, sd, n), an NPS (promoters and
detractors, or its value alone), or a bare value, which then has no interval.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from touchpoints import vocabulary as v
from touchpoints.cx import vocabulary as c
from touchpoints.cx.entry import Promise, Touchpoint
from touchpoints.cx.errors import ObservationError

Form = Literal["proportion", "mean", "nps", "value"]
Word = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Count = Annotated[int, Meta(ge=0, le=10**12)]
KEY: Final = (
    "source",
    "touchpoint_type",
    "cx_area",
    "journey_stage",
    "environment",
    "metric_id",
    "population",
    "period_start",
    "period_end",
)
"""What is observed; the rest is what was found."""
REQUIRED: Final = ("source", "metric_id", "n", "population", "period_start", "period_end")
_TRANSACTIONAL: Final = re.compile(
    r"\bt-?nps\b|transa[ck]|transaz"
    r"|post[-_ ]?(contact|contatto|chat|call|chiamata|interaction|purchase|acquisto|ticket)"
    r"|after (a |the |each )?(contact|chat|call|interaction|purchase|ticket)|dopo (il|ogni) contatto",
    re.IGNORECASE,
)


class Observation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Shares are counts; an NPS is in points, −100 to 100; days are the brand's, both included."""

    source: Line
    metric_id: Word
    n: Annotated[int, Meta(ge=1, le=10**12)]
    population: Line
    period_start: date
    period_end: date
    touchpoint_type: Word = "unknown"
    cx_area: v.Area = "unknown"
    journey_stage: v.Stage = "unknown"
    environment: v.Environment = "unknown"
    contact_relation: c.ContactRelation = "unknown"
    encounter_mode: c.EncounterMode = "unknown"
    value: float | None = None
    numerator: Count | None = None
    denominator: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    sd: float | None = None
    promoters: Count | None = None
    passives: Count | None = None
    detractors: Count | None = None
    collection_method: Line | None = None
    response_rate: Annotated[float, Meta(ge=0, le=1)] | None = None
    promise_id: Word | None = None
    pillar: c.Pillar | None = None

    @property
    def form(self) -> Form:
        if self.metric_id in (c.NPS, c.TNPS):
            return "nps"
        if self.numerator is not None:
            return "proportion"
        return "mean" if self.sd is not None else "value"

    @property
    def from_service(self) -> bool:
        """Evidence about service, whoever collected it."""
        return self.cx_area == "service" or self.metric_id == c.TNPS

    @property
    def key(self) -> str:
        """A digest of what is observed: the same key with other content is a new revision of it."""
        named = [str(getattr(self, name)) for name in KEY]
        return hashlib.sha256(msgspec.json.encode(named)).hexdigest()[:32]


FIELDS: Final = Observation.__struct_fields__


def parse(raw: Mapping[str, Any]) -> Observation:
    """The observation a mapping describes. Raises ObservationError naming the field, missing ones first."""
    for name in REQUIRED:
        if raw.get(name) in (None, ""):
            raise ObservationError(name, "missing")
    given = {name: value for name, value in raw.items() if value not in (None, "")}
    for name in ("metric_id", "touchpoint_type"):
        if isinstance(given.get(name), str):
            given[name] = given[name].strip().lower()
    try:
        found = msgspec.convert(given, Observation)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$.")
        raise ObservationError(path.strip("`") or "row", _explained(path.strip("`"), given, why)) from error
    _check(found)
    return found


def check_against(found: Observation, promises: Mapping[str, Promise], touchpoints: Mapping[str, Touchpoint]) -> None:
    """Raises ObservationError for a transactional NPS where the relational one belongs."""
    known = touchpoints.get(found.touchpoint_type)
    transactional = found.from_service or (known is not None and known.service)
    if found.metric_id == c.NPS and (transactional or _TRANSACTIONAL.search(found.collection_method or "")):
        raise ObservationError("metric_id", "NPS is about the relationship; one asked after a contact is `tnps`")
    promise = promises.get(found.promise_id or "")
    if found.metric_id == c.TNPS and promise is not None and promise.metric == c.NPS:
        raise ObservationError(
            "promise_id", f"promise {promise.id!r} is measured by NPS; a transactional one can't be it"
        )


def _check(found: Observation) -> None:
    for name in ("value", "sd"):
        number = getattr(found, name)
        if number is not None and not isfinite(number):
            raise ObservationError(name, "is not a number")
    if found.period_end < found.period_start:
        raise ObservationError("period_end", f"{found.period_end} comes before {found.period_start}")
    _check_share(found)
    if found.form == "nps":
        _check_nps(found)
    elif {found.promoters, found.passives, found.detractors} != {None}:
        raise ObservationError("promoters", f"belong to nps or tnps, not to {found.metric_id}")
    elif found.numerator is None and found.value is None:
        raise ObservationError("value", "missing: give a value, or numerator and denominator")
    elif found.numerator is not None and (found.value is not None or found.sd is not None):
        raise ObservationError("value", "given twice: numerator and denominator already say it")
    if found.sd is not None and (found.value is None or found.sd < 0):
        raise ObservationError("sd", "needs a value and can't be negative")


def _check_share(found: Observation) -> None:
    if (found.numerator is None) != (found.denominator is None):
        missing = "denominator" if found.denominator is None else "numerator"
        raise ObservationError(missing, "missing: numerator and denominator come together")
    if found.numerator is not None and found.denominator is not None and found.numerator > found.denominator:
        raise ObservationError("numerator", f"{found.numerator} is above the denominator, {found.denominator}")


def _check_nps(found: Observation) -> None:
    if found.numerator is not None:
        raise ObservationError("numerator", "an NPS is no share; give promoters and detractors, or its value in points")
    if (found.promoters is None) != (found.detractors is None):
        raise ObservationError("detractors", "promoters and detractors come together")
    if found.promoters is not None and found.detractors is not None:
        counted = found.promoters + found.detractors + (found.passives or 0)
        if counted > found.n or (found.passives is not None and counted != found.n):
            raise ObservationError("n", f"is {found.n}, but promoters, passives and detractors add up to {counted}")
        said = 100 * (found.promoters - found.detractors) / found.n
        if found.value is not None and abs(found.value - said) > 1:
            raise ObservationError("value", f"is {found.value:g}, but promoters less detractors make {said:.1f}")
    elif found.value is None:
        raise ObservationError("promoters", "missing: give promoters and detractors, or the value in points")
    if found.value is not None and not -100 <= found.value <= 100:
        raise ObservationError("value", f"is {found.value:g}; an NPS goes from −100 to 100")


def _explained(field: str, given: Mapping[str, Any], why: str) -> str:
    """A closed vocabulary is named with what it has; anything else says what was expected."""
    kinds = {
        "cx_area": v.AREAS,
        "journey_stage": v.STAGES,
        "environment": ("digital", "in_store", "phygital", "unknown"),
        "contact_relation": ("direct", "indirect", "unknown"),
        "encounter_mode": ("interaction", "exposure", "unknown"),
        "pillar": c.PILLARS,
    }
    if field in kinds:
        return f"{str(given.get(field))[:40]!r} is none of {', '.join(kinds[field])}"
    return why
