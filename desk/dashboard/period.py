"""The period a page is asked about, in whole days of the brand's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sanic import Request

from desk.errors import BadRequest
from touchpoints import period as days
from touchpoints.errors import QueryError

DEFAULT_DAYS: Final = 28
NAMES: Final = ("from", "to", "as_of")


@dataclass(frozen=True)
class Period:
    """From and to, both included; `as_of` is as it was asked, None meaning now."""

    start: date
    end: date
    as_of: str | None = None

    @property
    def query(self) -> str:
        """The period as a query string, so that a link carries it on."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    @property
    def typed(self) -> dict[str, str]:
        """The period by its names in the address."""
        return dict(zip(NAMES, (self.start.isoformat(), self.end.isoformat(), self.as_of or ""), strict=True))


def last_days(count: int, at: datetime, zone: ZoneInfo) -> Period:
    """So many days up to and including today."""
    today = at.astimezone(zone).date()
    return Period(today - timedelta(days=count - 1), today)


def asked(request: Request, at: datetime, zone: ZoneInfo) -> Period:
    """The period in the address, the last four weeks where it names none. Raises BadRequest naming the field."""
    given = {name: (request.args.get(name) or "").strip() for name in NAMES}
    try:
        end = days.day("to", given["to"]) if given["to"] else at.astimezone(zone).date()
        start = days.day("from", given["from"]) if given["from"] else end - timedelta(days=DEFAULT_DAYS - 1)
    except QueryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field) from error
    except OverflowError as error:
        raise BadRequest("to: out of range", code="invalid_value", field="to") from error
    if start > end:
        raise BadRequest(f"from: {start} comes after {end}", code="invalid_value", field="from")
    return Period(start, end, given["as_of"] or None)
