"""Runs the checks that need Rasa under the bot's own Python."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from desk.launch.bot_process import bot_python
from desk.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_checks_that_need_rasa_pass():
    ran = subprocess.run(
        [str(bot_python(Settings())), "-W", "ignore", "-m", "unittest", "discover",
         "-s", "tests/bot/rasa_side", "-t", ".", "-p", "check_*.py"],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
             "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-6000:]
    assert "Ran 0 tests" not in ran.stderr
