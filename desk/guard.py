"""Who may call a route: the sign-in cookie or a machine's token, roles, and a decorator that says so at the route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import quote

from sanic import Request
from sanic.response import HTTPResponse, redirect

from desk.errors import NotAllowed, NotSignedIn
from desk.parts import parts_of
from desk.security import SAFE
from desk.store import accounts, tokens
from desk.store.accounts import Agent

COOKIE: Final = "sportello_session"
API: Final = "/api/v1/"
# an admin may do what a lead may, and what an agent may; a lead reads the record but holds no conversations
RIGHTS: Final = {
    "agent": {"agent"},
    "lead": {"lead"},
    "admin": {"agent", "lead", "admin"},
}

Handler = Callable[..., Awaitable[Any]]


def may(agent: Agent, right: str) -> bool:
    return right in RIGHTS[agent.role]


async def signed_in(request: Request) -> Agent | None:
    """Who sends this request, if they are signed in."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    parts = parts_of(request)
    return await parts.database.read(lambda conn: accounts.signed_in(conn, token, parts.conversations.now()))


async def _machine(request: Request) -> Agent | None:
    """The token this request to the API shows, as a lead that may only read or only write as its scopes say."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path.startswith(API):
        return None
    parts = parts_of(request)
    token = await parts.database.read(lambda conn: tokens.holder(conn, secret.strip()))
    if token is None:
        raise NotSignedIn("no such token, or one that was revoked", code="bad_token")
    now = parts.conversations.now()
    if tokens.needs_noting(token, now):
        await parts.database.write(lambda conn: tokens.note_use(conn, token.name, now))
    wanted = "read" if request.method in SAFE else "write"
    if wanted not in token.scopes:
        raise NotAllowed(f"needs a token with the scope {wanted}")
    return Agent(f"token:{token.name}", token.name, "lead")


def needs(*rights: str, page: bool = False) -> Callable[[Handler], Handler]:
    """Only people with one of these rights pass; a page sends the others to the sign-in, the API says why."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **kwargs: Any) -> Any:
            agent = await _machine(request) or await signed_in(request)
            if agent is None:
                if page:
                    return redirect(f"/login?next={quote(request.path)}")
                raise NotSignedIn("sign in first")
            request.ctx.agent = agent
            if not any(may(agent, right) for right in rights):
                raise NotAllowed(f"needs the right {' or '.join(rights)}")
            return await handler(request, *args, **kwargs)

        guarded.__dict__["needs"] = rights
        return guarded

    return decorate


def remember(response: HTTPResponse, token: str, *, secure: bool) -> None:
    response.add_cookie(
        COOKIE,
        token,
        httponly=True,
        secure=secure,
        samesite="Strict",
        path="/",
        max_age=accounts.SESSION_HOURS * 3600,
    )


def forget(response: HTTPResponse) -> None:
    response.delete_cookie(COOKIE)
