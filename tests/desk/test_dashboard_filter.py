from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest

from desk.dashboard import refused
from desk.dashboard.changes import weeks
from desk.dashboard.document import Part
from desk.dashboard.evidence import KEPT, SECONDS, Answers
from desk.dashboard.figures import Reader
from desk.dashboard.filter import Filter
from desk.dashboard.period import Period
from desk.errors import BadRequest
from touchpoints import period
from touchpoints.behind import behind
from touchpoints.configuration import default
from touchpoints.errors import QueryError
from touchpoints.fields import reader as field_reader

MARCH = Period(date(2026, 3, 2), date(2026, 3, 8), "2026-03-20")


def test_the_same_question_has_the_same_address_whatever_the_order() -> None:
    one = Filter(MARCH).only(channel="chat").only(contact_reason="delivery.late")
    other = Filter(MARCH).only(contact_reason="delivery.late").only(channel="chat").only(channel="chat")
    assert one.query == other.query
    assert one.query == "from=2026-03-02&to=2026-03-08&as_of=2026-03-20&channel=chat&reason=delivery.late"
    assert one.api_query.endswith("&where=channel%3Dchat&where=contact_reason%3Ddelivery.late")


def test_conditions_without_a_place_in_the_bar_stay_in_the_address() -> None:
    found = Filter(MARCH).only(cause_area="price")
    assert found.query.endswith("&where=cause_area%3Dprice")
    assert found.further == [("cause_area", "price")]


def test_the_period_before_has_as_many_days_and_ends_the_day_before() -> None:
    assert Filter(MARCH).before == (date(2026, 2, 23), date(2026, 3, 1))


def test_the_last_full_week_ends_on_the_latest_sunday() -> None:
    week = (date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 2, 23), date(2026, 3, 1))
    for day in range(8, 15):
        assert weeks(date(2026, 3, day)) == week


def test_a_part_of_a_document_knows_its_json_pointer() -> None:
    part = Part({"a/b": [{"c~d": 0.4}]}, "metrics")["a/b"][0]["c~d"]
    assert (part.plain, part.path) == (0.4, "/a~1b/0/c~0d")


def test_a_number_says_where_it_stands_and_keeps_its_mark_in_a_sentence() -> None:
    reader = Reader("it")
    said = reader.t("counts_only", numerator=reader.number(Part(1234, "cx", "/n")), denominator="<b>")
    assert said == '<data value="1234" data-document="cx" data-path="/n">1.234</data> su &lt;b&gt;'


class Ticking:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_asked_again_when_the_record_changed_or_time_went_by() -> None:
    clock, asked = Ticking(), []

    def work() -> int:
        asked.append(1)
        return len(asked)

    answers = Answers(clock)
    assert answers.get("q", (1,), work) == 1
    assert answers.get("q", (1,), work) == 1
    assert answers.get("q", (2,), work) == 2
    clock.now = SECONDS + 1
    assert answers.get("q", (2,), work) == 3
    for number in range(KEPT):
        answers.get(number, (2,), lambda: 0)
    assert answers.get("q", (2,), work) == 4


@pytest.mark.parametrize(
    "asked",
    [
        lambda: period.day("from", "abc"),
        lambda: period.moment("noon", default()),
        lambda: period.moment("9999-12-31T23:59+00:00", default()),
        lambda: period.moment(date(9999, 12, 31), default()),
        lambda: period.span(date(2026, 3, 2), date(2026, 3, 1), default()),
        lambda: field_reader("nope", default()),
        lambda: behind(cast(Any, None), "nope"),
    ],
)
def test_every_refusal_of_a_question_is_said_in_italian(asked: Callable[[], object]) -> None:
    with pytest.raises(QueryError) as error:
        asked()
    why = str(error.value).partition(": ")[2]
    assert why not in refused.said("it", error.value)
    assert refused.said("en", error.value).endswith(why)


@pytest.mark.parametrize(
    ("message", "field", "said"),
    [
        ("to: out of range", "to", "Al: fuori dal calendario"),
        ("where: write FIELD=VALUE", "where", "Condizione: scrivi CAMPO=VALORE"),
        ("where: too much", "where", "Condizione: troppe condizioni, o troppo lunghe"),
        ("what nobody ever wrote", None, "what nobody ever wrote"),
    ],
)
def test_what_the_desk_itself_refuses_is_said_in_italian_too(message: str, field: str | None, said: str) -> None:
    assert refused.said("it", BadRequest(message, field=field)) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("fcr has no part 'nope'; it has eventually", "fcr non ha la parte 'nope'; ha: eventually"),
        ("fcr has no 'nope'; it has n", "fcr non ha 'nope'; ha: n"),
        ("fcr is no count per value", "fcr non si conta per valore"),
        ("aht_s is not measured from interactions", "aht_s non si misura sui contatti"),
    ],
)
def test_a_number_there_is_not_is_said_in_italian(message: str, said: str) -> None:
    assert refused.said("it", QueryError("metric", message)) == f"Misura: {said}"


def test_one_is_counted_in_the_singular() -> None:
    for count, said in ((1, "1 contatto su 10 parla"), (2, "2 contatti su 10 parlano")):
        reader, n = Reader("it"), Part(count, "cx", "/n")
        assert reader.counted("cx.signal", n, n=count, total=10).startswith(said)
