"""Observations from spreadsheets: what is refused is named by line, and nothing of its file is stored."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.cx.evidence import NOW, observed, on_record, promise
from touchpoints.cx import observations
from touchpoints.errors import ImportRefused
from touchpoints.store import reading

HEADER = (
    "source,touchpoint_type,cx_area,journey_stage,metric_id,numerator,denominator,value,sd,n,population,period_start,"
    "period_end"
)
GOOD = "reviews,product,product,post_purchase,reviews_4plus,688,800,,,800,buyers,2026-03-01,2026-03-31"


def take(engine: Engine, text: str | bytes, by: str = "lead", days: int = 0) -> observations.Imported:
    source = io.BytesIO(text.encode() if isinstance(text, str) else text)
    with engine.begin() as connection:
        return observations.import_csv(connection, source, NOW + timedelta(days=days), by)


def refused(engine: Engine, text: str | bytes) -> dict[int, str]:
    with pytest.raises(ImportRefused) as error:
        take(engine, text)
    assert stored(engine) == []
    assert error.value.total == len(error.value.rejects)
    return dict(error.value.rejects)


def stored(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return observations.page(connection, 100)[0]


def line(**changed: str) -> str:
    return ",".join((dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | changed).values())


def test_a_row_is_taken_in_whole(engine: Engine) -> None:
    done = take(engine, f"{HEADER}\n{GOOD}\n")
    assert (done.rows, done.new, done.revised, done.unchanged) == (1, 1, 0, 0)
    (row,) = stored(engine)
    assert (row["numerator"], row["denominator"], row["n"]) == (688, 800, 800)
    assert (row["period_start"], row["recorded_by"], row["revision"]) == ("2026-03-01", "lead", 1)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"n": ""}, "n: missing"),
        ({"population": ""}, "population: missing"),
        ({"period_start": ""}, "period_start: missing"),
        ({"period_end": ""}, "period_end: missing"),
        ({"source": ""}, "source: missing"),
        ({"n": "-5"}, "n: "),
        ({"n": "0"}, "n: "),
        ({"n": "many"}, "n: 'many' is no whole number"),
        ({"n": "1.000"}, "n: '1.000' is no whole number"),
        ({"numerator": "801"}, "numerator: 801 is above the denominator, 800"),
        ({"numerator": ""}, "numerator: missing"),
        ({"denominator": ""}, "denominator: missing"),
        ({"numerator": "", "denominator": ""}, "value: missing"),
        ({"value": "86"}, "value: given twice"),
        ({"numerator": "", "denominator": "", "value": "nan"}, "value: 'nan' is no number"),
        ({"numerator": "", "denominator": "", "value": "inf"}, "value: 'inf' is no number"),
        ({"numerator": "", "denominator": "", "value": "4.1", "sd": "-1"}, "sd: needs a value and can't be negative"),
        ({"period_end": "2026-02-28"}, "period_end: 2026-02-28 comes before 2026-03-01"),
        ({"period_end": "31/03/2026"}, "period_end: '31/03/2026' is no day"),
        ({"period_end": "2026-02-30"}, "period_end: '2026-02-30' is no day"),
        ({"cx_area": "kitchen"}, "cx_area: 'kitchen' is none of marketing, product"),
        ({"journey_stage": "heaven"}, "journey_stage: 'heaven' is none of awareness"),
        ({"metric_id": "two words"}, "metric_id: "),
    ],
)
def test_what_cannot_be_is_refused_by_line_and_field(sqlite: Engine, changed: dict[str, str], why: str) -> None:
    assert refused(sqlite, f"{HEADER}\n{GOOD}\n{line(**changed)}\n")[3].startswith(why)


def test_every_bad_line_is_named_and_nothing_is_stored(engine: Engine) -> None:
    rows = [GOOD, line(n=""), line(source="b"), line(source="c", numerator="900"), f"{GOOD},one,more"]
    found = refused(engine, "\n".join([HEADER, *rows]))
    assert sorted(found) == [3, 5, 6]
    assert found[6] == "too many columns: 15 where the header has 13"


def test_nothing_is_half_imported_however_long_the_file(sqlite: Engine) -> None:
    rows = [line(source=f"source {number}") for number in range(observations.AT_ONCE + 5)]
    assert refused(sqlite, "\n".join([HEADER, *rows, line(n="-1")])) == {len(rows) + 2: "n: Expected `int` >= 1"}


def test_the_same_again_changes_nothing_and_other_content_is_a_revision(engine: Engine) -> None:
    take(engine, f"{HEADER}\n{GOOD}\n")
    again = take(engine, f"{HEADER}\n{GOOD}\n", "somebody else", 1)
    assert (again.new, again.revised, again.unchanged) == (0, 0, 1)
    revised = take(engine, f"{HEADER}\n{line(numerator='700')}\n", "Ada", 2)
    assert (revised.new, revised.revised, revised.unchanged) == (0, 1, 0)
    (row,) = stored(engine)
    assert (row["numerator"], row["revision"], row["recorded_by"]) == (700, 2, "Ada")
    with reading(engine) as connection:
        kept = observations.history(connection, row["key"])
    assert [(one["numerator"], one["recorded_by"], one["current"]) for one in kept] == [
        (688, "lead", False),
        (700, "Ada", True),
    ]
    assert kept[0]["recorded_at"] < kept[1]["recorded_at"]


def test_a_file_that_contradicts_itself_is_refused(sqlite: Engine) -> None:
    assert refused(sqlite, f"{HEADER}\n{GOOD}\n{line(numerator='1')}\n") == {
        3: "says of the same thing something else than line 2"
    }
    assert take(sqlite, f"{HEADER}\n{GOOD}\n{GOOD}\n").unchanged == 1


ITALIAN = """sep=;
source;touchpoint_type;cx_area;journey_stage;metric_id;value;sd;n;population;response_rate;period_start;period_end
Qualità percepita;negozio;store;purchase;gradimento;4,25;0,80;1.200;clienti all'uscita;12,5%;01/03/2026;31/03/2026
"""


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_spreadsheet_as_an_italian_excel_writes_it(sqlite: Engine, encoding: str) -> None:
    assert take(sqlite, ITALIAN.replace("\n", "\r\n").encode(encoding)).new == 1
    (row,) = stored(sqlite)
    assert (row["source"], row["population"]) == ("Qualità percepita", "clienti all'uscita")
    assert (row["value"], row["sd"], row["n"], row["response_rate"]) == (4.25, 0.8, 1200, 0.125)
    assert (row["period_start"], row["period_end"]) == ("2026-03-01", "2026-03-31")


def test_an_accent_late_in_a_long_file_is_still_read(sqlite: Engine) -> None:
    rows = [line(source=f"source {number}") for number in range(2000)]
    take(sqlite, "\n".join([HEADER, *rows, line(source="qualità")]).encode("cp1252"))
    with reading(sqlite) as connection:
        found, total = observations.page(connection, 5000)
    assert total == 2001
    assert "qualità" in {row["source"] for row in found}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the file is empty"),
        (HEADER.replace(",n,", ",") + "\n", "column 'n' is missing"),
        (HEADER + ",mood\n", "unknown column 'mood'"),
        (HEADER + ",n\n", "column 'n' appears twice"),
        (",".join(f"c{number}" for number in range(150)) + "\n", "too many columns: 150"),
        (",".join(["n"] * 1_000_000) + "\n", "too many columns: a line longer than"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(sqlite: Engine, text: str, why: str) -> None:
    assert refused(sqlite, text)[1].startswith(why)


@pytest.mark.parametrize("row", ["a,b\0c,d", '"never closed', "x" * 200_000])
def test_what_is_no_row_is_refused(sqlite: Engine, row: str) -> None:
    assert list(refused(sqlite, f"{HEADER}\n{GOOD}\n{row}\n")) == [3]


def test_lines_are_counted_as_an_editor_counts_them(sqlite: Engine) -> None:
    two_lines = line(population='"buyers\nwho reviewed"')
    assert list(refused(sqlite, f"{HEADER}\n{two_lines}\n\n{line(n='')}\n")) == [5]


def test_an_nps_comes_as_counts_or_as_its_value(sqlite: Engine) -> None:
    counts = {"numerator": None, "denominator": None, "metric_id": "nps", "cx_area": "unknown", "n": 1000}
    for good in (
        {"promoters": 620, "passives": 240, "detractors": 140},
        {"promoters": 620, "detractors": 140},
        {"value": 48},
    ):
        on_record(sqlite, imports=[observed(source=str(good), **counts | good)])
    bad = [
        {"value": 148},
        {"numerator": 620, "denominator": 1000},
        {"promoters": 620},
        {"promoters": 620, "passives": 1, "detractors": 140},
        {"promoters": 620, "detractors": 140, "value": 20},
        {},
    ]
    for number, wrong in enumerate(bad):
        with pytest.raises(ImportRefused), sqlite.begin() as connection:
            observations.add(connection, [observed(source=f"bad {number}", **counts | wrong)], NOW, "lead")


def test_a_promise_nobody_wrote_down_is_pointed_out(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise()])
    with sqlite.begin() as connection:
        rows = [observed(promise_id="design"), observed(source="b", promise_id="desing")]
        assert observations.add(connection, rows, NOW, "lead").unattached == {"desing": 1}


@pytest.mark.parametrize("wrong", [{"n": "800"}, {"n": True}, {"n": 8.5}, {"value": []}, {"mood": 1}, {"cx_area": {}}])
def test_json_of_the_wrong_type_is_refused(sqlite: Engine, wrong: dict[str, Any]) -> None:
    with pytest.raises(ImportRefused) as error, sqlite.begin() as connection:
        observations.add(connection, [observed(), observed(source="b") | wrong], NOW, "lead")
    assert [place for place, _ in error.value.rejects] == [2]
