"""R5 and R10: a promise's status is read off its interval and target, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.cx.evidence import mean, observed, on_record, promise, statuses, summed_up
from touchpoints.cx.figure import nps_interval, of_observation
from touchpoints.cx.observation import parse
from touchpoints.cx.status import status


def told(target: float, direction: Any = "at_least", **said: Any) -> str:
    return status(of_observation(parse(observed(**said))), target, direction)


@pytest.mark.parametrize(
    ("target", "expected"),
    [(80, "kept"), (83.4, "kept"), (85, "uncertain"), (86, "uncertain"), (88.2, "uncertain"), (89, "not_kept")],
)
def test_r5_a_share_by_wilsons_interval(target: float, expected: str) -> None:
    assert told(target) == expected  # 688 of 800: 83.4–88.2


@pytest.mark.parametrize(("target", "expected"), [(2, "kept"), (1.2, "uncertain"), (1, "not_kept")])
def test_r5_at_most_turns_it_round(target: float, expected: str) -> None:
    assert told(target, "at_most", numerator=240, denominator=20_000, n=20_000) == expected


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        (4.02, "at_least", "kept"),  # 4.1 ± 1.959964 · 0.8 / 20 = 4.0216–4.1784
        (4.03, "at_least", "uncertain"),
        (4.17, "at_least", "uncertain"),
        (4.18, "at_least", "not_kept"),
        (4.18, "at_most", "kept"),
        (4.02, "at_most", "not_kept"),
    ],
)
def test_r5_a_mean_by_its_standard_error(target: float, direction: Any, expected: str) -> None:
    figure = of_observation(parse(mean(4.1, 0.8, 400)))
    assert (figure.low, figure.high) == pytest.approx((4.0216, 4.1784), abs=1e-4)
    assert status(figure, target, direction) == expected


def test_r5_touching_the_target_is_good() -> None:
    flat = of_observation(parse(mean(4.0, 0.0, 50)))
    assert status(flat, 4.0, "at_least") == "kept"
    assert status(flat, 4.0, "at_most") == "kept"
    share = of_observation(parse(observed()))
    assert share.low is not None and share.high is not None
    assert status(share, share.low, "at_least") == "kept"
    assert status(share, share.high, "at_least") == "uncertain"  # one end of it is good


def test_r5_a_measure_without_interval_is_uncertain_and_none_is_not_measured() -> None:
    assert told(80, numerator=None, denominator=None, value=99) == "uncertain"
    assert status(None, 80, "at_least") == "not_measured"


def test_r10_nps_and_its_variance() -> None:
    value, low, high = nps_interval(620, 140, 1000)
    assert value == pytest.approx(48)
    half = 100 * 1.959964 * ((0.62 + 0.14 - 0.48**2) / 1000) ** 0.5
    assert (low, high) == pytest.approx((48 - half, 48 + half))
    assert nps_interval(240, 460, 1000)[0] == pytest.approx(-22)
    assert nps_interval(10, 0, 10) == (100, 100, 100)


def test_r5_the_latest_period_wins_whatever_came_first(sqlite: Engine) -> None:
    bad = observed(numerator=100, period_start="2026-02-01", period_end="2026-02-28")
    on_record(sqlite, promise=[promise()], imports=[observed(), bad])
    assert statuses(summed_up(sqlite)) == {"design": "kept"}
    worse = observed(numerator=300, period_start="2026-04-01", period_end="2026-04-15")
    on_record(sqlite, imports=[worse])
    assert statuses(summed_up(sqlite)) == {"design": "kept"}  # April is not March's business
    later = summed_up(sqlite, period_to="2026-04-18")
    assert statuses(later) == {"design": "not_kept"}
    assert [figure["period"]["to"] for figure in later["promises"]["rows"][0]["earlier"]] == [
        "2026-03-31",
        "2026-02-28",
    ]


def test_r5_a_period_that_is_not_over_is_not_known_yet(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise()], imports=[observed()])
    assert statuses(summed_up(sqlite, as_of="2026-03-30")) == {"design": "not_measured"}
    assert statuses(summed_up(sqlite, as_of="2026-03-31")) == {"design": "kept"}


def test_r5_sources_that_disagree_leave_it_uncertain(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise()], imports=[observed(), observed(source="another", numerator=200)])
    (row,) = summed_up(sqlite)["promises"]["rows"]
    assert (row["status"], row["why"], len(row["also"])) == ("uncertain", "sources_disagree", 1)


def test_an_observation_counts_by_its_promise_else_by_metric_and_area(sqlite: Engine) -> None:
    named = observed(promise_id="price", source="named")
    elsewhere = observed(cx_area="price", source="elsewhere")
    on_record(sqlite, promise=[promise(), promise("price", areas=["store"])], imports=[named, elsewhere])
    assert statuses(summed_up(sqlite)) == {"design": "not_measured", "price": "kept"}


def test_a_promise_dated_later_says_so(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise()], imports=[observed()], valid_from=date(2026, 4, 10))
    assert summed_up(sqlite)["promises"]["rows"][0]["dated_after_period"] is True
    assert summed_up(sqlite, period_to="2026-04-15")["promises"]["rows"][0]["dated_after_period"] is False


def test_a_measure_that_nothing_came_in_under_is_told_from_one_without_evidence(sqlite: Engine) -> None:
    unheard, elsewhere = promise("unheard", metric="invented"), promise("elsewhere", areas=["delivery"])
    of_service = promise("of_service", metric="first_answer_s", unit="s", target=60)
    on_record(sqlite, promise=[unheard, elsewhere, of_service], imports=[observed()])
    rows = {row["id"]: (row["status"], row["why"]) for row in summed_up(sqlite)["promises"]["rows"]}
    assert rows == {
        "elsewhere": ("not_measured", "no_evidence"),
        "of_service": ("not_measured", "no_evidence"),
        "unheard": ("not_measured", "unknown_measure"),
    }
