"""Who a customer is: a device, or somebody the embedding site vouches for with a signed token.

The record keeps a pseudonym: an HMAC of the site's own customer id under this home's secret, so that the id itself is
stored nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

import jwt

from desk.errors import BadRequest

LONGEST_JWT: Final = 4096


def home_secret(home: Path) -> bytes:
    """The home's own secret, made at first use, readable by its owner only."""
    path = home / "secret"
    if not path.exists():
        made = secrets.token_bytes(32)
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made)
            os.fsync(file.fileno())
        try:
            os.link(path.with_suffix(".new"), path)  # the first of two starting processes wins
        except FileExistsError:
            pass
        finally:
            path.with_suffix(".new").unlink(missing_ok=True)
    return path.read_bytes()


def device_key() -> str:
    """A pseudonym for a browser nobody vouches for."""
    return f"d-{secrets.token_hex(12)}"


def customer_key(secret: bytes, subject: str) -> str:
    """The pseudonym of a customer the site knows as `subject`."""
    return f"a-{hmac.new(secret, subject.encode(), hashlib.sha256).hexdigest()[:32]}"


def verify(user_jwt: str, jwt_secret: str) -> str:
    """The customer id a site signed (HS256, `sub` and `exp` required). Raises BadRequest."""
    if not jwt_secret:
        raise BadRequest("this desk accepts no userJwt: jwt_secret is not set", code="identity_off", field="user_jwt")
    if len(user_jwt) > LONGEST_JWT:
        raise BadRequest("userJwt is too long", code="invalid_identity", field="user_jwt")
    try:
        claims = jwt.decode(user_jwt, jwt_secret, algorithms=["HS256"], options={"require": ["sub", "exp"]})
    except jwt.PyJWTError as error:
        raise BadRequest(f"userJwt refused: {error}", code="invalid_identity", field="user_jwt") from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 200:
        raise BadRequest("userJwt refused: sub must be 1 to 200 characters", code="invalid_identity", field="user_jwt")
    return str(claims["sub"])
