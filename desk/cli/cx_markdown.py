"""The CX summary as Markdown, worded in Italian or English; only what may be shown, and nothing that adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from desk import catalogue, labels
from touchpoints.display import FEWEST
from touchpoints.metrics import METRICS

Document = dict[str, Any]


def markdown(document: Document, language: str) -> str:
    """Promises first, service after them."""
    return "\n".join(_Page(document, language).lines()) + "\n"


class _Page:
    def __init__(self, document: Document, language: str) -> None:
        self.document = document
        self.language = language

    def t(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"cx.{key}", **values)

    def lines(self) -> Iterator[str]:
        document, period = self.document, self.document["period"]
        yield f"# {self.t('title')}"
        about = {"start": period["from"], "end": period["to"], "as_of": document["as_of"]}
        yield from ("", self.t("period", **about, version=document["config_version"]), "")
        why = "; ".join(self.t(f"why.{code}") for code in document["why"])
        yield f"**{self.t('status.' + document['status'])}**{f' ({why})' if why else ''}"
        sections: dict[str, Callable[[], Iterator[str]]] = {
            "promises": self.promises,
            "readings": self.readings,
            "service": self.service,
            "placement": self.placement,
            "coverage": self.coverage,
            "causes": self.causes,
            "quadrants": self.quadrants,
            "pillars": self.pillars,
            "relationship": self.relationship,
            "silent": self.silent,
            "priorities": self.priorities,
            "frictions": self.frictions,
            "context": self.context,
            "actions": self.actions,
        }
        for name, section in sections.items():
            found = list(section())
            yield from ("", f"## {self.t('heading.' + name)}", "")
            yield from found or [self.t("no_rows")]

    def promises(self) -> Iterator[str]:
        for row in self.document["promises"]["rows"]:
            target = self.t(row["direction"], target=f"{row['target']:g}{'%' if row['unit'] == '%' else ''}")
            shown = self.figure(row["figure"]) if row["figure"] else self.t("not_measured_here")
            told = self.t(f"promise.{row['status']}")
            yield f"- **{self.text(row['text'])}**: {told} ({row['metric']} {target}; {shown})"
            yield f"  - {self.t('promise_why.' + row['why'])}; {self.t('owner')}: {row['owner']}"
            for signal in row["signals"]:
                if signal["n"] is not None and signal["n"] >= FEWEST:
                    yield f"  - {self.t('signal', n=signal['numerator'], total=signal['denominator'])}"

    def readings(self) -> Iterator[str]:
        yield from (f"- {self.t('reading.' + code)}" for code in self.document["readings"])

    def service(self) -> Iterator[str]:
        for one in self.document["service"]["measures"]:
            shown = self.figure(one["figure"]) if one["figure"] else self.t("not_measured_here")
            yield f"- {self.metric(one['metric'])}: {shown} ({self.t('strength.' + one['strength'])})"

    def placement(self) -> Iterator[str]:
        found = self.document["placement"]
        yield f"- {self.t('areas_observed', observed=found['areas_observed'], total=found['areas_total'])}"
        share = found["service_share_of_records"]
        if share["n"]:
            yield f"- {self.t('service_share', n=share['numerator'], total=share['denominator'])}"
        for row in found["areas"]:
            shown = self.t("n", n=row["n"]) if row["observed"] else self.t("not_measured_here")
            sources = f" ({', '.join(row['sources'])})" if row["sources"] else ""
            yield f"- {labels.label(self.language, 'area', row['area'])}: {shown}{sources}"

    def coverage(self) -> Iterator[str]:
        found = self.document["coverage"]
        yield self.t("cells_observed", observed=found["observed"], applicable=found["applicable"])
        yield ""
        stages = [labels.label(self.language, "stage", stage) for stage in found["stages"]]
        yield f"| | {' | '.join(stages)} |"
        yield f"|---|{'---|' * len(stages)}"
        for row in found["rows"]:
            cells = [self.t("n", n=c["n"]) if c["n"] else self.t(f"state.{c['state']}") for c in row["cells"]]
            yield f"| {self.text(row['name'])} | {' | '.join(cells)} |"

    def causes(self) -> Iterator[str]:
        found = self.document["causes"]
        outside = found["outside_service"]
        if outside["n"] >= FEWEST:
            yield f"- {self.t('outside_service', n=outside['numerator'], total=outside['denominator'])}"
        for row in found["by_area"]:
            shown = "n<5" if row["hidden"] or row["n"] < FEWEST else self.t("n", n=row["n"])
            name = labels.label(self.language, "area", row["value"])
            yield f"- {name}: {shown}; {self.t('owner')}: {row['owner'] or self.t('nobody')}"

    def quadrants(self) -> Iterator[str]:
        found = self.document["quadrants"]
        for row in found["quadrants"]:
            if row["hidden"] or row["n"]:
                shown = "n<5" if row["hidden"] or row["n"] < FEWEST else self.t("n", n=row["n"])
                yield f"- {self.t('quadrant.' + row['value'])}: {shown}"
        mitigated = found["mitigated_not_eliminated"]
        if mitigated and mitigated["n"] >= FEWEST:
            yield f"- {self.t('mitigated', n=mitigated['numerator'], total=mitigated['denominator'])}"
        yield from ("", self.t("quadrants_note"))

    def pillars(self) -> Iterator[str]:
        for row in self.document["pillars"]:
            yield f"- **{self.t('pillar.' + row['pillar'])}**"
            for origin in ("from_service", "from_imports"):
                for figure in row[origin]:
                    yield f"  - {self.t(origin)}: {self.metric(figure['metric'])} {self.figure(figure)}"
            if row["missing"]:
                yield f"  - {self.t('missing')}: {', '.join(self.t('evidence.' + code) for code in row['missing'])}"
            if row["partly"]:
                yield f"  - {self.t('partly', names=', '.join(self.t('evidence.' + code) for code in row['partly']))}"
        yield from ("", self.t("no_mark"))

    def relationship(self) -> Iterator[str]:
        found = self.document["relationship"]
        for origin, key in (("service", "from_service"), ("relationship", "from_imports")):
            for figure in found[origin]:
                yield f"- {self.t(key)}: {self.metric(figure['metric'])} {self.figure(figure)}"
        yield from (f"- {self.t('missing')}: {self.t('evidence.' + code)}" for code in found["missing"])
        yield from ("", self.t("association"))

    def silent(self) -> Iterator[str]:
        found, rate = self.document["silent"], self.document["contact_rate"]
        if not found["known"]:
            yield f"- {self.t('silent_unknown')}"
        elif found["n"] >= FEWEST:
            yield f"- {self.t('silent_known', silent=found['value'], customers=found['n'])}"
        else:
            yield f"- {found['display']}"
        if rate and rate["n"] >= 10:
            value = f"{rate['value']:.1f}"
            yield f"- {self.t('contact_rate', value=value)}"

    def priorities(self) -> Iterator[str]:
        found = self.document["priorities"]
        for row in found["to_fix"]:
            yield f"{row['rank']}. {self.t('tier.' + row['tier'])}: {self.cause(row)}; {self.owner(row)}"
        if found["designed"]:
            yield from ("", f"{self.t('designed_note')}: {', '.join(self.cause(row) for row in found['designed'])}")
        if found["hidden"]:
            yield from ("", self.t("hidden_causes", n=found["hidden"]))

    def frictions(self) -> Iterator[str]:
        for row in self.document["frictions"]:
            stands = self.t("stands") if row["stands"] else self.t(f"suspended.{row['suspended']}")
            undeclared = f"; {self.t('undeclared')}" if row["undeclared"] else ""
            until = self.t("until", day=row["expires_on"])
            named = f"{self.text(row['what'])} ({self.text(row['why'])})"
            yield f"- {named}: {stands}, {until}; {row['approver']}{undeclared}"

    def context(self) -> Iterator[str]:
        for row in self.document["context"]:
            end = f" – {row['end']}" if row["end"] else ""
            yield f"- {row['start']}{end}: {self.text(row['text'])}"

    def actions(self) -> Iterator[str]:
        for level, rows in self.document["actions"].items():
            for row in rows:
                flag = f" (**{self.t('without_purpose')}**)" if row["without_purpose"] else ""
                again = self.t("measure_again", day=row["measure_again_on"])
                yield f"- {self.t('level.' + level)}: {self.text(row['text'])}; {row['owner']}; {again}{flag}"

    def cause(self, row: Document) -> str:
        if row["cause"]:
            return labels.label(self.language, "reason", row["cause"])
        for promise in self.document["promises"]["rows"]:
            if promise["id"] == row["promise_id"]:
                return self.text(promise["text"])
        return str(row["promise_id"])

    def owner(self, row: Document) -> str:
        return f"{self.t('owner')}: {row['owner'] or self.t('nobody')}"

    def figure(self, figure: Document) -> str:
        period = figure["period"]
        return f"{figure['display']}; {figure['source']}, {period['from']} – {period['to']}"

    def metric(self, name: str) -> str:
        if name in METRICS:
            return str(getattr(METRICS[name].name, self.language))
        key = f"cx.evidence.{name}"
        return catalogue.text(self.language, key) if key in catalogue.keys(self.language) else name

    def text(self, text: Document) -> str:
        """In the language asked for, else in the other."""
        return str(text.get(self.language) or next(value for value in text.values() if value))
