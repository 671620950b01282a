"""The app on a home, without an assistant, and a lead who opens its pages."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final

import httpx

from bench.dashboard.home import NAME
from bench.processes import Started
from bench.turns.product import answers, environment
from desk.launch.supervisor import free_port
from desk.settings import PREFIX, Settings

START_SECONDS: Final = 120.0
PAGE_SECONDS: Final = 300.0


@contextlib.contextmanager
def serving(chosen: Settings) -> Iterator[str]:
    """The app process by itself, new and with nothing remembered: its address."""
    port, internal, bot = free_port(), free_port(), free_port()
    own = {
        "HOME": str(chosen.home.absolute()),
        "PORT": str(port),
        "INTERNAL_PORT": str(internal),
        "BOT_URL": f"http://127.0.0.1:{bot}",
        "TOKEN": "bench",
    }
    # its standard input would end with the benchmark's; a pipe of its own ends with this block
    command = ["sh", "-c", f"sleep 100000 | exec {sys.executable} -m desk.server"]
    app = Started(
        command,
        {**environment(), **{f"{PREFIX}{name}": value for name, value in own.items()}, "OMP_NUM_THREADS": "1"},
        chosen.home.parent / f"{chosen.home.name}.log",
    )
    url = f"http://127.0.0.1:{port}"
    try:
        app.wait_until(lambda: answers(f"{url}/health/live"), START_SECONDS)
        yield url
    finally:
        app.stop()


@dataclass(frozen=True)
class Shown:
    """A page as it came: seconds to its last byte, its bytes, and those that came over the wire."""

    seconds: float
    bytes: int
    packed: int


class Lead:
    """Signed in, one page after the other."""

    def __init__(self, url: str, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=PAGE_SECONDS, follow_redirects=False)
        self._password = password

    def __enter__(self) -> Lead:
        home = {"Origin": str(self._http.base_url).rstrip("/")}
        done = self._http.post("/login", data={"name": NAME, "password": self._password}, headers=home)
        if done.status_code != 303:
            raise RuntimeError(f"the lead could not sign in: {done.status_code}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def open(self, address: str) -> Shown:
        """Raises RuntimeError for a page that isn't shown."""
        began = time.perf_counter()
        page = self._http.get(address)
        seconds = time.perf_counter() - began
        if page.status_code != 200:
            raise RuntimeError(f"{address}: {page.status_code}")
        return Shown(seconds, len(page.content), page.num_bytes_downloaded)
