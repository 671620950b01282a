"""The launcher: loopback, the port of the environment, and what a caller may override."""

from __future__ import annotations

import os
import unittest
from unittest import mock

from bot.__main__ import _run_arguments


class Arguments(unittest.TestCase):
    def test_it_listens_on_loopback_at_the_given_port(self) -> None:
        with mock.patch.dict(os.environ, SPORTELLO_BOT_PORT="7001"):
            given = _run_arguments(["--model", "m.tar.gz"])
        self.assertEqual(given[given.index("--interface") + 1], "127.0.0.1")
        self.assertEqual(given[given.index("--port") + 1], "7001")
        self.assertNotIn("--enable-api", given)

    def test_a_port_on_the_command_line_wins(self) -> None:
        given = _run_arguments(["--port", "7002"])
        self.assertEqual(given.count("--port"), 1)
