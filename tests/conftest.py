"""What every test may ask for: a database of either kind, and a word for parts a machine lacks."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from knowledge import encoder_build
from tests.product import TEST_HOME, Product, keep_parts, make_home


def missing(what: str) -> None:
    """A laptop without a system part skips the tests that need it; CI has every part, so there they fail."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have it: {what}")
    pytest.skip(what)  # a part of the system can't be installed by a test; .ci/run installs them all and sets CI


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards."""
    server = os.environ.get("SPORTELLO_TEST_DATABASE_URL")
    if not server:
        missing("SPORTELLO_TEST_DATABASE_URL names no PostgreSQL server")
        return
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: SQLite first, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sportello.sqlite'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The real encoder, built once under the tests' home."""
    folder = TEST_HOME / "encoder"
    if not (folder / encoder_build.MANIFEST).exists():
        encoder_build.build(folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, started once for all tests that need it: the real Rasa, the real encoder, the demo's bookshop."""
    one = Product(make_home(tmp_path_factory.mktemp("product")))
    try:
        one.wait_until_ready()
        keep_parts(one.home)
        yield one
    finally:
        one.stop()
