"""Promises first: each beside its target with its interval; then how service does, in a panel of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk import labels
from desk.dashboard.changes import changes
from desk.dashboard.charts.bullet import bullet, span_of
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import figure, metric_name, writer
from desk.dashboard.views.causes import upstream
from touchpoints.display import FEWEST


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    rows = [_promise(one, reader) for one in cx["promises"]["rows"]]
    return {
        "about": cx,
        "changes": changes(evidence, reader),
        "rows": rows,
        "contacts": cx["n"]["contacts"].plain,
        "status": status(cx, reader),
        "upstream": upstream(cx["causes"], reader) if cx["n"]["contacts"].plain else None,
        "readings": [reader.text(f"cx.reading.{one.plain}") for one in cx["readings"]],
        "service": service(cx["service"], reader),
        "silent": silent(cx, reader),
        "frictions": [_friction(one, reader) for one in cx["frictions"]],
        "context": [_event(one, reader) for one in cx["context"]],
        "unattached": cx["unattached"].plain,
        "pictures": {row["picture"].name: row["picture"] for row in rows if row["picture"]},
    }


def status(cx: Part, reader: Reader) -> dict[str, Any]:
    """What the evidence allows one to say of the experience: never everything (rule R1)."""
    return {
        "code": cx["status"].plain,
        "said": reader.text(f"cx.status.{cx['status'].plain}"),
        "why": [reader.text(f"cx.why.{one.plain}") for one in cx["why"]],
    }


def _promise(row: Part, reader: Reader) -> dict[str, Any]:
    shown = figure(reader, row["figure"]) if row["figure"] else None
    write = writer(reader, row["unit"].plain)
    target = reader.text(f"cx.{row['direction'].plain}", target=write(row["target"]))
    text = reader.said(row["text"].plain)
    return {
        "id": row["id"].plain,
        "text": text,
        "status": row["status"].plain,
        "said": reader.text(f"cx.promise.{row['status'].plain}"),
        "why": reader.text(f"cx.promise_why.{row['why'].plain}"),
        "target": target,
        "metric": metric_name(row["metric"].plain, reader.language),
        "figure": shown,
        "picture": _picture(row, text, target, reader),
        "owner": reader.owner(row["owner"].plain),
        "areas": [labels.label(reader.language, "area", one.plain) for one in row["areas"]],
        "service_part": reader.text("cx.includes_service" if row["includes_service"] else "cx.excludes_service"),
        "differentiator": row["differentiator"].plain,
        "offering": reader.text(f"cx.offering.{row['offering_stage'].plain}"),
        "review": reader.t("review_due" if row["review_due"] else "review_on", day=reader.day(row["review_on"].plain))
        if row["review_on"]
        else None,
        "written": reader.t("written", day=reader.day(row["valid_from"].plain), who=row["recorded_by"].plain),
        "later": reader.text("cx.dated_later", day=reader.day(row["valid_from"].plain))
        if row["dated_after_period"]
        else None,
        "also": [figure(reader, one) for one in row["also"]],
        "earlier": [figure(reader, one) for one in row["earlier"]],
        "beside": [figure(reader, one) for one in row["beside"]],
        "set_aside": _set_aside(row["service_evidence_set_aside"], reader),
        "signals": [said for one in row["signals"] if (said := _signal(one, reader))],
    }


def _set_aside(count: Part, reader: Reader) -> str | None:
    return reader.counted("dashboard.set_aside", count, n=reader.number(count)) if count.plain else None


def _signal(one: Part, reader: Reader) -> str | None:
    """Contacts that point at the promise; they never decide it (rule R4)."""
    if one.get("n") is None or one["n"].plain < FEWEST:
        return None
    words = {"n": reader.number(one["numerator"]), "total": reader.number(one["denominator"])}
    said = reader.counted("cx.signal", one["numerator"], **words)
    only = {one["by"].plain: one["value"].plain}
    return reader.contacts(said, "promise_broken", "numerator", **only)


def _picture(row: Part, text: str, target: str, reader: Reader) -> Picture | None:
    found = row["figure"]
    if not found or level(found["n"].plain) != "shown" or found.get("value") is None:
        return None
    unit, write = row["unit"].plain, writer(reader, row["unit"].plain)
    value, low, high = (found[name].plain for name in ("value", "low", "high"))
    span = span_of(unit, [one for one in (value, low, high, row["target"].plain) if one is not None])
    said = {"text": text, "value": write(value), "target": target}
    sentence = reader.t("bullet_sentence", **said, status=reader.text(f"cx.promise.{row['status'].plain}"))
    at_least = row["direction"].plain == "at_least"
    svg = bullet(
        sentence, value, low, high, row["target"].plain, at_least, span, (write(span[0]), write(span[1])), target
    )
    interval = reader.interval(found["low"], found["high"], write)
    head = [reader.t(name) for name in ("promise", "target_column", "value_column", "interval_column", "n_column")]
    table = [[text, target, write(found["value"]), interval, reader.number(found["n"])]]
    return Picture(f"promise-{row['id'].plain}", text, sentence, svg, head, table)


def service(own: Part, reader: Reader) -> dict[str, Any]:
    """How service does against the lead's marks; it colours its own panel alone."""
    measures = []
    for one in own["measures"]:
        unit = one["figure"]["unit"].plain if one["figure"] else "%"
        target = writer(reader, unit)(one["target"])
        mark = reader.text(f"cx.{one['direction'].plain}", target=target)
        measures.append(
            {
                "name": metric_name(one["metric"].plain, reader.language),
                "mark": reader.t("mark_is", target=mark) if one["figure"] else None,
                "strength": one["strength"].plain,
                "said": reader.text(f"cx.strength.{one['strength'].plain}"),
                "figure": figure(reader, one["figure"]) if one["figure"] else None,
            }
        )
    strength = own["strength"].plain
    return {"strength": strength, "said": reader.text(f"cx.strength.{strength}"), "measures": measures}


def silent(cx: Part, reader: Reader) -> dict[str, Any]:
    """Those who said nothing: a number only where orders are known (rule R15)."""
    found, rate = cx["silent"], cx["contact_rate"]
    if not found["known"] or found["n"].plain is None:
        said = reader.text("cx.silent_unknown")
    elif found["n"].plain < FEWEST:
        said = reader.t("not_shown")
    else:
        words = {"silent": reader.number(found["value"]), "customers": reader.number(found["n"])}
        said = reader.text("cx.silent_known", **words)
    shown = bool(rate) and level(rate["n"].plain) == "shown"
    return {
        "said": said,
        "rate": reader.text("cx.contact_rate", value=reader.number(rate["value"], 1)) if shown else None,
    }


def _friction(one: Part, reader: Reader) -> dict[str, Any]:
    stands = one["stands"].plain
    return {
        "what": reader.said(one["what"].plain),
        "why": reader.said(one["why"].plain),
        "stands": stands,
        "said": reader.text("cx.stands") if stands else reader.text(f"cx.suspended.{one['suspended'].plain}"),
        "until": reader.text("cx.until", day=reader.day(one["expires_on"].plain)),
        "approver": one["approver"].plain,
        "undeclared": one["undeclared"].plain,
    }


def _event(one: Part, reader: Reader) -> dict[str, str]:
    begin, end = one["start"].plain, one.get("end")
    when = reader.t("days", start=reader.day(begin), end=reader.day(end)) if end else reader.day(begin)
    return {"when": when, "text": reader.said(one["text"].plain)}
