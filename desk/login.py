"""Signing in and out. Failures are counted per name and per address; too many make both wait."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlencode

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from desk import guard
from desk.pages import page
from desk.parts import parts_of
from desk.store import accounts

blueprint = Blueprint("login")
# one password at a time: judging one is slow on purpose, and customers must not wait for it
_judging: Final = ThreadPoolExecutor(1, thread_name_prefix="password")
HOME_BY_ROLE = {"agent": "/desk", "lead": "/dashboard", "admin": "/desk"}


def _next(request: Request, role: str) -> str:
    """Where to go after the sign-in: a path of this desk only."""
    wanted = request.args.get("next") or ""
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else HOME_BY_ROLE[role]


def _sent(request: Request, field: str) -> str:
    return str(request.form.get(field) or "") if request.form else ""


def _form(
    request: Request, *, status: int = 200, failed: bool = False, retry_after: int = 0, name: str = ""
) -> HTTPResponse:
    wanted = request.args.get("next")
    kept = {"kept_query": urlencode({"next": wanted})} if wanted else {}
    return page(request, "login.html", status=status, failed=failed, retry_after=retry_after, name=name, **kept)


@blueprint.get("/login")
async def form(request: Request) -> HTTPResponse:
    agent = await guard.signed_in(request)
    if agent is not None:
        return redirect(_next(request, agent.role))
    return _form(request)


@blueprint.post("/login")
async def sign_in(request: Request) -> HTTPResponse:
    parts = parts_of(request)
    name = " ".join(_sent(request, "name").replace("\x00", "").split())[:80]
    password = _sent(request, "password")[:1000]
    attempt = accounts.Attempt(name.lower()[:80], request.remote_addr or request.ip)
    at = parts.conversations.now()
    try:
        # counted before it is judged, so that a burst of guesses is as many as it is
        stored = await parts.database.write(lambda conn: accounts.begin_attempt(conn, attempt, name, at))
    except accounts.Throttled as throttled:
        return _form(request, status=429, retry_after=throttled.retry_after, name=name)
    loop = asyncio.get_running_loop()
    agent = await loop.run_in_executor(_judging, accounts.verify, stored, password)
    if agent is None:
        return _form(request, status=401, failed=True, name=name)
    token = await parts.database.write(lambda conn: accounts.open_session(conn, agent, attempt, at))
    response = redirect(_next(request, agent.role), status=303)
    guard.remember(response, token, secure=parts.settings.secure_cookies)
    return response


@blueprint.post("/logout")
async def sign_out(request: Request) -> HTTPResponse:
    token = request.cookies.get(guard.COOKIE)
    if token:
        await parts_of(request).database.write(lambda conn: accounts.close_session(conn, token))
    response = redirect("/login", status=303)
    guard.forget(response)
    return response
