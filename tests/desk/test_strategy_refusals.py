"""Every refusal of an import is said in Italian too."""

from __future__ import annotations

import io
import string

import pytest

from desk import catalogue
from desk.strategy import refusals
from touchpoints.cx.errors import ObservationError
from touchpoints.cx.observation import parse
from touchpoints.cx.orders import FIELDS as ORDER_FIELDS
from touchpoints.cx.spreadsheet import open_sheet
from touchpoints.errors import ImportRefused

GOOD = {
    "source": "log",
    "metric_id": "on_time",
    "n": 200,
    "population": "parcels",
    "period_start": "2026-02-01",
    "period_end": "2026-02-28",
    "numerator": 150,
    "denominator": 200,
}
NPS = {**GOOD, "metric_id": "nps", "numerator": None, "denominator": None}


@pytest.mark.parametrize(
    "row",
    [
        GOOD | {"period_end": "2026-01-01"},
        GOOD | {"period_end": "yesterday"},
        GOOD | {"promoters": 3},
        GOOD | {"numerator": None, "denominator": None},
        GOOD | {"value": 3.0},
        GOOD | {"denominator": None},
        GOOD | {"numerator": 300},
        GOOD | {"n": "many"},
        GOOD | {"n": -1},
        GOOD | {"source": "x" * 500},
        GOOD | {"cx_area": "kitchen"},
        GOOD | {"numerator": None, "denominator": None, "value": 3.0, "sd": -1.0},
        NPS | {"numerator": 3, "denominator": 4},
        NPS | {"promoters": 3},
        NPS | {"promoters": 100, "passives": 10, "detractors": 10},
        NPS | {"promoters": 100, "passives": 50, "detractors": 50, "value": 80.0},
        NPS,
        NPS | {"value": 300.0},
        GOOD | {"unheard_of": 1},
    ],
)
def test_a_row_that_is_wrong_says_so_in_italian(row):
    with pytest.raises(ObservationError) as refused:
        parse(row)
    assert refusals.said("it", refused.value.why) != refused.value.why
    assert refusals.said("en", refused.value.why) == refused.value.why


@pytest.mark.parametrize(
    "body",
    [b"order_ref,order_ref,at\n", b"order_ref,what\n", b"order_ref,customer_key\n"],
)
def test_a_header_that_is_wrong_says_so_in_italian(body):
    with pytest.raises(ImportRefused) as refused:
        open_sheet(io.BytesIO(body), ORDER_FIELDS, ORDER_FIELDS)
    why = refused.value.rejects[0][1]
    assert refusals.said("it", why) != why


def test_what_is_filled_in_stays_as_it_was():
    assert refusals.said("it", "2026-01-01 comes before 2026-02-01") == "2026-01-01 viene prima di 2026-02-01"
    assert refusals.said("it", "nobody ever wrote this") == "nobody ever wrote this"


def test_both_catalogues_fill_in_the_same():
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key in (key for key in catalogue.keys("en") if key.startswith(("refusals.", "questions."))):
        assert places(catalogue.text("en", key)) == places(catalogue.text("it", key)), key
