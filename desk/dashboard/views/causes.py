"""Upstream causes: where contacts come from, who owns that, what to look at first, and what was decided to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk import labels
from desk.dashboard.charts.bars import Bar, bars, slim_bars
from desk.dashboard.charts.matrix import Bubble, matrix
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import days, figure, metric_name
from touchpoints.display import FEWEST

REASONS_SHOWN: Final = 12
SHARES: Final = ("failure_demand", "promise_broken", "repeat_7d", "high_friction")


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    found = cx["causes"]
    areas = [_row(one, "area", "cause_area", reader) for one in found["by_area"]]
    reasons = [_row(one, "reason", "contact_reason", reader) for one in found["by_reason"]]
    pictures = [
        _ranked("areas", areas, upstream(found, reader), reader),
        _ranked("reasons", reasons[:REASONS_SHOWN], reader.t("reasons_sentence"), reader),
        _matrix(found["by_reason"], cx["quadrants"], reader),
    ]
    return {
        "about": cx,
        "any": bool(cx["n"]["contacts"].plain),
        "sentence": upstream(found, reader),
        "areas": areas,
        "reasons": reasons,
        "owners": [reader.owner(one.plain) for one in found["owners_outside_service"]],
        "mitigated": _mitigated(cx["quadrants"]["mitigated_not_eliminated"], reader),
        "tables": {
            "by_origin": [_row(one, "stage", "cause_stage", reader) for one in found["by_origin"]],
            "by_demand": [_row(one, "demand", "demand_type", reader) for one in found["by_demand"]],
            "by_promise": [_named(one, cx, reader) for one in found["by_promise"]],
        },
        "fix": [_priority(one, cx, reader) for one in cx["priorities"]["to_fix"]],
        "designed": [_subject(one, cx, reader) for one in cx["priorities"]["designed"]],
        "hidden": _hidden(cx["priorities"]["hidden"], reader),
        "boards": {level: [_action(one, cx, reader) for one in rows] for level, rows in cx["actions"].items()},
        "pictures": {one.name: one for one in pictures},
    }


def _row(one: Part, kind: str, field: str, reader: Reader) -> dict[str, Any]:
    value = one["value"].plain
    few = one["hidden"].plain or (one["n"].plain or 0) < FEWEST
    only = {field: value}
    shares = {name: _share(one[name], name, only, reader) for name in SHARES}
    area = one.get("area")
    return {
        "value": value,
        "name": labels.label(reader.language, kind, None if value == "unknown" and kind != "area" else value),
        "few": few,
        "count": None if few else one["contacts"].plain,
        "contacts": reader.t("few")
        if few
        else reader.contacts(reader.number(one["contacts"]), "contacts", "n", **only),
        "issues": reader.t("few")
        if few or one["issues"].plain is None or one["issues"].plain < FEWEST
        else reader.number(one["issues"]),
        "owner": reader.owner(one.get("owner")),
        "area": labels.label(reader.language, "area", area) if area else "",
        "outside": one.get("outside_service"),
        "own": value == "service",
        "shares": shares,
    }


def _share(cell: Part, name: str, only: dict[str, str], reader: Reader) -> str:
    if not cell or not cell["n"].plain:
        return "–"
    shown = level(cell["n"].plain)
    if shown == "hidden":
        return reader.t("few")
    if shown == "counts":
        return reader.t("counts_only", **{key: reader.number(cell[key]) for key in ("numerator", "denominator")})
    return reader.contacts(reader.percent(cell["value"]), name, "numerator", **only)


def _named(one: Part, cx: Part, reader: Reader) -> dict[str, Any]:
    row = _row(one, "promise", "promise_id", reader)
    return row | {"name": _promise_text(one["value"].plain, cx, reader)}


def _promise_text(name: str, cx: Part, reader: Reader) -> str:
    for one in cx["promises"]["rows"]:
        if one["id"].plain == name:
            return reader.said(one["text"].plain)
    return name


def upstream(found: Part, reader: Reader) -> str:
    """Where contacts come from, in one sentence: how many from outside service, most from where, and whose that is."""
    outside = found["outside_service"]
    first = next((one for one in found["by_area"] if one["outside_service"].plain and one["contacts"].plain), None)
    if first is None or outside["n"].plain < FEWEST:
        return reader.t("causes_hidden")
    said = {
        "n": reader.number(outside["numerator"]),
        "total": reader.number(outside["denominator"]),
        "area": labels.label(reader.language, "area", first["value"].plain),
        "top": reader.t(
            f"contacts_count_{'one' if first['contacts'].plain == 1 else 'many'}", n=reader.number(first["contacts"])
        ),
        "owner": reader.owner(first.get("owner")),
    }
    return reader.counted("dashboard.causes_sentence", outside["numerator"], **said)


def _ranked(name: str, rows: list[dict[str, Any]], sentence: str, reader: Reader) -> Picture:
    drawn = [
        Bar(
            row["name"],
            " · ".join(part for part in (row["area"], row["owner"]) if part),
            row["count"],
            reader.number(row["count"]) if row["count"] is not None else reader.t("few"),
            row["own"],
        )
        for row in rows
    ]
    head = [reader.t(key) for key in ("cause_column", "owner_column", "contacts_column", "issues_column")]
    head += [metric_name(share, reader.language) for share in SHARES]
    table = [
        [row["name"], row["owner"], row["contacts"], row["issues"], *(row["shares"][share] for share in SHARES)]
        for row in rows
    ]
    return Picture(
        f"causes-{name}",
        reader.t(f"ranked_{name}"),
        sentence,
        bars(drawn, sentence),
        head,
        table,
        slim_bars(drawn, sentence),
    )


def _matrix(by_reason: Part, quadrants: Part, reader: Reader) -> Picture:
    bubbles: dict[str, list[Bubble]] = {}
    table = []
    for one in by_reason:
        if one["hidden"].plain or (one["n"].plain or 0) < FEWEST or one["quadrant"].plain == "unknown":
            continue
        name = labels.label(reader.language, "reason", one["value"].plain)
        count = one["contacts"].plain
        bubbles.setdefault(one["quadrant"].plain, []).append(Bubble(name, count, reader.number(count)))
        table.append([reader.text(f"cx.quadrant.{one['quadrant'].plain}"), name, reader.number(one["contacts"])])
    named = {
        row["value"].plain: (
            reader.text(f"cx.quadrant.{row['value'].plain}"),
            bubbles.get(row["value"].plain, []),
        )
        for row in quadrants["quadrants"]
        if row["value"].plain != "unknown"
    }
    axes = tuple(reader.t(f"axis_{one}") for one in ("customer_low", "customer_high", "firm_low", "firm_high"))
    sentence = reader.t("matrix_sentence")
    drawn = matrix(named, axes, sentence, reader.t("more_reasons"))  # type: ignore[arg-type]
    head = [reader.t(key) for key in ("quadrant_column", "reason", "contacts_column")]
    return Picture("matrix", reader.text("cx.heading.quadrants"), sentence, drawn, head, sorted(table))


def _mitigated(cell: Part, reader: Reader) -> str | None:
    if not cell or cell["n"].plain < FEWEST:
        return None
    words = {"n": reader.number(cell["numerator"]), "total": reader.number(cell["denominator"])}
    said = reader.counted("cx.mitigated", cell["numerator"], **words)
    return reader.contacts(said, "resolved_by_bot", "numerator", irritant_quadrant="eliminate")


def _hidden(count: Part, reader: Reader) -> str | None:
    return reader.counted("cx.hidden_causes", count, n=reader.number(count)) if count.plain else None


def _subject(one: Part, cx: Part, reader: Reader) -> str:
    if one.get("cause"):
        return labels.label(reader.language, "reason", one["cause"].plain)
    return _promise_text(one["promise_id"].plain, cx, reader)


def _priority(one: Part, cx: Part, reader: Reader) -> dict[str, Any]:
    evidence = []
    for cell in one["evidence"]:
        if "unit" in cell:  # a promise's figure
            shown = figure(reader, cell)
            dated = {"name": shown.name, "value": shown.value, "days": days(reader, cell)}
            evidence.append(reader.t("evidence_dated", **dated))
        elif cell["n"].plain >= FEWEST:
            counts = {name: reader.number(cell[name]) for name in ("numerator", "denominator")}
            said = reader.t("counts_only", **counts)
            name = metric_name(cell["metric"].plain, reader.language)
            linked = reader.contacts(said, cell["metric"].plain, "numerator", contact_reason=one["cause"].plain)
            evidence.append(reader.t("evidence_is", name=name, value=linked))
    return {
        "rank": reader.number(one["rank"]),
        "tier": one["tier"].plain,
        "said": reader.text(f"cx.tier.{one['tier'].plain}"),
        "subject": _subject(one, cx, reader),
        "area": labels.label(reader.language, "area", one["area"].plain),
        "owner": reader.owner(one["owner"].plain),
        "evidence": evidence,
    }


def _action(one: Part, cx: Part, reader: Reader) -> dict[str, Any]:
    done = one.get("done_on")
    serves = []
    if one.get("promise_id"):
        serves.append(_promise_text(one["promise_id"].plain, cx, reader))
    if one.get("cause"):
        serves.append(labels.label(reader.language, "reason", one["cause"].plain))
    if one.get("pillar"):
        serves.append(reader.text(f"cx.pillar.{one['pillar'].plain}"))
    changed = one.get("process_changed")
    return {
        "text": reader.said(one["text"].plain),
        "type": reader.text(f"cx.action_type.{one['type'].plain}"),
        "owner": reader.owner(one["owner"].plain),
        "again": reader.text("cx.measure_again", day=reader.day(one["measure_again_on"].plain)),
        "due": bool(one.get("due")),
        "done": reader.t("done_on", day=reader.day(done)) if done else None,
        "serves": serves,
        "without_purpose": one["without_purpose"].plain,
        "finding": reader.said(one["finding"].plain) if isinstance(one.get("finding"), dict) else one.get("finding"),
        "changed": reader.said(changed) if isinstance(changed, dict) else changed,
    }
