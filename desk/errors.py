"""One error shape for every door: {"error": {"code", "message", "field"?}}.

DeskError
├── BadRequest     400, 413  what was sent can't be understood or is out of bounds
├── NotSignedIn    401       no session, or one that has ended
├── NotAllowed     403       signed in, without the right
├── NotFound       404
├── Conflict       409       somebody else was first
└── TooMany        429       with retry_after
"""

from __future__ import annotations

from typing import Any


class DeskError(Exception):
    """Something the caller can be told about."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.status = status or self.status
        self.field = field
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The error as it goes over a wire, without the `error` around it."""
        extra = {"field": self.field, "retry_after": self.retry_after}
        named = {key: value for key, value in extra.items() if value is not None}
        return {"code": self.code, "message": str(self), **named}


class BadRequest(DeskError):
    pass


class NotSignedIn(DeskError):
    status, code = 401, "not_signed_in"


class NotAllowed(DeskError):
    status, code = 403, "not_allowed"


class NotFound(DeskError):
    status, code = 404, "not_found"


class Conflict(DeskError):
    status, code = 409, "conflict"


class TooMany(DeskError):
    status, code = 429, "rate_limited"
