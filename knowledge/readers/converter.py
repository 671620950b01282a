"""The converting process seen from outside: started when first needed, stopped when it takes too long or dies."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from knowledge.readers.convert.document import Document, Unreadable

ROOT: Final = Path(__file__).resolve().parents[2]
MEMORY: Final = 1024 * 2**20  # bytes of address space for the process that converts
SECONDS: Final = 300.0  # for one document
LONGEST_REPLY: Final = 64 * 2**20


class Converter:
    """Converts documents one at a time in a process of their own, so that none can take the import down with it.

    >>> with Converter() as converter:
    ...     converter.convert("html", b"<h1>Returns</h1><p>Within thirty days.</p>").title
    'Returns'
    """

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self._memory, self._seconds = memory, seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def convert(self, kind: str, content: bytes, charset: str = "", url: str = "") -> Document:
        """The document as Markdown; `kind` is html, pdf or docx. Raises Unreadable saying why it can't be read."""
        process = self._process or self._start()
        request = {"kind": kind, "size": len(content), "charset": charset, "url": url}
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.write(content)
            process.stdin.flush()
            reply = self._reply(process)
        except (BrokenPipeError, EOFError) as error:
            self._stop()
            raise Unreadable("reading it takes more memory than is given to one document") from error
        except BaseException:
            self._stop()
            raise
        if "error" in reply:
            if "memory" in reply["error"]:
                self._stop()  # what it holds isn't given back
            raise Unreadable(reply["error"])
        return Document(**reply)

    def _start(self) -> subprocess.Popen[bytes]:
        # nothing of this process's surroundings is of use to a document, least of all its secrets
        surroundings = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "knowledge.readers.convert", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )
        return self._process

    def _reply(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """The line the process answers with. Raises EOFError when it died instead, Unreadable when time is up."""
        assert process.stdout is not None
        until = time.monotonic() + self._seconds
        received = bytearray()
        while not received.endswith(b"\n"):
            if not select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                raise Unreadable(f"reading it takes longer than {self._seconds:g} seconds")
            part = os.read(process.stdout.fileno(), 2**20)
            if not part:
                raise EOFError
            received += part
            if len(received) > LONGEST_REPLY:
                raise Unreadable("it holds more text than is read from one document")
        reply: dict[str, Any] = json.loads(received)
        return reply

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written to a process that died
                    pipe.close()
        process.wait()
