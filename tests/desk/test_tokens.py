"""Tokens for machines: what they open, and what they don't."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner, Result

from desk.cli import tokens as command
from desk.launch import home
from desk.store import tokens
from desk.store.accounts import AccountError
from tests.desk.conftest import OPEN, Served

app = typer.Typer()
app.add_typer(command.app, name="token")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["token", *arguments])


async def made(served: Served, *scopes: str, name: str = "warehouse") -> dict[str, str]:
    secret = await served.desk.parts.database.write(lambda conn: tokens.add(conn, name, scopes or ["read"], OPEN))
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["read"], "GET", "/api/v1/metrics", 200),
        (["read"], "GET", "/api/v1/interactions", 200),
        (["read"], "GET", "/api/v1/interactions.csv", 200),
        (["read"], "GET", "/api/v1/interactions/dictionary.csv", 200),
        (["write"], "GET", "/api/v1/metrics", 403),
        (["read"], "POST", "/api/v1/observations", 403),
        (["read", "write"], "GET", "/api/v1/metrics", 200),
        (["read", "write"], "GET", "/api/v1/conversations", 403),  # a machine holds no conversations
    ],
)
async def test_a_token_opens_what_its_scopes_say(
    served: Served, scopes: list[str], method: str, path: str, status: int
) -> None:
    headers = await made(served, *scopes)
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
        assert (await client.request(method, path)).status_code == status


async def test_a_page_is_not_for_tokens(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers=await made(served)) as client:
        assert (await client.get("/dashboard")).status_code in (302, 303)


async def test_a_revoked_or_made_up_token_is_refused(served: Served) -> None:
    headers = await made(served)
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.get("/api/v1/metrics", headers=headers)).status_code == 200
        await served.desk.parts.database.write(lambda conn: tokens.revoke(conn, "warehouse", OPEN))
        for refused in (headers, {"Authorization": "Bearer spt_guess"}, {"Authorization": "Bearer"}):
            answer = await client.get("/api/v1/metrics", headers=refused)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "bad_token")


async def test_only_a_hash_is_stored_and_the_last_use_is_noted(served: Served) -> None:
    headers = await made(served)
    secret = headers["Authorization"].removeprefix("Bearer ")
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
        await client.get("/api/v1/metrics")
    (row,) = await served.desk.parts.database.read(lambda conn: list(conn.execute(select(tokens.api_token))))
    assert secret not in repr(row)
    (one,) = await served.desk.parts.database.read(tokens.every)
    assert one.last_used_at is not None


async def test_names_and_scopes_are_checked(served: Served) -> None:
    await made(served)
    for name, scopes in (("warehouse", ["read"]), ("", ["read"]), ("a\x00b", ["read"]), ("x", []), ("x", ["admin"])):
        with pytest.raises(AccountError):
            await served.desk.parts.database.write(lambda conn, n=name, s=scopes: tokens.add(conn, n, s, OPEN))


def test_the_command_makes_lists_and_revokes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path / "home"))
    home.make(tmp_path / "home")
    made = run("add", "warehouse", "--scope", "read", "--scope", "write")
    assert made.stdout.startswith(tokens.PREFIX)
    listed = run("list").stdout
    assert "warehouse  read,write" in listed
    assert made.stdout.strip() not in listed
    assert run("revoke", "warehouse").exit_code == 0
    assert "revoked" in run("list").stdout
    assert isinstance(run("revoke", "warehouse").exception, AccountError)
