"""The words of the house, what CX is not, and where the ideas come from. No number of the record is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader
from touchpoints.metrics import METRICS

TERMS: Final = (
    "cx", "service", "promise", "touchpoint", "moment_of_truth", "journey", "failure_demand", "upstream",
    "resolution_range", "containment", "designed_friction", "engagement", "silent", "interval", "few", "mature",
    "pillars", "offerings", "tactic_strategy",
)  # fmt: skip
NOT: Final = ("service", "marketing", "ux", "affection", "fashion", "fear", "technology", "score", "optional", "small")
TENSIONS: Final = ("friction", "closed_loop", "warmth")
REFERENCES: Final = ("lee", "kpmg", "meyer", "pine", "buttle", "lewis", "price", "seddon")
NOTES: Final = ("cee", "loyalty", "prime", "ikea", "names")


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    def listed(table: str, names: tuple[str, ...]) -> list[dict[str, str]]:
        return [
            {
                "id": f"{table}-{name}",
                "name": reader.t(f"{table}.{name}.name"),
                "text": reader.t(f"{table}.{name}.text"),
            }
            for name in names
        ]

    metrics = [
        {
            "id": metric.id,
            "name": getattr(metric.name, reader.language, metric.name.en),
            "text": getattr(metric.definition, reader.language, metric.definition.en),
            "formula": metric.formula,
            "cannot": reader.t(f"limits.{metric.id}"),
        }
        for metric in METRICS.values()
    ]
    return {
        "about": None,
        "terms": listed("term", TERMS),
        "is_not": listed("is_not", NOT),
        "tensions": listed("tension", TENSIONS),
        "references": listed("reference", REFERENCES),
        "notes": [reader.t(f"note.{name}") for name in NOTES],
        "metrics": metrics,
        "pictures": {},
    }
