"""The converting process: reads documents from standard input, one after the other, and writes what it made of each.

A request is a line of JSON {"kind", "size", "charset", "url"} and `size` bytes; the reply is a line of JSON, either
the document's fields or {"error"}. Memory is limited here, time by whoever waits for the reply.
"""

from __future__ import annotations

import contextlib
import json
import logging
import resource
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from knowledge.readers.convert.document import Document, Unreadable

KINDS: Final = ("html", "pdf", "docx")


def main() -> None:
    _limit(int(sys.argv[1]))
    warnings.simplefilter("ignore")
    logging.disable()
    sys.setrecursionlimit(4000)
    requests, replies = sys.stdin.buffer, sys.stdout
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["size"])
        with contextlib.redirect_stdout(sys.stderr):
            reply = _reply(request, content)
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def _reply(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        return asdict(_converter(request["kind"])(content, request["charset"], request["url"]))
    except Unreadable as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "reading it takes more memory than is given to one document"}
    except RecursionError:
        return {"error": "it is nested too deeply to be read"}
    except Exception as error:  # the next document still gets its turn
        return {"error": f"it can't be read ({type(error).__name__})"}


def _converter(kind: str) -> Callable[[bytes, str, str], Document]:
    if kind == "pdf":
        from knowledge.readers.convert import pdf

        return pdf.convert
    if kind == "docx":
        from knowledge.readers.convert import docx

        return docx.convert
    from knowledge.readers.convert import html

    return html.convert


def _limit(memory: int) -> None:
    """No more memory than this, no file written, no core dumped."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
