"""The journey as a map of stage by touchpoint: where anything was observed, and where nobody looked (rule R3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from touchpoints.cx.ledger import Book
from touchpoints.cx.observation import Observation
from touchpoints.cx.promises import of_service
from touchpoints.cx.service import Service
from touchpoints.cx.vocabulary import JOURNEY
from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT

State = Literal["not_applicable", "not_measured", "hidden", "counts", "shown"]
Evidence = dict[tuple[str, str], dict[str, Any]]


def coverage(book: Book, observations: Sequence[Observation], service: Service) -> dict[str, Any]:
    """Rows of touchpoints by stage. `observed` of `applicable` cells; evidence outside the catalogue is kept apart.

    A cell's `n` is its largest single sample, as populations can't be added up, and None under 5. `evidence` says where
    it comes from: service evidence stands in service cells alone.
    """
    evidence, unplaced = _evidence(book, observations, service)
    rows = [
        {
            "touchpoint": one.id,
            "name": msgspec.to_builtins(one.name),
            "environment": one.environment,
            "service": one.service,
            "cells": [_cell(stage, stage in one.stages, evidence.pop((one.id, stage), None)) for stage in JOURNEY],
        }
        for one in book.touchpoints.values()
    ]
    cells = [cell for row in rows for cell in row["cells"] if cell["applicable"]]
    return {
        "stages": list(JOURNEY),
        "applicable": len(cells),
        "observed": sum(1 for cell in cells if cell["state"] != "not_measured"),
        "rows": rows,
        "blind_spots": [
            {"touchpoint": row["touchpoint"], "stage": cell["stage"]}
            for row in rows
            for cell in row["cells"]
            if cell["state"] == "not_measured"
        ],
        "outside_catalogue": [
            {"touchpoint": touchpoint, **_cell(stage, True, found)}
            for (touchpoint, stage), found in sorted(evidence.items())
        ],
        "stage_unknown": unplaced,
    }


def state(n: int | None, applicable: bool = True) -> State:
    """What may be seen of a cell; None is nothing observed, which is no zero."""
    if n is None:
        return "not_measured" if applicable else "not_applicable"
    if n < FEWEST:
        return "hidden"
    return "counts" if n < FEWEST_FOR_PERCENT else "shown"


def _cell(stage: str, applicable: bool, found: dict[str, Any] | None) -> dict[str, Any]:
    n = found["n"] if found else None
    told = state(n, applicable)
    return {
        "stage": stage,
        "applicable": applicable,
        "state": told,
        "n": n if told in ("counts", "shown") else None,
        "evidence": sorted(found["evidence"]) if found else [],
        "sources": sorted(found["sources"]) if found else [],
        "metrics": sorted(found["metrics"]) if found else [],
    }


def _evidence(book: Book, observations: Sequence[Observation], service: Service) -> tuple[Evidence, dict[str, int]]:
    found: Evidence = {}
    unplaced = {"service": 0, "imports": 0}
    for touchpoint, stages in service.metrics["map"]["counts"].items():
        for stage, count in stages.items():
            if stage not in JOURNEY:
                unplaced["service"] += count
            elif count:
                _add(found, (touchpoint, stage), count, "service", "service record", None)
    for one in observations:
        if one.journey_stage not in JOURNEY:
            unplaced["imports"] += 1
            continue
        kind = "service" if of_service(one, book.touchpoints) else "imports"
        _add(found, (one.touchpoint_type, one.journey_stage), one.n, kind, one.source, one.metric_id)
    return found, unplaced


def _add(found: Evidence, place: tuple[str, str], n: int, kind: str, source: str, metric: str | None) -> None:
    cell = found.setdefault(place, {"n": 0, "evidence": set(), "sources": set(), "metrics": set()})
    cell["n"] = max(cell["n"], n)
    cell["evidence"].add(kind)
    cell["sources"].add(source)
    cell["metrics"] |= {metric} if metric else set()
