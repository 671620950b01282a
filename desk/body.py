"""JSON as strangers send it: decoded into the type that is expected, or refused by name."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from desk.errors import BadRequest

T = TypeVar("T")


def decode(raw: str | bytes, decoder: msgspec.json.Decoder[T], *, misfit: str = "invalid_json") -> T:
    """The value in these bytes. Raises BadRequest: `invalid_json` for what is no JSON, `misfit` for another type."""
    try:
        return decoder.decode(raw.decode() if isinstance(raw, bytes) else raw)
    except msgspec.ValidationError as error:
        raise BadRequest(str(error), code=misfit) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadRequest(f"not JSON in UTF-8: {error}", code="invalid_json") from error
    except RecursionError:
        raise BadRequest("nested too deeply", code="invalid_json") from None
