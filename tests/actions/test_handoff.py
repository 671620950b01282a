"""Passing on to a person, in opening hours and out of them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"agents_available": 2, "queue_length": 0}, "utter_handoff"),
        ({"agents_available": 1, "queue_length": 3}, "utter_handoff_queue"),
        ({"agents_available": 0, "queue_length": 0}, "utter_handoff_busy"),
        ({"agents_available": None, "queue_length": None}, "utter_handoff_busy"),
    ],
)
async def test_in_opening_hours_the_conversation_is_handed_over_at_once(run, slots, said):
    ran = await run("action_handoff", intent="request_person", **slots)
    assert ran.said == [said]
    assert ran.custom == [{"kind": "notice", "handoff": {"why": "customer_request"}}]
    assert ran.next_action is None


async def test_accepting_an_offer_keeps_why_it_was_made(run):
    ran = await run("action_handoff", intent="affirm", awaiting="person", offer_why="fallback")
    assert ran.custom[0]["handoff"] == {"why": "fallback"}
    assert ran.expects == (None, None, 0)


async def test_a_stale_reason_of_an_offer_is_not_used(run):
    ran = await run("action_handoff", intent="request_person", awaiting="resolution", offer_why="fallback")
    assert ran.custom[0]["handoff"] == {"why": "customer_request"}


@pytest.mark.parametrize("desk_open", [False, None])
async def test_out_of_hours_a_message_is_taken_and_nothing_is_handed_over(run, desk_open):
    ran = await run("action_handoff", intent="request_person", desk_open=desk_open, contact="old@example.com")
    assert ran.said == ["utter_closed"]
    assert "handoff" not in ran.custom[0]
    assert ran.next_action == "ticket_form"
    assert (ran.slots["contact"], ran.slots["summary"]) == (None, None)


async def test_asking_again_inside_the_form_keeps_what_was_given(run):
    ran = await run("action_handoff", intent="request_person", form=True, desk_open=False, contact="a@example.com")
    assert ran.next_action == "ticket_form"
    assert ran.slots["contact"] == "a@example.com"


async def test_the_desk_opening_meanwhile_ends_the_form(run):
    ran = await run("action_handoff", intent="request_person", form=True, contact="a@example.com")
    assert ran.custom[0]["handoff"] == {"why": "customer_request"}
    assert {"event": "active_loop", "name": None, "timestamp": None} in ran.events
    assert ran.slots["contact"] is None


async def test_frustration_brings_the_offer_by_itself(run):
    ran = await run("action_offer_person", intent="insult")
    assert ran.custom == [{"kind": "notice", "offer_handoff": {"why": "rule"}}]
    assert ran.expects == ("person", "rule", 0)


async def test_declining_a_person_goes_on(run):
    ran = await run("action_decline_person", intent="deny", awaiting="person")
    assert ran.said == ["utter_go_on"]
    assert ran.slots["awaiting"] is None


@pytest.mark.parametrize(
    "words",
    ["no non voglio parlare con nessuno", "I don't want to talk to anyone", "non me la sento di sentire nessuno"],
)
async def test_whoever_refuses_people_is_not_sent_to_one(run, words):
    ran = await run("action_handoff", words, intent="request_person", desk_open=False)
    assert (ran.said, ran.next_action) == (["utter_go_on"], None)
    assert ran.custom[0]["declined"] is True


async def test_whoever_was_in_despair_keeps_the_numbers_when_refusing_people(run):
    asked = {"awaiting": "person", "offer_why": "sensitive", "desk_open": False}
    for action, words in (("action_handoff", "non voglio parlare con nessuno"), ("action_decline_person", "no")):
        assert (await run(action, words, **asked)).said == ["utter_despair_declined"]


async def test_not_wanting_a_robot_is_asking_for_a_person(run):
    assert (await run("action_handoff", "non voglio parlare con un robot", agents_available=1)).said == [
        "utter_handoff"
    ]


async def test_refusing_people_in_the_form_keeps_what_was_given(run):
    ran = await run("action_handoff", "I don't want to talk to anyone", form=True, contact="a@example.com")
    assert (ran.next_action, ran.slots["contact"]) == ("ticket_form", "a@example.com")
