"""Every idea of the sources has something in the product that carries it, and what is named exists."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from desk import catalogue
from desk.demo.stories import STORIES
from desk.server import BLUEPRINTS
from desk.strategy.kinds import KINDS as PLURALS
from touchpoints import vocabulary as v
from touchpoints.cx import entry, ledger, observation
from touchpoints.cx import vocabulary as c
from touchpoints.dictionary import DICTIONARY
from touchpoints.metrics import METRICS

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "concepts.md"
EXPECTED: Final = {
    **{f"0.{n}": None for n in range(1, 15)},
    **{f"1.{n}": None for n in range(1, 12)},
    **{f"2.{n}": None for n in range(1, 23)},
    **{f"3.{n}": None for n in range(1, 9)},
    **{f"4.{n}": None for n in range(1, 11)},
    **{f"n.{n}": None for n in range(1, 10)},
}
VOCABULARIES: Final[dict[str, tuple[str, ...]]] = {
    "area": v.AREAS,
    "stage": v.STAGES,
    "environment": get_args(v.Environment),
    "lifecycle": get_args(v.Lifecycle),
    "pillar": c.PILLARS,
    "offering": get_args(c.OfferingStage),
    "action_type": get_args(c.ActionType),
}
_ROW: Final = re.compile(r"^\| ([0-9n]\.\d+) \| (.+?) \| (.+) \|$")
_CARRIER: Final = re.compile(r"`([a-z]+):([^`]+)`")


def rows() -> dict[str, list[tuple[str, str]]]:
    found = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if match := _ROW.match(line):
            found[match[1]] = _CARRIER.findall(match[3])
    return found


def _sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def _entry(name: str) -> bool:
    kind, _, field = name.partition(".")
    return kind in entry.KINDS and field in entry.KINDS[kind].__struct_fields__


def _value(name: str) -> bool:
    vocabulary, _, value = name.partition(".")
    return value in VOCABULARIES.get(vocabulary, ())


def _rule(name: str) -> bool:
    return re.search(rf"^(async )?def test_{name.lower()}_", _sources(), re.MULTILINE) is not None


def _test(name: str) -> bool:
    path, _, function = name.partition("::")
    file = ROOT / path
    return file.exists() and re.search(rf"^(async )?def {function}\(", file.read_text(), re.MULTILINE) is not None


def _page(address: str) -> bool:
    """A route as it stands, or a list of what leads write down."""
    routes = {route.uri for blueprint in BLUEPRINTS for route in blueprint._future_routes}
    return address in routes or address.removeprefix("/strategy/") in PLURALS


def _text(key: str) -> bool:
    return all(key in catalogue.keys(language) for language in catalogue.languages())


def _sample(metric: str) -> bool:
    file = ROOT / "desk" / "strategy" / "samples" / "observations.csv"
    with file.open(encoding="utf-8", newline="") as source:
        return metric in {row["metric_id"] for row in csv.DictReader(source)}


EXISTS: Final[dict[str, Callable[[str], bool]]] = {
    "metric": lambda name: name in METRICS,
    "field": lambda name: name in {one.name for one in DICTIONARY},
    "observation": lambda name: name in observation.FIELDS,
    "sample": _sample,
    "entry": _entry,
    "value": _value,
    "touchpoint": lambda name: name in ledger._defaults()["touchpoint"],
    "summary": lambda name: _text(f"cx.heading.{name}"),
    "rule": _rule,
    "test": _test,
    "page": _page,
    "text": _text,
    "demo": lambda name: name in STORIES,
}


def test_every_idea_has_its_row() -> None:
    assert list(rows()) == list(EXPECTED)


@pytest.mark.parametrize("idea", EXPECTED)
def test_every_idea_is_carried_by_something_that_exists(idea: str) -> None:
    carriers = rows().get(idea, [])
    assert carriers, f"{idea} has no carrier"
    missing = [f"{kind}:{name}" for kind, name in carriers if not EXISTS[kind](name)]
    assert not missing, f"{idea}: {', '.join(missing)} is nowhere in the product"


@pytest.mark.parametrize("kind", EXISTS)
def test_a_carrier_that_does_not_exist_is_noticed(kind: str) -> None:
    assert not EXISTS[kind]("no_such.thing")


@pytest.mark.parametrize("rule", [f"R{n}" for n in range(1, 17)])
def test_every_rule_has_a_test_named_for_it(rule: str) -> None:
    assert _rule(rule)


def test_nothing_that_sees_one_touchpoint_is_named_cx() -> None:
    names = [*METRICS, *(one.name for one in DICTIONARY)]
    assert [name for name in names if name.startswith("cx") or name.endswith("_score")] == []


def test_places_that_are_not_digital_are_always_on_the_map() -> None:
    """They are drawn whether or not anything was ever measured there."""
    environments: dict[str, Any] = {
        name: one.value.environment for name, one in ledger._defaults()["touchpoint"].items()
    }
    assert {"store", "product", "delivery"} <= {name for name, one in environments.items() if one == "in_store"}
    assert environments["collection_point"] == "phygital"


def test_promises_come_before_service() -> None:
    from desk.dashboard.view import VIEWS

    names = [one.name for one in VIEWS]
    assert names[0] == "promises" and names.index("service") > names.index("placement")


def test_a_status_rests_on_promises_and_nothing_else() -> None:
    """No comment and no alert can set one: a promise takes a metric, a target and an interval."""
    fields = set(entry.Promise.__struct_fields__)
    assert {"metric", "target", "direction"} <= fields
    assert not fields & {"alert", "comment", "sentiment", "mentions"}
