"""The coverage map: at which touchpoint and stage anything was observed, and where nobody looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from desk import labels
from desk.dashboard.charts.grid import grid
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.imported import metric_name


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    found = cx["coverage"]
    stages = [labels.label(reader.language, "stage", one.plain) for one in found["stages"]]
    rows = [_row(one, reader) for one in found["rows"]]
    names = {row["id"]: row["name"] for row in rows}
    counted = {name: reader.number(found[name]) for name in ("observed", "applicable")}
    sentence = reader.text("cx.cells_observed", **counted)
    return {
        "about": cx,
        "sentence": sentence,
        "stages": stages,
        "rows": rows,
        "blind": [_place(one, names, reader) for one in found["blind_spots"]],
        "outside": [_place(one, names, reader) | _cell(one, reader) for one in found["outside_catalogue"]],
        "unknown": reader.t(
            "stage_unknown",
            service=reader.number(found["stage_unknown"]["service"]),
            imports=reader.number(found["stage_unknown"]["imports"]),
        )
        if any(found["stage_unknown"].plain.values())
        else None,
        "pictures": {"coverage": _picture(stages, rows, sentence, reader)},
    }


def _row(one: Part, reader: Reader) -> dict[str, Any]:
    return {
        "id": one["touchpoint"].plain,
        "name": reader.said(one["name"].plain),
        "environment": reader.t(f"environment.{one['environment'].plain}"),
        "service": one["service"].plain,
        "cells": [_cell(cell, reader) for cell in one["cells"]],
    }


def _cell(cell: Part, reader: Reader) -> dict[str, Any]:
    state = cell["state"].plain
    shown = state in ("counts", "shown")
    own = cell["evidence"].plain == ["service"]
    sources = [reader.source(source.plain) for source in cell["sources"]]
    measured = [metric_name(metric.plain, reader.language) for metric in cell["metrics"]]
    return {
        "state": state,
        "own": own,
        "said": reader.t("n", n=reader.number(cell["n"])) if shown else reader.text(f"cx.state.{state}"),
        "note": "; ".join([*sources, *measured]) if shown else "",
    }


def _place(one: Part, names: Mapping[str, str], reader: Reader) -> dict[str, Any]:
    touchpoint = one["touchpoint"].plain
    return {
        "touchpoint": names.get(touchpoint, touchpoint),
        "stage": labels.label(reader.language, "stage", one["stage"].plain),
    }


def _picture(stages: list[str], rows: list[dict[str, Any]], sentence: str, reader: Reader) -> Picture:
    drawn = [(row["name"], [(cell["state"], _short(cell, reader)) for cell in row["cells"]]) for row in rows]
    table = [[row["name"], *(cell["said"] for cell in row["cells"])] for row in rows]
    head = [reader.t("touchpoint_column"), *stages]
    return Picture("coverage", reader.t("view.coverage.title"), sentence, grid(stages, drawn, sentence), head, table)


def _short(cell: dict[str, Any], reader: Reader) -> str:
    return {"not_applicable": "–", "not_measured": "", "hidden": reader.t("few")}.get(
        cell["state"], str(Markup(cell["said"]).striptags())
    )
