"""Where service sits: one area of the experience among others, with what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from desk import labels
from desk.dashboard.charts.nested import Tile, nested
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.imported import metric_name
from desk.dashboard.views.promises import status


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    found = cx["placement"]
    rows = [_area(one, reader) for one in found["areas"]]
    counted = {"observed": reader.number(found["areas_observed"]), "total": reader.number(found["areas_total"])}
    sentence = reader.text("cx.areas_observed", **counted)
    picture = _picture(rows, sentence, reader)
    return {
        "about": cx,
        "status": status(cx, reader),
        "sentence": sentence,
        "share": _share(found["service_share_of_records"], reader),
        "rows": rows,
        "picture": picture,
        "pictures": {picture.name: picture},
    }


def _area(one: Part, reader: Reader) -> dict[str, Any]:
    contacts, observations = one["contacts"], one["observations"]
    parts = []
    if contacts.plain:
        parts.append(reader.t(_many("contacts_count", contacts), n=reader.number(contacts)))
    if observations.plain:
        parts.append(reader.t(_many("observations_count", observations), n=reader.number(observations)))
    return {
        "area": one["area"].plain,
        "name": labels.label(reader.language, "area", one["area"].plain),
        "observed": one["observed"].plain,
        "service": one["area"].plain == "service",
        "said": parts or [reader.text("cx.not_measured_here")],
        "owner": reader.owner(one["owner"].plain),
        "offering": reader.text(f"cx.offering.{one['offering_stage'].plain}"),
        "sources": [reader.source(source.plain) for source in one["sources"]],
        "metrics": [metric_name(metric.plain, reader.language) for metric in one["metrics"]],
    }


def _many(key: str, n: Part) -> str:
    return f"{key}_one" if n.plain == 1 else f"{key}_many"


def _share(share: Part, reader: Reader) -> str | None:
    """Service's share of the evidence at hand, said as such (rule R7)."""
    if not share["n"].plain:
        return None
    return reader.text(
        "cx.service_share", n=reader.number(share["numerator"]), total=reader.number(share["denominator"])
    )


def _picture(rows: list[dict[str, Any]], sentence: str, reader: Reader) -> Picture:
    tiles = [
        Tile(
            one["name"],
            ", ".join(str(Markup(said).striptags()) for said in one["said"]),
            one["observed"],
            one["service"],
        )
        for one in rows
    ]
    head = [reader.t(name) for name in ("area_column", "observed_column", "sources_column", "owner_column")]
    joined = Markup(", ").join
    table = [[one["name"], joined(one["said"]), joined(one["sources"]) or "–", one["owner"]] for one in rows]
    title = reader.t("view.placement.title")
    return Picture("placement", title, sentence, nested(reader.t("whole_cx"), tiles, sentence), head, table)
