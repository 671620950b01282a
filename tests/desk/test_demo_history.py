"""The simulated past: the same every time, valid, never later than asked, and with the story it is meant to tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from desk.demo import configuration, voices
from desk.demo.history import history
from touchpoints import store
from touchpoints.configuration import save
from touchpoints.parsing import parse
from touchpoints.report import report

UNTIL = datetime(2026, 10, 7, 10, 30, tzinfo=UTC)
EVENTS = list(history(UNTIL))


def conversations() -> dict[str, list[dict]]:
    found = defaultdict(list)
    for event in EVENTS:
        found[event["conversation_id"]].append(event)
    return found


def moment(event: dict) -> datetime:
    return datetime.fromisoformat(event["at"])


def reason_of(events: list[dict]) -> str | None:
    return next((event["reason"] for event in events if event["type"] == "reading" and "reason" in event), None)


def of_type(events: list[dict], type_: str) -> list[dict]:
    return [event for event in events if event["type"] == type_]


def test_the_same_arguments_give_the_same_events():
    assert list(history(UNTIL)) == EVENTS
    assert list(history(UNTIL, seed=8)) != EVENTS


def test_every_event_is_valid():
    for event in EVENTS:
        parse(event)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        list(history(datetime(2026, 10, 7)))


@pytest.mark.parametrize("until", [UNTIL, datetime(2026, 3, 30, 2, 30, tzinfo=UTC)], ids=["weekday", "clocks-change"])
def test_times_stay_within_the_weeks(until):
    for event in history(until, weeks=2):
        assert until - timedelta(weeks=2) <= moment(event) <= until


def test_each_conversation_is_numbered_and_goes_forward():
    for name, events in conversations().items():
        assert name.startswith("demo-")
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [moment(event) for event in events] == sorted(moment(event) for event in events)
        assert events[0]["type"] == "conversation.started"
        assert (events[0]["customer_key"] or "demo-").startswith("demo-")


def test_there_is_enough_to_look_at():
    found = conversations()
    assert 220 <= len(found) <= 320
    spoken = Counter(events[0]["language"] for events in found.values())
    assert spoken["it"] > spoken["en"] > len(found) / 6
    greeted = [
        events for events in found.values() if reason_of(events) is None and not of_type(events, "handoff.offered")
    ]
    assert 5 <= len(greeted) <= 30


def test_citations_are_articles_of_the_help_centre():
    cited = [
        (event["citations"][0], events[0]["language"])
        for events in conversations().values()
        for event in of_type(events, "message.bot")
        if event["citations"]
    ]
    assert len(cited) > 100
    for citation, language in cited:
        assert citation["version"] == voices.answer(citation["article_id"], language).updated


def test_reasons_are_known_to_the_configuration():
    known = configuration().reasons
    named = {event["reason"] for event in EVENTS if "reason" in event}
    assert named <= set(known)
    assert len(named) >= 20


def test_agents_come_only_while_the_desk_is_open():
    calendar = configuration()
    taken = [event for event in EVENTS if event["type"] == "handoff.taken"]
    assert {event["agent"] for event in taken} == {"Giulia", "Marco"}
    assert all(calendar.is_open(moment(event)) for event in taken)


def test_out_of_hours_a_message_is_left_with_a_promised_time():
    calendar = configuration()
    for events in conversations().values():
        for asked in of_type(events, "handoff.requested"):
            left = of_type(events, "ticket.opened")
            assert bool(left) is not calendar.is_open(moment(asked))
            assert all(one["contact"].endswith("@posta.example") for one in left)


def test_some_give_up_waiting_and_some_are_never_answered():
    found = conversations().values()
    assert sum(bool(of_type(events, "handoff.left")) for events in found) >= 2
    lost = [events for events in found if of_type(events, "customer.left") and not answered(events)]
    assert len(lost) >= 4


def answered(events: list[dict]) -> bool:
    by_bot = any(event["kind"] == "answer" for event in of_type(events, "message.bot"))
    return by_bot or any(event["substantive"] for event in of_type(events, "message.agent"))


def test_customers_come_back_with_the_same_matter_within_a_week():
    last_answer: dict[tuple, datetime] = {}
    returns = 0
    for events in sorted(conversations().values(), key=lambda events: moment(events[0])):
        key = (events[0]["customer_key"], reason_of(events))
        if None in key:
            continue
        if key in last_answer:
            assert timedelta(0) < moment(events[0]) - last_answer[key] <= timedelta(hours=168)
            returns += 1
        last_answer[key] = moment(events[-1])
    assert returns >= 20


def test_broken_delivery_promises_come_with_the_new_courier():
    change = UNTIL - timedelta(weeks=4)
    late = [
        moment(events[0])
        for events in conversations().values()
        if reason_of(events) in ("delivery.late", "delivery.where_is_order")
    ]
    before = sum(at < change for at in late) / 2
    after = sum(at >= change for at in late) / 4
    assert after > 2 * before
    reasons = Counter(reason_of(events) for events in conversations().values() if reason_of(events))
    assert {"delivery.late", "delivery.where_is_order", "price.promo_not_applied"} == {
        name for name, _ in reasons.most_common(3)
    }


def test_answers_to_the_survey_are_partial_and_mixed():
    answers = [event for event in EVENTS if event["type"] == "survey.answered"]
    offered = [event for event in EVENTS if event["type"] == "survey.offered"]
    marks = Counter(event["csat"] for event in answers if "csat" in event)
    assert 0 < sum(marks.values()) < len(offered)
    assert marks[5] and marks[1] + marks[2]


@pytest.fixture(scope="module")
def metrics(tmp_path_factory) -> dict:
    """What the report says of the simulated weeks."""
    engine = store.open_engine(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'record.sqlite'}")
    store.migrate(engine)
    with engine.begin() as connection:
        save(connection, configuration(), UNTIL)
        store.append(connection, EVENTS)
        store.refresh(connection)
        found = report(connection, configuration(), as_of=UNTIL)["metrics"]
    engine.dispose()
    return found


def test_the_report_shows_containment_promising_more_than_was_kept(metrics):
    assert metrics["containment"]["value"] > metrics["resolution_range"]["upper"]["value"] + 0.1
    assert metrics["empty_containment"]["value"] > 0.3
    assert metrics["resolution_confirmed"]["value"] < metrics["resolution_range"]["upper"]["value"] - 0.1


def test_the_report_shows_where_contacts_come_from(metrics):
    counts = metrics["causes"]["counts"]
    assert max(counts, key=counts.get) == "delivery"
    assert metrics["failure_demand"]["value"] > 0.4
    assert metrics["promise_broken"]["numerator"] > 40
    assert metrics["contacts"]["excluded"] > 0
    assert metrics["agent_wait_s"]["wall"]["mean"] > metrics["agent_wait_s"]["business"]["mean"]
