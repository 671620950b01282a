"""Quiet launcher of Rasa: `python -m bot run --model FILE --port N`, `train …`, `test …`, `evaluate …`.

Run from the project's root. `run` listens on loopback only and stops when its standard input ends, because then the
process that watches over it is gone. Readiness is GET /webhooks/turn/ answering 200.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from typing import Any, List

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SANIC_ACCESS_LOG": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # the features come from an encoder Rasa's cache knows nothing of
    "OMP_NUM_THREADS": "1",
}
_QUIET_WARNINGS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
_QUIET_MESSAGES = (
    "is not used in any story or rule",  # Rasa doesn't see the responses that custom actions say
    "is not found in the NLU training data",  # intents that only buttons have
    "pkg_resources is deprecated",
)


def _silence() -> None:
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    warnings.simplefilter("ignore")
    plain = warnings.showwarning

    def show(message: Any, category: Any, *args: Any, **kwargs: Any) -> None:
        # Rasa resets the filters on its way up; this stays
        if not issubclass(category, _QUIET_WARNINGS) and not any(quiet in str(message) for quiet in _QUIET_MESSAGES):
            plain(message, category, *args, **kwargs)

    warnings.showwarning = show


def _stop_with_supervisor() -> None:
    def watch() -> None:
        while sys.stdin.buffer.read1(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    if sys.stdin is not None and not sys.stdin.isatty():
        threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()


def _run_arguments(given: List[str]) -> List[str]:
    arguments = ["run", "--interface", "127.0.0.1", "--quiet"]
    if not {"-p", "--port"} & set(given):
        arguments += ["--port", os.environ.get("SPORTELLO_BOT_PORT", "5005")]
    return arguments + ["--credentials", "bot/credentials.yml", "--endpoints", "bot/endpoints.yml", *given]


def main() -> None:
    """Start Rasa without its wall of library warnings."""
    _silence()
    command, given = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if command == "evaluate":
        from bot.evaluate import main as evaluate

        evaluate(given)
        return
    if command == "run":
        _stop_with_supervisor()
        sys.argv[1:] = _run_arguments(given)
    import rasa.__main__

    from bot import processor, rules, tracker, webhook

    webhook.install()
    if command == "run":  # training and testing stay Rasa's own
        for part in (processor, rules, tracker):
            part.install()
    rasa.__main__.main()


if __name__ == "__main__":
    main()
