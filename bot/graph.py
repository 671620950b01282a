"""Runs a loaded model's graph node after node.

Rasa hands the graph to dask at every run, which orders it and plans for parallel workers anew each time: twice or three
times in a turn, for a handful of nodes in a row. Here the order is found once for each set of targets.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Text, Tuple

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner

Plan = List[Tuple[Text, GraphNode, List[Text]]]


class InOrderRunner(DaskGraphRunner):
    """A graph runner with Rasa's nodes and no scheduler."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._graph_schema = loaded._graph_schema
        self._instantiated_nodes = loaded._instantiated_nodes
        self._execution_context = loaded._execution_context
        self._plans: Dict[Tuple[Text, ...], Plan] = {}

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """What the targets give for these inputs. Raises GraphRunError as Rasa's own does."""
        wanted = tuple(targets or self._graph_schema.target_names)
        known: Dict[Text, Any] = dict(inputs or {})
        clash = known.keys() & self._instantiated_nodes.keys()
        if clash:
            raise GraphRunError(f"Input names clash with node names: {sorted(clash)}")
        try:
            for name, node, parents in self._plan(wanted):
                _, known[name] = node(*[(parent, known[parent]) for parent in parents if parent in known])
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: known[name] for name in wanted}

    def _plan(self, targets: Tuple[Text, ...]) -> Plan:
        if targets not in self._plans:
            schema = self._graph_schema.minimal_graph_schema(list(targets))
            self._plans[targets] = [
                (name, self._instantiated_nodes[name], list(schema.nodes[name].needs.values()))
                for name in in_order(schema, targets)
            ]
        return self._plans[targets]


def in_order(schema: GraphSchema, targets: Sequence[Text]) -> List[Text]:
    """The names of the nodes the targets need, each after those it needs itself."""
    ordered: Dict[Text, None] = {}

    def visit(name: Text) -> None:
        if name in ordered or name not in schema.nodes:  # what is no node is an input of the run
            return
        for parent in schema.nodes[name].needs.values():
            visit(parent)
        ordered[name] = None

    for target in targets:
        visit(target)
    return list(ordered)


def without_scheduler(loaded: GraphRunner) -> GraphRunner:
    """The same graph run in order; a runner that isn't Rasa's default stays as it is."""
    return InOrderRunner(loaded) if type(loaded) is DaskGraphRunner else loaded
