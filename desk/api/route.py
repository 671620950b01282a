"""What the closed list of routes is made of, and the parameters that many of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Who = Literal["anyone", "customer", "agent", "lead"]


@dataclass(frozen=True)
class Parameter:
    """A value in the query string."""

    name: str
    meaning: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Route:
    """One method of one path. `who` may call it; an admin may wherever an agent or a lead may."""

    method: str
    path: str
    who: Who
    meaning: str
    gives: str = "JSON"
    query: tuple[Parameter, ...] = ()
    takes: tuple[type[Any], ...] = ()
    refusals: tuple[int, ...] = ()


TEXT: Final = {"type": "string"}
DAY: Final = {"type": "string", "format": "date", "examples": ["2026-03-02"]}
FROM: Final = Parameter("from", "First day, in the brand's zone; left out, the record's first.", DAY)
TO: Final = Parameter("to", "Last day, included; default: today.", DAY)
AS_OF: Final = Parameter("as_of", "Events after this day or moment are ignored.", TEXT)
WHERE: Final = Parameter("where", "FIELD=VALUE, as often as wanted; all must hold.", {"type": "array", "items": TEXT})
FILTER: Final = (FROM, TO, AS_OF, WHERE)
LIMIT: Final = Parameter(
    "limit", "How many on a page.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
)
OFFSET: Final = Parameter("offset", "How many to leave out first.", {"type": "integer", "minimum": 0, "default": 0})
