"""The closed list of metrics: what each is called, means and says when nothing was observed (metrics.yaml)."""

from __future__ import annotations

from importlib import resources
from typing import Final, Literal

import msgspec
import yaml

from touchpoints.configuration import Windows
from touchpoints.formulas import FORMULAS
from touchpoints.measure import Measure
from touchpoints.population import Population

DEFINITION_VERSION: Final = 1
"""Raised when what any formula computes changes."""


class Bilingual(msgspec.Struct, frozen=True):
    it: str
    en: str


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric of one service touchpoint. `empty` is its value when nothing was observed: never a made-up zero."""

    id: str
    name: Bilingual
    definition: Bilingual
    formula: str
    unit: Literal["n", "%", "s", "points"]
    empty: int | None
    cohort: Literal["all", "mature"]

    def measure(self, population: Population) -> Measure:
        """The metric over a population."""
        return FORMULAS[self.id](population)


def _read() -> dict[str, Metric]:
    listed = yaml.safe_load(resources.files("touchpoints").joinpath("metrics.yaml").read_text(encoding="utf-8"))
    return {name: msgspec.convert({"id": name, **metric}, Metric) for name, metric in listed.items()}


METRICS: Final[dict[str, Metric]] = _read()


def version(windows: Windows) -> str:
    """The version every number carries: of the definitions, and of the windows they were computed with."""
    return f"{DEFINITION_VERSION} ({windows})"
