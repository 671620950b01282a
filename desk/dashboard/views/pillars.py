"""KPMG's Six Pillars as six lists of evidence: what service shows, what else shows, what is missing. No marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Figure, Reader
from desk.dashboard.imported import figure


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    rows = [
        {
            "pillar": one["pillar"].plain,
            "name": reader.text(f"cx.pillar.{one['pillar'].plain}"),
            "means": reader.t(f"pillar_means.{one['pillar'].plain}"),
            "service": [figure(reader, cell) for cell in one["from_service"]],
            "imports": [figure(reader, cell) for cell in one["from_imports"]],
            "missing": _named(one["missing"], reader),
            "partly": _named(one["partly"], reader),
            "measured": _named(one["limits"], reader),
        }
        for one in cx["pillars"]
    ]
    head = [
        reader.t("pillar_column"),
        *(reader.text(f"cx.{key}") for key in ("from_service", "from_imports", "missing")),
    ]
    table = [[row["name"], _listed(row["service"]), _listed(row["imports"]), _gaps(row, reader)] for row in rows]
    return {
        "about": cx,
        "rows": rows,
        "pictures": {"pillars": Picture("pillars", reader.t("view.pillars.title"), "", "", head, table)},
    }


def _listed(found: list[Figure]) -> str:
    return Markup("; ").join(Markup("{}: {}").format(one.name, one.value) for one in found) or "–"


def _named(codes: Part, reader: Reader) -> list[str]:
    return [reader.text(f"cx.evidence.{code.plain}") for code in codes]


def _gaps(row: Mapping[str, Any], reader: Reader) -> str:
    """What is missing and what is told in part, in one cell; never "nothing", which nobody could know."""
    partly = [reader.text("cx.partly", names=", ".join(row["partly"]))] if row["partly"] else []
    return "; ".join([*row["missing"], *partly]) or reader.text("cx.measured_each", names=", ".join(row["measured"]))
