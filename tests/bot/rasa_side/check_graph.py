"""The graph in order: the same results as Rasa's runner, and the same errors."""

from __future__ import annotations

import unittest
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.graph import in_order, without_scheduler


class Sum(GraphComponent):
    """Adds what its parents give."""

    def __init__(self, own: int) -> None:
        self.own = own

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"own": 1}

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Sum:
        return cls(config["own"])

    def add(self, a: int = 0, b: int = 0) -> int:
        if a < 0:
            raise RuntimeError("negative")
        return self.own + a + b


def node(own: int, **needs: str) -> SchemaNode:
    return SchemaNode(needs, Sum, "create", "add", {"own": own}, eager=True)


SCHEMA = GraphSchema(
    {
        "last": node(1000, a="left", b="right"),
        "left": node(10, a="first", b="given"),
        "right": node(100, a="first"),
        "first": node(1, a="given"),
        "elsewhere": node(7, a="given"),
    }
)


class InOrder(unittest.TestCase):
    def setUp(self) -> None:
        self.plain = DaskGraphRunner(SCHEMA, None, ExecutionContext(SCHEMA))  # type: ignore[arg-type]
        self.ours = without_scheduler(self.plain)

    def test_each_node_comes_after_what_it_needs_and_no_other_runs(self) -> None:
        order = in_order(SCHEMA, ["last"])
        self.assertEqual(sorted(order), ["first", "last", "left", "right"])
        self.assertLess(order.index("first"), order.index("right"))
        self.assertEqual(order[-1], "last")

    def test_results_are_those_of_the_scheduler(self) -> None:
        wanted: list[list[str]] = [["last"], ["right", "left"], ["elsewhere"], ["last"]]
        for targets in wanted:
            self.assertEqual(self.ours.run({"given": 3}, targets), self.plain.run({"given": 3}, targets))

    def test_errors_are_those_of_the_scheduler(self) -> None:
        for inputs, kind in (({}, GraphRunError), ({"given": -5}, GraphComponentException)):
            for runner in (self.plain, self.ours):
                with self.assertRaises(kind):
                    runner.run(inputs, ["last"])
        with self.assertRaises(GraphRunError):
            self.ours.run({"first": 1}, ["last"])
