"""Orders: a denominator for contacts, and a number of customers nobody heard from."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.touchpoints.cx.evidence import observed, on_record, summed_up
from tests.touchpoints.cx.test_rules import contacts
from touchpoints.configuration import default
from touchpoints.cx import orders
from touchpoints.cx.schema import customer_order
from touchpoints.errors import ImportRefused
from touchpoints.report import report
from touchpoints.store import erase, reading

HEADER = "customer_key,order_ref,at\n"


def take(engine: Engine, text: str) -> orders.Imported:
    with engine.begin() as connection:
        return orders.import_csv(connection, io.BytesIO(text.encode()), default())


def ordered(*customers: str, day: int = 3) -> str:
    return HEADER + "".join(f"{key},o-{key}-{n},2026-03-{day:02}T10:00\n" for n, key in enumerate(customers))


def march(engine: Engine, **asked: Any) -> dict[str, Any]:
    with reading(engine) as connection:
        return report(connection, default(), "2026-03-01", "2026-03-31", "2026-04-20", **asked)["metrics"]


def test_r15_silent_customers_are_those_with_an_order_and_no_contact(engine: Engine) -> None:
    on_record(engine, events=contacts(8))
    take(engine, ordered("c0", "c1", "c1", "x", "y", "z"))
    silent = summed_up(engine)["silent"]
    assert (silent["n"], silent["value"], silent["orders"], silent["at_most"]) == (5, 3, 6, True)
    assert silent["display"] == "3 of 5"


def test_r15_what_happens_outside_the_period_or_later_is_left_out(engine: Engine) -> None:
    on_record(engine, events=contacts(8))
    take(
        engine, HEADER + "x,o1,2026-02-28T23:59\ny,o2,2026-03-01T00:00\nz,o3,2026-03-31T23:59\nw,o4,2026-04-01T00:00\n"
    )
    silent = summed_up(engine)["silent"]
    assert (silent["n"], silent["value"]) == (2, 2)
    early = summed_up(engine, as_of="2026-03-02")["silent"]
    assert (early["n"], early["value"]) == (1, 1)
    none = summed_up(engine, period_from="2026-01-01", period_to="2026-01-31")["silent"]
    assert (none["known"], none["n"], none["value"]) == (True, 0, 0)


def test_contact_rate_needs_orders(engine: Engine) -> None:
    on_record(engine, events=contacts(8))
    assert march(engine)["contact_rate"]["display"] == "not measured here"
    take(engine, ordered(*[f"k{n}" for n in range(40)]))
    cell = march(engine)["contact_rate"]
    assert (cell["value"], cell["n"], cell["contacts"], cell["orders"]) == (20, 40, 8, 40)
    assert {"unit", "version", "display"} <= set(cell)
    assert march(engine, where={"language": "it"})["contact_rate"]["value"] is None  # orders have no language


def test_contact_rate_of_few_orders_is_hidden(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(8))
    take(sqlite, ordered(*"abcd"))
    assert march(sqlite)["contact_rate"]["display"] == "n<5"
    take(sqlite, ordered(*"efgh"))
    assert march(sqlite)["contact_rate"]["display"] == "8/8"


def test_nps_of_a_report_is_the_latest_relational_survey(engine: Engine) -> None:
    counted = {"numerator": None, "denominator": None, "cx_area": "unknown", "metric_id": "nps", "n": 1000}
    on_record(engine, imports=[observed(promoters=620, passives=240, detractors=140, **counted)])
    cell = march(engine)["nps"]
    assert (round(cell["value"]), cell["n"], cell["unit"]) == (48, 1000, "points")
    assert cell["low"] < 48 < cell["high"]
    tnps = counted | {"metric_id": "tnps", "cx_area": "service"}
    on_record(engine, imports=[observed(promoters=0, detractors=1000, source="chat", **tnps)])
    assert round(march(engine)["nps"]["value"]) == 48
    assert march(engine, where={"language": "it"})["nps"]["value"] is None


def test_the_same_order_twice_is_one_and_another_under_its_name_is_refused(engine: Engine) -> None:
    assert take(engine, ordered("a", "b")).new == 2
    again = take(engine, ordered("a", "b"))
    assert (again.new, again.known) == (0, 2)
    with pytest.raises(ImportRefused) as error:
        take(engine, f"{HEADER}new,o9,2026-03-01T10:00\nb,o-a-0,2026-03-03T10:00\n")
    assert error.value.rejects == ((3, "order_ref: 'o-a-0' is on record with another customer or moment"),)
    with engine.connect() as connection:
        assert len(connection.execute(select(customer_order)).all()) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",o1,2026-03-01T10:00", "customer_key: missing"),
        ("a,,2026-03-01T10:00", "order_ref: missing"),
        ("a,o1,", "at: missing"),
        ("a,o1,yesterday", "at: 'yesterday' is no moment"),
        ("a,o1,2026-02-30T10:00", "at: '2026-02-30T10:00' is no moment"),
        (f"{'a' * 201},o1,2026-03-01T10:00", "customer_key: longer than 200"),
        ("a,o1,2026-03-01T10:00,more", "too many columns"),
    ],
)
def test_what_is_no_order_is_refused_by_line(sqlite: Engine, row: str, why: str) -> None:
    with pytest.raises(ImportRefused) as error:
        take(sqlite, f"{HEADER}z,o0,2026-03-01T10:00\n{row}\n")
    ((line, said),) = error.value.rejects
    assert (line, said.startswith(why)) == (3, True)


def test_moments_without_offset_are_the_brands_and_italian_ones_are_read(sqlite: Engine) -> None:
    take(sqlite, "customer_key;order_ref;at\na;o1;01/03/2026 10:00\nb;o2;2026-03-01T09:00Z\nc;o3;2026-03-01\n")
    with sqlite.connect() as connection:
        rows = {row.order_ref: row.at for row in connection.execute(select(customer_order))}
    assert rows["o1"] == rows["o2"]
    assert rows["o1"] - rows["o3"] == 10 * 3600 * 1_000_000


def test_an_erased_customers_orders_stay_without_them(engine: Engine) -> None:
    on_record(engine, events=contacts(8))
    take(engine, ordered("c0", "x", "y"))
    with engine.begin() as connection:
        erase(connection, "c0")
        erase(connection, "x")
    with engine.connect() as connection:
        rows = connection.execute(select(customer_order)).all()
    assert len(rows) == 3
    assert not {"c0", "x"} & {row.customer_key for row in rows}
    assert [row.order_ref for row in rows if not row.order_ref.startswith("erased-")] == ["o-y-2"]
    silent = summed_up(engine)["silent"]
    assert (silent["orders"], silent["n"], silent["value"], silent["display"]) == (3, 1, 1, "n<5")
